"""Through Bolt itself, in both transports: a payload in, a commit, an answer out."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt.async_app import AsyncBoltRequest

from bot.domain.commands import Acknowledge, ChangeStatus, Declare
from bot.domain.status import Status
from bot.ports import Commit, Lease, Unavailable
from handlers.errors import said
from tests import payloads
from tests.fakes.clock import SteppedClock
from tests.fakes.store import MemoryStore
from tests.payloads import Payload, click, command, direct, home_click, joined, mention, view
from tests.samples import ANA, BO, ID
from tests.world import World, signed

CRASH = "That was my mistake, not yours"
UNKNOWN = "I know no such incident. `/incident list` shows those you can see."


@pytest.fixture(params=["socket_mode", "http"])
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def said_in(body: str) -> str:
    """Return the words of an acknowledgement, whatever its shape."""
    answer: dict[str, Any] = json.loads(body)
    if errors := answer.get("errors"):
        return str(next(iter(errors.values())))
    return str(answer.get("text") or answer["view"]["blocks"][0]["text"]["text"])


async def heard(world: World, payload: Payload, mode: str = "socket_mode") -> tuple[int, str]:
    """Send a payload; return the status and what the person gets to read."""
    response = await world.slack(payload, mode)
    told = [line.partition(": ")[2] for line in await world.work() if line.startswith("to ")]
    return response.status, said_in(response.body) if response.body else "".join(told[-1:])


async def declared(world: World, text: str = "checkout is down", **more: Any) -> str:
    made = await world.desk.incidents.handle(None, Declare(ANA, text, **more), f"r-{text}")
    return made.id


# One of each kind of payload, and who hears of a refusal in which words.
REFUSED = [
    pytest.param(command("severity nine"), "`nine` is no severity.", id="command"),
    pytest.param(view("  "), "What is wrong?", id="view"),
    pytest.param(click("INC-1"), UNKNOWN, id="click"),
    pytest.param(home_click("INC-1"), UNKNOWN, id="home"),
    pytest.param(payloads.message_shortcut("x"), "The form could not be opened.", id="message"),
    pytest.param(payloads.shortcut(), "The form could not be opened.", id="global"),
    pytest.param(mention("ack please"), "I do not understand `please`", id="mention"),
    pytest.param(direct("severity nine"), "`nine` is no severity.", id="direct"),
]


@pytest.mark.parametrize(("payload", "words"), REFUSED)
async def test_a_refusal_is_said_in_words(
    world: World, mode: str, payload: Payload, words: str
) -> None:
    await declared(world)
    for person in ("UANA", "UBO"):
        world.chat.rooms["CGENERAL"].people.add(person)
    status, told = await heard(world, payload, mode)
    assert status == 200
    assert words in told


class BrokenStore(MemoryStore):
    """Cannot look anything up, which is a bug, but still takes commits."""

    async def owner(self, kind: str, key: str) -> str | None:
        raise KeyError(kind)

    async def feed(self, after: int = 0) -> Any:
        raise KeyError("feed")


CRASHING = [
    pytest.param(command("declare checkout is down"), 200, id="command"),
    pytest.param(view("checkout is down"), 200, id="view"),
    pytest.param(click("INC-1"), 200, id="click"),
    pytest.param(home_click("INC-1"), 200, id="home"),
    pytest.param(payloads.message_shortcut("x") | {"message": 1}, 200, id="message shortcut"),
    pytest.param(payloads.shortcut() | {"message": 1}, 200, id="global shortcut"),
    pytest.param(mention("declare checkout is down"), 500, id="mention"),  # Slack sends it again
    pytest.param(direct("ls"), 500, id="direct"),
    pytest.param(joined("C1"), 500, id="joined"),
]


@pytest.mark.parametrize(("payload", "status"), CRASHING)
async def test_a_crash_is_owned_up_to_with_a_reference_that_is_in_the_log(
    mode: str, payload: Payload, status: int, logged: Any
) -> None:
    world = World(BrokenStore(SteppedClock()))
    answered, told = await heard(world, payload, mode)
    assert answered == status
    assert told.startswith(CRASH)
    reference = told.split("reference is `")[1].partition("`")[0]
    lines = [json.loads(line) for line in logged.getvalue().splitlines()]
    assert [line["level"] for line in lines if line.get("reference") == reference] == ["error"]


async def test_an_event_that_crashes_again_is_answered_once(mode: str) -> None:
    world = World(BrokenStore(SteppedClock()))
    answers = [await heard(world, mention("list"), mode) for _ in range(3)]
    assert [status for status, _ in answers] == [500] * 3
    assert [bool(told) for _, told in answers] == [True, False, False]


async def test_a_home_that_cannot_be_owed_is_sent_again(mode: str) -> None:
    class NoHead(MemoryStore):
        async def head(self) -> Any:
            raise KeyError("head")

    status, told = await heard(World(NoHead(SteppedClock())), payloads.home_opened(), mode)
    assert (status, told.startswith(CRASH)) == (500, True)


class ReadOnlyStore(MemoryStore):
    """Has turned read-only."""

    async def commit(self, commit: Commit) -> int:
        raise Unavailable("the disk is full")


@pytest.mark.parametrize(
    ("payload", "status"),
    [
        (command("declare checkout is down"), 200),
        (view("checkout is down"), 200),
        (click("INC-1", action="declare_text"), 500),  # no answer can be kept: Slack warns
        (mention("declare checkout is down"), 500),
    ],
)
async def test_nothing_saved_is_never_silent(mode: str, payload: Payload, status: int) -> None:
    response = await World(ReadOnlyStore(SteppedClock())).slack(payload, mode)
    assert response.status == status
    if status == 200:
        assert said_in(response.body).startswith("Nothing was saved: the disk is full")


class WatchedStore(MemoryStore):
    """Sees what has been acknowledged by the time it commits."""

    acknowledged: Callable[[], bool] = bool

    async def commit(self, commit: Commit) -> int:
        assert not self.acknowledged()
        return await super().commit(commit)


@pytest.mark.parametrize(
    "payload",
    [
        command("declare x"),
        view("x"),
        click(ID),
        home_click(ID),
        click("x is down", action="declare_text"),
        mention("declare x"),
        direct("declare x"),
        joined("C9"),
        payloads.home_opened(),
    ],
)
async def test_nothing_is_acknowledged_before_its_commit(payload: Payload, mode: str) -> None:
    store = WatchedStore(SteppedClock())
    world = World(store)
    await declared(world)
    await store.commit(Commit(claims={("channel", "C9"): ID}))
    committed = store.index.head.position
    raw = AsyncBoltRequest(mode=mode, body=payload) if mode == "socket_mode" else signed(payload)
    store.acknowledged = lambda: raw.context.ack.response is not None
    assert (await world.app.async_dispatch(raw)).status == 200
    assert store.index.head.position > committed


async def test_a_command_is_answered_in_its_acknowledgement(world: World, mode: str) -> None:
    response = await world.slack(command("declare checkout &amp; &lt;carts&gt;"), mode)
    answer = json.loads(response.body)
    assert answer["response_type"] == "ephemeral"
    assert answer["text"].startswith(
        f"*{ID}* · severity undecided · detected · checkout &amp; &lt;carts&gt;\nDeclared;"
    )
    assert world.chat.said == []


async def test_a_form_closes_once_the_incident_is_kept_and_its_sender_is_told(
    world: World, mode: str
) -> None:
    sent = view("checkout is down", severity="P1", private=True)
    response = await world.slack(sent, mode)
    assert (response.status, response.body) == (200, "")
    made = await world.desk.incidents.current(ID)
    assert (made.title, made.severity, made.audience) == ("checkout is down", "P1", ("security",))
    assert (await world.work())[0].startswith(f"to UANA: *{ID}* · P1 high")


async def test_the_same_payload_again_changes_nothing_and_says_the_same(
    world: World, mode: str
) -> None:
    target = await declared(world)
    await world.work()
    for payload in (
        command("declare again"),
        view("by form"),
        click(target),
        click("by button", action="declare_text", action_ts="2.2"),
        mention("declare by mention"),
        direct("declare by direct message"),
        joined("C3"),
        payloads.home_opened(),
    ):
        first = await world.slack(payload, mode)
        await world.work(60)
        head = await world.store.head()
        again = await world.slack(payload, mode)
        assert (again.status, again.body[:70]) == (first.status, first.body[:70])
        said_again = await world.work(60)
        assert [line for line in said_again if not line.startswith("home")] == []
        facts = await world.store.feed(head.position)
        assert facts == []


async def test_a_double_click_is_one_acknowledgement(world: World, mode: str) -> None:
    target = await declared(world)
    for ts in ("1.1", "1.2"):
        assert (await world.slack(click(target, action_ts=ts), mode)).status == 200
    kinds = [type(fact).__name__ for fact in await world.store.history(target)]
    assert kinds == ["Declared", "Acknowledged"]


async def test_in_the_incidents_channel_no_id_is_needed(world: World, mode: str) -> None:
    await declared(world)
    await world.work()
    (room,) = [c for c, r in world.chat.rooms.items() if r.name.startswith("inc-")]
    for n, (text, expected) in enumerate(
        [
            ("ack", "taken by <@UBO>"),
            ("sev P0", "P0 critical"),
            ("status", "P0 critical · detected"),
            ("resolve now", "resolved"),
            ("reopen", "investigating"),
            ("close", "closed"),
        ]
    ):
        sent = command(text, by="UBO", channel=room, trigger=f"t-{n}")
        status, told = await heard(world, sent, mode)
        assert (status, expected in told) == (200, True), told


async def test_elsewhere_one_picks_the_incident(world: World, mode: str) -> None:
    for title in ("checkout is down", "payments are slow"):
        await declared(world, title)
    response = await world.slack(command("severity P1", by="UBO"), mode)
    (block,) = json.loads(response.body)["blocks"]
    values = [option["value"] for option in block["accessory"]["options"]]
    assert values == ["INC-20260115-002", ID]  # the newest first
    chosen = click(
        "", action="pick", block_id=block["block_id"], selected_option={"value": values[0]}
    )
    status, told = await heard(world, chosen, mode)
    assert (status, told) == (
        200,
        "*INC-20260115-002* · P1 high · detected · payments are slow",
    )


async def test_with_nothing_open_there_is_nothing_to_pick(world: World, mode: str) -> None:
    _, told = await heard(world, command("ack"), mode)
    assert told.startswith("There is no incident to acknowledge. `/incident list` shows")


async def test_one_picks_only_among_those_that_fit(world: World, mode: str) -> None:
    over, taken, fresh = [await declared(world, title) for title in ("over", "taken", "fresh")]
    await world.desk.incidents.handle(over, ChangeStatus(BO, Status.RESOLVED), "r1")
    await world.desk.incidents.handle(taken, Acknowledge(BO), "r2")
    offered = {"reopen": {over}, "ack": {fresh}, "resolve": {taken, fresh}}
    for verb, fitting in {**offered, "close": {over, taken, fresh}}.items():
        response = await world.slack(command(verb, trigger=verb), mode)
        (block,) = json.loads(response.body)["blocks"]
        assert {option["value"] for option in block["accessory"]["options"]} == fitting, verb


async def test_a_word_that_is_nearly_a_verb_is_asked_about(world: World, mode: str) -> None:
    response = await world.slack(command("lits"), mode)
    answer = json.loads(response.body)
    assert "Did you mean `/incident list`?" in answer["text"]
    run, declare = answer["blocks"][1]["elements"]
    assert (run["action_id"], run["value"]) == ("run", "list")
    assert (declare["action_id"], declare["value"]) == ("declare_text", "lits")
    _, told = await heard(world, click("list", action="run"), mode)
    assert told.startswith("No incident is open.")
    _, told = await heard(world, click("lits", action="declare_text", action_ts="3.3"), mode)
    assert told.startswith(f"*{ID}* · severity undecided · detected · lits")


async def test_a_verb_of_a_later_version_is_answered_honestly(world: World, mode: str) -> None:
    _, told = await heard(world, command("rollback checkout"), mode)
    assert told.startswith("`/incident rollback` is not in this version yet. Nothing was done.")


async def test_help_names_every_verb(world: World, mode: str) -> None:
    for n, text in enumerate(("", "help")):
        _, told = await heard(world, command(text, trigger=f"t{n}"), mode)
        assert "`/incident declare`" in told
        assert "(also take, acknowledge)" in told


async def test_an_old_button_or_form_is_answered(world: World, mode: str) -> None:
    for old in (
        click("x", action="gone"),
        view("x", callback="gone"),
        payloads.shortcut("gone"),
        payloads.message_shortcut("x", "gone"),
        home_click("x") | {"actions": [{"type": "button", "action_id": "gone", "action_ts": "8"}]},
    ):
        status, told = await heard(world, old, mode)
        assert (status, told.startswith("That is from another version of me")) == (200, True)


async def test_a_private_incident_is_shown_to_nobody_else_anywhere(
    world: World, mode: str
) -> None:
    leak = await declared(world, "a leak", private=True)
    await world.work()
    for person, knows in (("UANA", True), ("USUE", True), ("UEVE", False)):
        asked = [
            command("ls", by=person, trigger=f"1{person}"),
            command("ack", by=person, trigger=f"2{person}"),
            command(f"status {leak}", by=person, trigger=f"3{person}"),
        ]
        for payload in asked:
            response = await world.slack(payload, mode)
            assert ("a leak" in response.body) is knows
        await world.slack(payloads.home_opened(by=person, event_id=person), mode)
        await world.work()
        assert ("a leak" in json.dumps(world.chat.homes[person])) is knows
    (_, told) = await heard(world, command(f"sev {leak} P1", by="UEVE", trigger="4"), mode)
    assert told == UNKNOWN


async def test_whoever_was_brought_into_the_channel_may_take_part(world: World) -> None:
    leak = await declared(world, "a leak", private=True)
    await world.work()
    (room,) = [c for c, r in world.chat.rooms.items() if r.private]
    locked_out = await heard(world, command("ack", by="UEVE", channel=room, trigger="a"))
    assert locked_out[1].startswith("There is no incident to acknowledge.")
    await world.slack(joined(room, by="UEVE"))
    let_in = await heard(world, command("ack", by="UEVE", channel=room, trigger="b"))
    assert "taken by <@UEVE>" in let_in[1]
    assert "UBOT" not in (await world.desk.incidents.current(leak)).people


async def test_the_bots_own_coming_in_is_no_fact(world: World) -> None:
    made = await declared(world)
    await world.work()
    (room,) = [c for c, r in world.chat.rooms.items() if r.name.startswith("inc-")]
    before = await world.store.head()
    await world.slack(joined(room, by="UBOT"))
    assert await world.store.head() == before
    assert "UBOT" not in (await world.desk.incidents.current(made)).people


async def test_what_people_and_bots_say_to_each_other_is_not_answered(world: World) -> None:
    said_there = payloads.said("list", channel="CGENERAL")
    by_a_bot = direct("list", event_id="Ev8")
    by_a_bot["event"]["bot_id"] = "BX"
    edited = direct("list", event_id="Ev9")
    edited["event"]["subtype"] = "message_changed"
    for payload in (said_there, by_a_bot, edited):
        assert await heard(world, payload) == (200, "")


async def test_a_home_click_is_answered_on_home(world: World, mode: str) -> None:
    target = await declared(world)
    await world.work()
    await world.slack(home_click(target), mode)
    assert "home of UBO" in await world.work()
    assert '"acknowledge"' not in json.dumps(world.chat.homes["UBO"])


async def test_who_is_not_known_to_be_slack_is_not_answered(world: World) -> None:
    for stamp, signature in (("yesterday", "v0=x"), ("1", "v0=x")):
        request = AsyncBoltRequest(
            body="command=%2Fincident&text=declare+x&user_id=UANA&trigger_id=t&channel_id=C",
            headers={"x-slack-signature": signature, "x-slack-request-timestamp": stamp},
        )
        assert (await world.app.async_dispatch(request)).status in {401, 500}
    assert (await world.store.head()).position == 0


async def test_a_payload_that_cannot_be_told_from_another_is_not_kept(world: World) -> None:
    status, told = await heard(world, command("declare x", trigger=""))
    assert (status, told.startswith(CRASH)) == (200, True)
    assert (await world.store.head()).position == 0


async def test_a_mention_without_a_verb_offers_to_declare(world: World) -> None:
    _, told = await heard(world, mention("checkout is &lt;down&gt;"))
    assert "`/incident declare checkout is &lt;down&gt;` does it" in told


async def test_every_payload_is_counted(world: World) -> None:
    await world.slack(command("ls"))
    await world.slack(click("INC-1"))
    assert ("command", "acknowledged") in world.telemetry.seen
    assert ("click", "acknowledged") in world.telemetry.seen


async def test_a_closed_incident_refuses_with_the_next_step(world: World) -> None:
    target = await declared(world)
    await world.desk.incidents.handle(target, ChangeStatus(BO, Status.CLOSED), "r2")
    _, told = await heard(world, command(f"reopen {target}"))
    assert "declare a new one: `/incident declare TEXT`" in told


def test_late_is_said_to_be_unconfirmed(world: World) -> None:
    assert str(said(world.wording, TimeoutError())["text"]).startswith("Not confirmed yet")


class FailingOnce(MemoryStore):
    """Its first commit of facts does not come about."""

    failed = False

    async def commit(self, commit: Commit) -> int:
        if commit.streams and not self.failed:
            self.failed = True
            raise Unavailable("the disk is slow")
        return await super().commit(commit)


async def test_what_failed_at_first_does_not_hide_that_it_worked(mode: str) -> None:
    world = World(FailingOnce(SteppedClock()))
    first = await heard(world, mention("declare checkout is down"), mode)
    again = await heard(world, mention("declare checkout is down"), mode)
    assert (first[0], first[1][:18]) == (500, "Nothing was saved:")
    assert (again[0], again[1][:18]) == (200, f"*{ID}*"[:18])


class HangingStore(MemoryStore):
    """Does not answer any question."""

    async def owner(self, kind: str, key: str) -> str | None:
        return await asyncio.Future[str | None]()

    async def feed(self, after: int = 0) -> Any:
        return await asyncio.Future[Any]()


@pytest.mark.parametrize(
    ("payload", "status"),
    [
        (command("list"), 200),
        (command("ack"), 200),
        (view("checkout is down"), 200),
        (click("INC-1"), 500),  # only a job could carry words: Slack shows its own warning
        (mention("list"), 500),
    ],
)
async def test_nobody_waits_longer_than_slack_does(
    mode: str, payload: Payload, status: int
) -> None:
    world = World(HangingStore(SteppedClock()))
    world.app.deadline = 0.05
    async with asyncio.timeout(5):
        response = await world.slack(payload, mode)
    assert response.status == status
    if status == 200:
        assert said_in(response.body).startswith("Not confirmed yet")


async def test_who_is_not_known_to_be_slack_is_told_nothing_when_it_takes_long(
    world: World,
) -> None:
    world.app.deadline = 0
    request = AsyncBoltRequest(body="command=%2Fincident&text=list", headers={})
    assert (await world.app.async_dispatch(request)).status == 401


async def test_before_the_door_closes_whoever_came_in_is_answered() -> None:
    store = HangingStore(SteppedClock())
    world = World(store)
    world.app.deadline = 0.1
    asked = asyncio.ensure_future(world.slack(command("list")))
    await asyncio.sleep(0)
    await world.app.emptied(9)
    assert asked.done()
    await world.app.emptied(9)  # at once, with nobody inside


async def test_a_double_click_on_declare_is_one_incident(world: World, mode: str) -> None:
    for ts in ("1.1", "1.2"):
        sent = click("checkout is down", action="declare_text", action_ts=ts)
        assert (await world.slack(sent, mode)).status == 200
    assert [i.id for i in await world.desk.board.open_incidents(ANA)] == [ID]


async def test_who_was_taken_out_of_a_private_channel_knows_of_it_no_longer(
    world: World,
) -> None:
    await declared(world, "a leak", private=True)
    await world.work()
    (room,) = [c for c, r in world.chat.rooms.items() if r.private]
    await world.slack(joined(room, by="UEVE"))
    assert "a leak" in (await world.slack(command("ls", by="UEVE", trigger="a"))).body
    await world.slack(payloads.left(room, by="UEVE"))
    assert "a leak" not in (await world.slack(command("ls", by="UEVE", trigger="b"))).body


async def test_a_coming_that_is_told_of_again_after_the_going_brings_nobody_back(
    world: World,
) -> None:
    await declared(world, "a leak", private=True)
    await world.work()
    (room,) = [c for c, r in world.chat.rooms.items() if r.private]
    for n, told in enumerate((joined(room), payloads.left(room), joined(room))):
        told["event"]["event_ts"] = "1768478400.000200" if n == 1 else "1768478400.000100"
        assert (await world.slack({**told, "event_id": f"Ev{n}"})).status == 200
    assert "a leak" not in (await world.slack(command("ls", by="UEVE", trigger="b"))).body


async def test_a_direct_message_with_a_file_is_read(world: World) -> None:
    sent = direct("declare checkout is down")
    sent["event"]["subtype"] = "file_share"
    _, told = await heard(world, sent)
    assert told.startswith(f"*{ID}*")


async def test_a_double_click_on_what_was_meant_is_done_once(world: World, mode: str) -> None:
    for ts in ("1.1", "1.2"):
        sent = click("declare checkout is down", action="run", action_ts=ts)
        assert (await world.slack(sent, mode)).status == 200
    assert [i.id for i in await world.desk.board.open_incidents(ANA)] == [ID]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<@UBOT> list", "No incident is open"),
        ("<@UBOT>: list", "No incident is open"),
        ("<@UANA> <@UBOT>, list", "No incident is open"),
        ("hey <@UBOT> list", "No incident is open"),
        ("<@UBOT> checkout is down", "Do you want to declare an incident?"),
        ("thanks <@UBOT>", "`/incident declare` TEXT"),
        ("ask <@UBOT> what is broken", "`/incident declare` TEXT"),
    ],
)
async def test_a_mention_is_read_from_the_bots_name_on(
    world: World, text: str, words: str
) -> None:
    sent = mention("")
    sent["event"]["text"] = text
    _, told = await heard(world, sent)
    assert words in told


async def test_what_another_app_says_to_the_bot_drives_nothing(world: World, mode: str) -> None:
    sent = mention("declare checkout is down")
    sent["event"] |= {"bot_id": "BX", "subtype": "bot_message"}
    del sent["event"]["user"]
    assert await heard(world, sent, mode) == (200, "")
    assert (await world.store.head()).position == 0


async def test_an_answer_in_a_thread_stays_in_it_and_a_direct_one_is_kept(world: World) -> None:
    sent = mention("list")
    sent["event"]["thread_ts"] = "5.5"
    await world.slack(sent)
    await world.slack(direct("list"))
    lease = Lease(world.clock.now(), world.clock.now())
    replies = [job.reply for job in await world.store.claim_jobs(9, lease)]
    assert {(r.channel, r.thread) for r in replies if r} == {("CGENERAL", "5.5")}
    await world.slack(direct("help", event_id="Ev7"))
    assert world.chat.directly == []
    await world.work(60)
    assert {person for person, _ in world.chat.directly} == {"UANA"}


async def test_a_dead_button_on_home_is_drawn_away(world: World, mode: str) -> None:
    target = await declared(world)
    await world.desk.incidents.handle(target, ChangeStatus(BO, Status.CLOSED), "r2")
    await world.work()
    await world.slack(home_click(target), mode)
    assert "home of UBO" in await world.work()


async def test_whoever_comes_while_the_bot_stops_is_told_to_come_again(
    world: World, mode: str
) -> None:
    await world.app.emptied(0)
    status, told = await heard(world, command("declare x"), mode)
    assert (status, told) == (
        200,
        "I am being restarted. Nothing was done; please ask again in a minute.",
    )
    assert (await world.slack(mention("declare x"), mode)).status == 500  # Slack sends it again
    assert await world.desk.board.open_incidents(ANA) == []


async def test_an_on_call_declarer_is_told_that_they_have_taken_it(world: World) -> None:
    _, told = await heard(world, command("declare x is down", by="UCY"))
    assert "Declared and taken by you; its channel is being opened" in told
    assert "has to acknowledge" not in told
