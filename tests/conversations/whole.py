"""Is everything there, and once? Every surface is held against the facts in the store."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from bot.__main__ import Outside, assemble
from bot.adapters.clock import SystemClock
from bot.domain.authority import BOT
from bot.domain.facts import Announced, ChannelOpened, Fact, JobBuried, OutcomeUnknown, Stamp
from bot.domain.incident import Incident, replay
from bot.domain.jobs import Job, Kind
from bot.domain.transcript import Message, fit_to_keep
from bot.ports import Store
from bot.reading import plain
from bot.render import Wording
from bot.settings import ConfiguredRules
from bot.usecases.effects import Draw
from tests.conversations import kept
from tests.conversations.stage import Json, Stage
from tests.fakes.chat import FakeChat, Room
from tests.fakes.outside import FakeNotifier, FakeTelemetry

PEOPLE = ("UANA", "UBO", "UCY", "USUE", "UEVE")
Pictures = Mapping[str, list[str]]
PARTS = ("fields", "elements", "accessory", "text")
F = TypeVar("F", bound=Fact)


@dataclass(frozen=True)
class Seen:
    """The facts, and what the workspace shows."""

    facts: kept.Told
    channels: Mapping[str, Json]
    messages: Mapping[str, list[Json]]
    whispers: Counter[tuple[str, str, str]]
    transcripts: Mapping[str, Mapping[str, Message]]
    pictures: Mapping[str, Pictures]

    @property
    def incidents(self) -> dict[str, Incident]:
        return {id: replay(id, facts) for id, facts in self.facts.items()}


async def look(stage: Stage) -> Seen:
    """Look at everything there is."""
    channels = {c["id"]: c for c in (await stage.get("state"))["channels"]}
    messages = {id: await stage.get("messages", channel=id) for id in channels}
    whispers = Counter[tuple[str, str, str]]()
    for id, channel in channels.items():
        for person in set(PEOPLE) & set(channel["members"]):
            said = await stage.get("messages", channel=id, user=person)
            whispers.update((id, person, m["text"]) for m in said if m["ephemeral"])
    rooms = {id for id, channel in channels.items() if channel["name"].startswith("inc-")}
    facts = await kept.facts(stage)
    incidents = [replay(id, told) for id, told in facts.items()]
    async with kept.opened(stage) as store:
        transcripts = {id: {m.ts: m for m in await store.transcript(id)} for id in rooms}
        pictures = {i.id: await drawn_now(stage, store, i) for i in incidents}
    return Seen(facts, channels, messages, whispers, transcripts, pictures)


async def drawn_now(stage: Stage, store: Store, incident: Incident) -> Pictures:
    """Return what the bot itself would show of an incident now, had it shown nothing yet."""
    chat, rules = FakeChat(), ConfiguredRules(stage.folder / "incident.yml")
    places = {incident.room, rules.policy().announcements} - {None}
    chat.rooms = {str(place): Room(str(place)) for place in places}
    clock = SystemClock()
    outside = Outside(store, chat, FakeNotifier(), rules, clock, FakeTelemetry())
    paid = assemble(outside, Wording()).worker._payer._effects
    unshown = replace(incident, card=None, announcement=None)
    for kind in (Kind.CARD, Kind.ANNOUNCEMENT, Kind.TOPIC):
        effect, job = paid[kind], Job(kind, kind, incident.id, kind, clock.now())
        assert isinstance(effect, Draw)
        await effect.draw(job, unshown, Stamp(clock.now(), clock.now(), BOT.person))
    posts = {m.job: w for room in chat.rooms.values() for m, w in room.posts.values()}
    topics = [room.topic for room in chat.rooms.values() if room.topic]
    return {job: words(shown) for job, shown in posts.items()} | {"topic": topics}


def words(shown: Any) -> list[str]:
    """Return every text in a message, in its order."""
    if isinstance(shown, list):
        return [text for part in shown for text in words(part)]
    if not isinstance(shown, Mapping):
        return []
    own = [shown["text"]] if isinstance(shown.get("text"), str) else []
    return [*own, *words([shown.get(name) for name in ("blocks", *PARTS)])]


def wrong(seen: Seen, *, announcements: str = "CINCIDENTS") -> Iterator[str]:
    """Yield what is doubled or missing, in words."""
    yield from doubled(seen)
    yield from strange(seen)
    for incident in seen.incidents.values():
        for problem in missing(seen, incident, announcements):
            yield f"{incident.id}: {problem}"


def whispered_twice(seen: Seen) -> Iterator[str]:
    """Yield the answers that somebody got twice; nobody can look whether one was given."""
    yield from (f"told twice: {heard}" for heard, count in seen.whispers.items() if count > 1)


def mark(message: Json) -> tuple[str, str] | None:
    """Return which incident and which job a post of the bot's is of."""
    payload = (message["metadata"] or {}).get("event_payload")
    return (payload["incident"], payload["job"]) if payload else None


def doubled(seen: Seen) -> Iterator[str]:
    """Yield what stands there more than once."""
    marks = Counter(found for said in seen.messages.values() for m in said if (found := mark(m)))
    yield from (f"posted {n} times: {job}" for (_, job), n in marks.items() if n > 1)
    for channel in seen.channels.values():
        links = Counter(bookmark["title"] for bookmark in channel["bookmarks"])
        yield from (f"bookmark {n} times: {title}" for title, n in links.items() if n > 1)


def strange(seen: Seen) -> Iterator[str]:
    """Yield what no fact knows of: channels, and posts without a mark."""
    opened = Counter(fact.channel for fact in every(seen, ChannelOpened))
    yield from (f"opened {n} times: {channel}" for channel, n in opened.items() if n > 1)
    for id, channel in seen.channels.items():
        if channel["name"].startswith("inc-") and id not in opened:
            yield f"nobody knows of #{channel['name']}"
    for said in seen.messages.values():
        yield from (f"without a mark: {m['text']}" for m in said if ours(m) and not mark(m))


def ours(message: Json) -> bool:
    """Say whether the bot said it; what Slack notes about the bot's doings is not said."""
    return bool(message["bot_id"]) and message["subtype"] in {None, "bot_message"}


def every(seen: Seen, kind: type[F]) -> list[F]:
    return [fact for facts in seen.facts.values() for fact in facts if isinstance(fact, kind)]


def missing(seen: Seen, incident: Incident, announcements: str) -> Iterator[str]:
    """Yield what an incident should have, and does not."""
    facts = seen.facts[incident.id]
    given_up = [fact.job for fact in facts if isinstance(fact, JobBuried | OutcomeUnknown)]
    if given_up:
        yield f"given up: {given_up}"
    if incident.room is None:
        yield "no room"
    elif incident.channel:
        yield from _furnished(seen, incident)
    if incident.audience is None and announcements:
        yield from _announced(seen, incident, facts)


def _furnished(seen: Seen, incident: Incident) -> Iterator[str]:
    channel, said = seen.channels[incident.channel or ""], seen.messages[incident.channel or ""]
    pictures = seen.pictures[incident.id]
    cards = [m for m in said if m["ts"] == incident.card]
    if not cards:
        yield "no card"
    elif (says := words(cards[0])) != pictures["card"]:
        yield f"the card says {says}"
    if channel["pins"].count(incident.card) != 1:
        yield f"pinned: {channel['pins']}"
    if [channel["topic"]] != pictures["topic"]:
        yield f"the topic is {channel['topic']}"
    if incident.id not in channel["purpose"]:
        yield f"the purpose is {channel['purpose']}"
    yield from _transcribed(seen.messages[channel["id"]], seen.transcripts[channel["id"]])
    carrying = {incident.commander, incident.acknowledged_by} & incident.people
    if away := carrying - set(channel["members"]):
        yield f"not in the channel: {away}"


def _transcribed(said: list[Json], held: Mapping[str, Message]) -> Iterator[str]:
    """Yield where the transcript differs from what people see in the channel."""
    by_people = {m["ts"]: m for m in said if not m["bot_id"] and m["subtype"] is None}
    for ts, message in by_people.items():
        noted = held.get(ts)
        fit, _ = fit_to_keep(Message("", ts, message["user"], plain(message["text"])))
        if noted is None or (noted.author, noted.text) != (fit.author, fit.text):
            yield f"not in the transcript: {message['text']}, but {noted}"
    for ts, told in held.items():
        if ts not in by_people and not told.app and (told.text or not told.deleted):
            yield f"deleted, but in the transcript: {told.text}"


def _announced(seen: Seen, incident: Incident, facts: list[Fact]) -> Iterator[str]:
    told = [fact for fact in facts if isinstance(fact, Announced)]
    if len(told) != 1:
        yield f"announced {len(told)} times"
        return
    shown = [words(m) for m in seen.messages[told[0].channel] if m["ts"] == told[0].ts]
    if shown != [seen.pictures[incident.id]["announcement"]]:
        yield f"the announcement says {shown}"
