"""What each verb does when it is typed in an incident's channel, and what it answers."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.commands import Declare
from bot.domain.incident import Incident
from handlers.verbs import ALIASES, PLANNED, VERBS
from tests.payloads import command, direct, mention
from tests.samples import ANA, ID
from tests.world import World

CRASH = "That was my mistake"


async def room(world: World, title: str = "checkout is down") -> str:
    """Declare an incident and return its channel."""
    made = await world.desk.incidents.handle(None, Declare(ANA, title), f"r-{title}")
    await world.work()
    return (await world.desk.incidents.current(made.id)).channel or ""


async def told(world: World, text: str, channel: str, *, by: str = "UANA", n: int = 0) -> str:
    response = await world.slack(
        command(text, by=by, channel=channel, trigger=f"{n}/{hash(text)}/{by}")
    )
    answer: dict[str, Any] = json.loads(response.body)
    assert CRASH not in answer["text"], text
    return str(answer["text"])


async def now(world: World) -> Incident:
    return await world.desk.incidents.current(ID)


OPEN = "Open questions: when the impact started"
SAID = [
    (["status monitoring the cache refills"], f"*{ID}* · severity undecided · monitoring"),
    (["status monitoring it refills"], "Because: it refills\nNext: `/incident resolve`"),
    (["status mitigating"], "Next: `/incident status monitoring`"),
    (["status merged"], "Say which it is merged into"),
    (["status fine"], "`fine` is no status. It is one of: detected, triaging, investigating"),
    (["severity P1 as users cannot pay"], "I do not understand `as users cannot pay`"),
    (["triage P0 checkout, payments: it fails"], "Services: checkout, payments\nImpact: it fails"),
    (["triage P0 checkout, payments: it fails"], f"*{ID}* · P0 critical · investigating"),
    (["triage it fails"], "Impact: it fails\nTaken by <@UANA>. Next:"),
    (["triage"], "Say it in one line: `/incident triage [SEVERITY]"),
    (["role"], "commander <@UANA>"),
    (["role commander <@UBO|bo> it is full"], "<@UBO> was asked by direct message to be comm"),
    (["lead <@UBO|bo>", "role"], "<@UBO> was asked to be commander and has not answered"),
    (["handover <@UBO> scribe is eve"], "to be commander of INC"),
    (["assign <@UEVE> as scribe"], "<@UEVE> is scribe of INC"),
    (["role scribe me"], "<@UANA> is scribe of INC"),
    (["commander me"], "<@UANA> is commander of INC"),
    (["role <@UBO>"], "Which role? It is one of: commander, communications, scribe, responder"),
    (["role scribe bo"], "`bo` is nobody I know: name them with an @"),
    (["role accept scribe"], "Nobody waits for you to become scribe"),
    (["role decline"], "No offer of yours to be commander"),
    (["role commander <@UBO>", "role decline"], "Nobody waits any more for an answer"),
    (
        ["update still looking"],
        f"Everybody who follows {ID} is told. The next update is promised for <",
    ),
    (["update still looking"], "2026-01-15 12:30 UTC"),
    (["update still looking, next in 10m"], f"Everybody who follows {ID} is told. The next"),
    (["update still looking, next in 10m"], "2026-01-15 12:10 UTC"),
    (["update x, next in 0m"], "Nothing was told: `next in 0m` is no time I can promise"),
    (["update x, next in -5m"], "`next in -5m` is no time"),
    (["update x (next update in 8d)"], "It is 1 minute to 7 days: `next in 30m`"),
    (["update x, next in 3 weeks."], "`next in 3 weeks.` is no time"),
    (["update x, next in 10"], "`next in 10` is no time"),
    (["update fixed in the next 3 weeks"], "is told. The next"),
    (["update"], "Say it in one line: `/incident update TEXT"),
    (["timeline"], f"Timeline of {ID}: 2 entries."),
    (["timeline page 2"], f"There is no page 2 in the timeline of {ID}: it has 2 entries"),
    (["timeline page 2 is slow"], "UTC>: page 2 is slow"),
    (["timeline 11:50 the cache was &lt;full&gt;"], "2026-01-15 11:50 UTC> (read as 11:50 UTC):"),
    (["timeline 11:50 the cache was &lt;full&gt;"], "UTC): the cache was &lt;full&gt;"),
    (["note 10m ago: ask <@UBO|bo>"], "(read as 11:50 UTC): ask @bo"),
    (["event all quiet"], "2026-01-15 12:00 UTC>: all quiet"),
    (["timeline 14:05 x"], "is read as 2026-01-15 14:05 UTC, and that has not come yet"),
    (["timeline 25:99 x"], "Nothing was done: `25:99` is no time. Say it as `14:05`"),
    (["timeline 11:50"], "What happened?"),
    (["note a", "note b", "timeline edit 2 11:59 c"], "11:59 UTC> (read as 11:59 UTC): c"),
    (["note a", "timeline edit 1"], "Say it in one line: `/incident timeline edit NUMBER 14:05"),
    (["note a", "timeline remove 1"], f"Entry 1 is not in the timeline of {ID} any more"),
    (["timeline edit"], "Nothing was done: `edit` does not say which one. `/incident timeline"),
    (["timeline remove foo"], "put in as they are: `/incident timeline add remove foo`."),
    (["timeline remove the last one"], "`remove the last one` does not say which one"),
    (["timeline 3"], "`3` does not say which one"),
    (["timeline remove"], "`remove` does not say which one"),
    (["timeline add remove foo"], "UTC>: remove foo"),
    (["timeline drop in traffic"], "UTC>: drop in traffic"),
    (["timeline remove 4"], "has no timeline entry 4"),
    (["timeline set mitigated 11:59"], f"{ID}: mitigated <!date^1768478340"),
    (["timeline set impact started unknown"], "impact started at a time that nobody knows"),
    (["timeline set mitigated when"], "`when` is no time. When was it?"),
    (["action"], f"To do for {ID}: 0, done: 0."),
    (["action alert <@UBO|bo> due friday !high"], "*1* alert · <@UBO> · due 2026-01-16 · high"),
    (["todo alert on it"], "*1* alert on it · nobody's yet\n"),
    (["action add"], "Say it in one line: `/incident action edit"),
    (["todo x", "action done 1"], f"Done: {ID} *1* x"),
    (["todo x", "action done 1", "action reopen 1"], "*1* x · nobody's yet\n`/incident action d"),
    (["todo x", "action edit 1 owner me"], "*1* x · <@UANA>"),
    (["todo x <@UBO>", "action edit 1 y due in 3 days"], "*1* y · <@UBO> · due 2026-01-18"),
    (["todo x", "action drop 1"], f"Action item 1 of {ID} need not be done any more."),
    (["action done foo"], "Nothing was done: `done foo` does not say which one. `/incident act"),
    (["action done with <@UBO|bo>"], "`/incident action add done with @bo`."),
    (["todo x", "action 1"], "`1` does not say which one"),
    (["action edit item 1"], "`edit item 1` does not say which one"),
    (["action add done foo"], "*1* done foo · nobody's yet"),
    (["action remove the flag"], "*1* remove the flag"),
    (["todo x due yesterday"], "`yesterday` has gone by: today is 2026-01-15. Until when?"),
    (["todo x", "action edit 1 due 2020-01-01"], "`2020-01-01` has gone by"),
    (["action done 7"], "has no action item 7"),
    (["action done"], "Which one? `/incident action done 2`"),
    (["subscribe"], f"I keep you told of {ID}"),
    (["subscribe", "unsubscribe"], "I no longer tell you"),
    (["resolve now"], f"{OPEN}, when the impact ended, whether data was lost, the cause, the imm"),
    (["resolve now cause: a, fix: b permanent: c. data loss: no impact ended: 11:59"], OPEN + "."),
    (["resolve cause: x", "resolve fix: y"], "ended, whether data was lost, the permanent fix."),
    (["resolve fixed the db"], "I do not understand `fixed the db`"),
    (["resolve data loss: maybe"], "data loss is `yes`, `no` or `unknown`, not `maybe`"),
    (["resolve impact ended: soon"], "`soon` is no time."),
    (["todo x", "resolve now"], f"1 to do: `/incident action {ID}`."),
    (["resolve"], "Say it in one line: `/incident resolve now`"),
    (["decline"], "Say it in one line: `/incident decline REASON`"),
    (["decline a load test"], "declined · checkout is down\nBecause: a load test"),
    (["merge"], f"No other incident is open that {ID} could be merged into."),
    ([f"merge {ID}"], "cannot be merged into itself"),
    (["merge INC-20260115-009"], "I know no such incident."),
    (["merge payments"], "I do not understand `payments`"),
    (["help timeline"], "`/incident timeline set mitigated 10m ago`"),
    (["help rollback"], "From 0.2 on it will plan a rollback"),
    (["investigate"], "will gather evidence"),
    (["fix"], "`/incident status mitigating`"),
]


@pytest.mark.parametrize(("texts", "words"), SAID, ids=[" / ".join(s[0])[:60] for s in SAID])
async def test_what_is_said_is_answered(world: World, texts: list[str], words: str) -> None:
    channel = await room(world)
    answers = [await told(world, text, channel, n=n) for n, text in enumerate(texts)]
    assert words in answers[-1]


EVERY_WORD = sorted({*VERBS, *PLANNED, *ALIASES})
PIECES = [
    *("INC-20260115-001", "INC-20260115-009", "P1", "now", "me", "<@UBO|bo>", "<@UEVE>"),
    *("scribe", "commander", "accept", "decline", "1", "#1", "add", "edit", "remove", "done"),
    *("drop", "set", "mitigated", "impact", "started", "unknown", "11:59", "25:61", "23:59"),
    *("10m ago", "due", "friday", "in 3 days", "!high", "next in 30m", "cause:", "fix:", "yes"),
    *("data loss:", "into", "monitoring", "merged", "closed", "checkout,", "payments:", "\n"),
    *("\t", "\u2003", "\u00a0", "&lt;!channel&gt;", "&amp;", "`", "🔥", "التشلوم", "", "-", ":"),
    *("2026-01-15 11:00", "2026-99-99"),
]
TEXTS = st.lists(
    st.one_of(st.sampled_from(EVERY_WORD), st.sampled_from(PIECES), st.text(max_size=12)),
    max_size=7,
).map(" ".join)
STEADY = settings(max_examples=60, deadline=None)


@STEADY
@given(texts=st.lists(st.tuples(st.sampled_from(EVERY_WORD), TEXTS), min_size=1, max_size=4))
async def test_nothing_that_is_typed_is_met_with_silence(texts: list[tuple[str, str]]) -> None:
    world = World()
    channel = await room(world)
    for n, (word, rest) in enumerate(texts):
        text = f"{word} {rest}"
        assert await told(world, text, channel, n=n)
        assert await told(world, text, "CGENERAL", by="UBO", n=n)
        for kind, payload in (("m", mention), ("d", direct)):
            world.clock.advance(1)
            sent = payload(text, event_id=f"{kind}{n}")
            assert (await world.slack(sent)).status == 200
            said = [line for line in await world.work() if line.startswith("to UANA")]
            assert said, text
            assert CRASH not in str(said), text


@pytest.mark.parametrize("verb", [*VERBS, *PLANNED])
@pytest.mark.parametrize(
    "text",
    ["", "x" * 10_000, "&amp;" * 3000, "👩‍🚒" * 900, "a\nb"],
    ids=["nothing", "long", "escapes", "emoji", "lines"],
)
async def test_every_verb_takes_or_refuses_any_words(world: World, verb: str, text: str) -> None:
    channel = await room(world)
    assert await told(world, f"{verb} {text}", channel)
    assert await told(world, f"{verb} {ID} {text}", "CGENERAL")
