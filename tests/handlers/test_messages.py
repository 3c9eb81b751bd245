"""What is said in an incident's channel and threads, through Bolt in both transports."""

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import pytest

from bot.domain.commands import Declare
from bot.domain.transcript import Message
from bot.ports import Commit, Unavailable
from tests.fakes.clock import SteppedClock
from tests.fakes.store import MemoryStore
from tests.payloads import Payload, changed, deleted, direct, event, mention, said
from tests.samples import ANA, ID
from tests.world import World

KEY = "AKIA" + "IOSFODNN7EXAMPLE"


@pytest.fixture(params=["socket_mode", "http"])
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def with_channel(world: World) -> str:
    """Declare an incident; return its channel, in which everybody is."""
    await world.desk.incidents.handle(None, Declare(ANA, "checkout is down"), "r1")
    await world.work()
    (room,) = [c for c, r in world.chat.rooms.items() if r.name.startswith("inc-")]
    world.chat.rooms[room].people |= {"UANA", "UBO"}
    return room


@pytest.fixture
async def room(world: World) -> str:
    return await with_channel(world)


async def kept(world: World, channel: str) -> Sequence[Message]:
    return await world.store.transcript(channel)


async def test_what_is_said_in_the_channel_and_its_threads_is_kept(
    world: World, mode: str, room: str
) -> None:
    told: list[Payload] = [
        {"text": "it is the &lt;database&gt; &amp; <@UBO> <https://x|knows>"},
        {"text": "in a thread", "thread_ts": "0.000000"},
        {"text": "seen by all", "thread_ts": "0.000000", "subtype": "thread_broadcast"},
        {"text": "see", "subtype": "file_share", "files": [{"name": "graph.png"}]},
        {"text": "shrugs", "subtype": "me_message", "channel_type": "group"},
    ]
    for n, more in enumerate(told):
        sent = said(channel=room, ts=f"{n}.000000", event_id=f"E{n}", **more)
        assert (await world.slack(sent, mode)).status == 200
    assert [(m.author, m.text, m.thread, m.files) for m in await kept(world, room)] == [
        ("UANA", "it is the <database> & <@UBO> https://x", "", ()),
        ("UANA", "in a thread", "0.000000", ()),
        ("UANA", "seen by all", "0.000000", ()),
        ("UANA", "see", "", ("graph.png",)),
        ("UANA", "shrugs", "", ()),
    ]
    assert await world.work() == []


APPS: list[tuple[Payload, tuple[str, str]]] = [
    ({"bot_id": "B7", "user": "UALERT", "bot_profile": {"name": "Alerts"}}, ("UALERT", "Alerts")),
    ({"bot_id": "B7", "user": None, "username": "old hook"}, ("B7", "old hook")),
    ({"bot_id": "B7", "user": None}, ("B7", "B7")),
]


@pytest.mark.parametrize(("who", "named"), APPS)
async def test_what_other_apps_say_is_kept_with_what_stands_beside_the_text(
    world: World, mode: str, room: str, who: Payload, named: tuple[str, str]
) -> None:
    shown: Payload = {
        "subtype": "bot_message",
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": "[FIRING] disk"}},
            {"type": "actions", "elements": [{"type": "button", "text": {"text": "Silence"}}]},
        ],
        "attachments": [{"title": "disk", "fields": [{"title": "host", "value": "db-1"}]}],
    }
    await world.slack(said("[FIRING] disk is full", channel=room, **shown, **who), mode)
    (message,) = await kept(world, room)
    assert (message.author, message.app) == named
    assert message.text == "[FIRING] disk is full\nhost\ndb-1"


@pytest.mark.parametrize(
    "not_said",
    [
        said("our own card", bot_id="BBOT", user="UBOT"),
        said("joined", subtype="channel_join"),
        said("set the topic", subtype="channel_topic"),
        said("", subtype="message_replied", message={"ts": "1.1"}),
        changed(said("our card, edited", bot_id="BBOT", user="UBOT")),
        deleted(said("our card", bot_id="BBOT", user="UBOT")),
        deleted(said("our card", bot_id="BBOT", user=None)),
        deleted(said("This message was deleted.", by="USLACKBOT", subtype="tombstone")),
        said("hello", subtype="unheard_of"),
    ],
)
async def test_what_the_bot_or_slack_itself_says_is_not_kept(
    world: World, mode: str, room: str, not_said: Payload
) -> None:
    not_said["event"]["channel"] = room
    assert (await world.slack(not_said, mode)).status == 200
    assert await kept(world, room) == []
    assert await world.work() == []


async def test_what_is_said_elsewhere_is_nobodys_business(world: World, mode: str) -> None:
    await with_channel(world)
    sent = said(f"key {KEY}", channel="CGENERAL", channel_type="channel")
    assert (await world.slack(sent, mode)).status == 200
    assert await kept(world, "CGENERAL") == []
    assert await world.work() == []


async def test_the_thread_of_a_message_that_was_declared_from_is_kept(
    world: World, mode: str
) -> None:
    await world.store.commit(Commit(claims={("thread", "CGENERAL/1.000000"): ID}))
    for ts, thread in [("1.000000", None), ("2.000000", "1.000000"), ("3.000000", "2.500000")]:
        sent = said("x", channel="CGENERAL", ts=ts, thread_ts=thread, event_id=ts)
        await world.slack(sent, mode)
    assert [m.ts for m in await kept(world, "CGENERAL")] == ["1.000000", "2.000000"]


def news(room: str) -> dict[str, Payload]:
    first = said("it brok", channel=room, thread_ts="1.1")
    edited = said("it broke", channel=room, thread_ts="1.1", edited={"ts": "6.6"})
    return {"first": first, "edit": changed(edited), "gone": deleted(edited)}


@pytest.mark.parametrize("order", [*permutations(["first", "edit"])])
async def test_the_last_edit_counts_whatever_comes_first(
    world: World, mode: str, room: str, order: Sequence[str]
) -> None:
    for name in (*order, *order):
        await world.slack(news(room)[name], mode)
    (message,) = await kept(world, room)
    assert (message.text, message.edited, message.thread) == ("it broke", "6.6", "1.1")


@pytest.mark.parametrize("order", [*permutations(["first", "edit", "gone"]), ["gone"]])
async def test_a_deletion_leaves_who_and_when_whatever_comes_first(
    world: World, mode: str, room: str, order: Sequence[str]
) -> None:
    for name in order:
        await world.slack(news(room)[name], mode)
    (message,) = await kept(world, room)
    assert (message.text, message.author, message.deleted) == ("", "UANA", "9.9")
    assert (message.ts, message.thread) == ("5.5", "1.1")


async def test_a_thread_that_stays_without_its_first_message_has_lost_it(
    world: World, mode: str, room: str
) -> None:
    first = said("secret plans", channel=room)
    stone = said("This message was deleted.", channel=room, by="USLACKBOT", subtype="tombstone")
    await world.slack(first, mode)
    await world.slack(changed(stone, previous_message=first["event"]), mode)
    (message,) = await kept(world, room)
    assert (message.text, message.author, message.deleted) == ("", "UANA", "8.8")


async def test_a_secret_is_not_kept_and_who_pasted_it_is_told_once(
    world: World, mode: str, room: str
) -> None:
    pasted = said(f"try {KEY}", channel=room, thread_ts="1.1")
    for payload in (pasted, pasted, said(f"try {KEY}", channel=room, event_id="again")):
        await world.slack(payload, mode)
    (message,) = await kept(world, room)
    assert message.text == "try [redacted: AWS key]"
    (told,) = await world.work()
    assert told.startswith(f"to UANA: What you posted in <#{room}> seems to hold a secret (AWS ")
    assert "*rotate it now*" in told
    edited = said(f"please try {KEY}", channel=room, edited={"ts": "6.6"})
    await world.slack(changed(edited), mode)
    assert await world.work() == []
    worse = said(f"please try {KEY} password=hunter2", channel=room, edited={"ts": "7.7"})
    await world.slack(changed(worse, event_id="EvW"), mode)
    (told,) = await world.work()
    assert "(secret)" in told


async def test_who_is_not_in_the_channel_any_more_is_told_directly(
    world: World, mode: str, room: str
) -> None:
    world.chat.rooms[room].people.discard("UANA")
    await world.slack(said(f"try {KEY}", channel=room), mode)
    assert [line[:16] for line in await world.work()] == ["to UANA: What yo"]


async def test_a_secret_in_the_name_of_a_file_or_of_an_app_is_not_kept(
    world: World, mode: str, room: str
) -> None:
    file: Payload = {
        "subtype": "file_share",
        "files": [{"name": f"{KEY}.csv"}, {"mode": "tombstone"}],
    }
    await world.slack(said("see", channel=room, **file), mode)
    app: Payload = {"bot_id": "B7", "user": None, "ts": "6.6", "event_id": "E6"}
    await world.slack(said(f"key {KEY}", channel=room, **app), mode)
    named, alert = await kept(world, room)
    assert named.files == ("[redacted: AWS key].csv",)
    assert alert.text == "key [redacted: AWS key]"
    assert len(await world.work()) == 1  # an app reads no answers


async def test_a_mention_is_kept_and_answered_once(world: World, mode: str, room: str) -> None:
    asked = mention("list")
    asked["event"] |= {"channel": room, "ts": "5.5"}
    await world.slack(asked, mode)
    await world.slack(said("<@UBOT> list", channel=room), mode)
    assert [m.text for m in await kept(world, room)] == ["<@UBOT> list"]
    assert len([line for line in await world.work() if line.startswith("to UANA")]) == 1


async def test_what_is_said_to_the_bot_directly_is_answered_and_not_kept(
    world: World, mode: str
) -> None:
    await world.slack(direct("list"), mode)
    assert await kept(world, "DUANA") == []
    assert len(await world.work()) == 1


class Broken(MemoryStore):
    """Fails once the incident is there, in one of two ways."""

    trouble: Exception | None = None

    async def owner(self, kind: str, key: str) -> Any:
        if self.trouble:
            raise self.trouble
        return await super().owner(kind, key)


@pytest.mark.parametrize("trouble", [Unavailable("away"), KeyError("a bug")])
async def test_what_could_not_be_kept_is_sent_again_and_bothers_nobody(
    mode: str, trouble: Exception
) -> None:
    store = Broken(SteppedClock())
    world = World(store)
    room = await with_channel(world)
    store.trouble = trouble
    sent = said("it is the database", channel=room)
    assert (await world.slack(sent, mode)).status == 500
    store.trouble = None
    assert await world.work() == []
    assert (await world.slack(sent, mode)).status == 200
    assert [m.text for m in await kept(world, room)] == ["it is the database"]


@pytest.mark.parametrize(
    "text", ["", "x" * 40_000, "<!channel> &amp;&lt;", "🔥" * 60, "الدفع معطل", "a\nb\tc\0"]
)
async def test_anything_can_be_said(world: World, mode: str, room: str, text: str) -> None:
    assert (await world.slack(said(text, channel=room), mode)).status == 200
    assert len(await kept(world, room)) == 1


async def test_a_message_without_any_text_is_no_mistake(
    world: World, mode: str, room: str
) -> None:
    bare = event("E1", type="message", channel=room, channel_type="channel", user="UBO", ts="1.1")
    for payload in (bare, deleted(bare) | {"event_id": "E2"}):
        payload["event"].pop("previous_message", None)
        assert (await world.slack(payload, mode)).status == 200
    (message,) = await kept(world, room)
    assert (message.author, message.deleted) == ("UBO", "9.9")
