"""Forms about an incident: when one opens, what it asks, and what comes of what is filled in."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.catalogue import Service
from bot.domain.commands import (
    AddAction,
    AddNote,
    ChangeStatus,
    Command,
    Declare,
    Join,
    Leave,
    OfferRole,
)
from bot.domain.facts import DataLoss, Milestone, Role, Urgency
from bot.domain.incident import Incident
from bot.domain.severity import Severity
from bot.domain.status import Status
from tests.fakes.clock import SteppedClock
from tests.fakes.opening import Opened, opening
from tests.payloads import (
    Payload,
    chosen,
    click,
    command,
    direct,
    home_click,
    mention,
    sent,
    typed,
)
from tests.samples import ANA, BO, ID
from tests.world import World

OTHER = "INC-20260115-002"


@pytest.fixture
async def opened() -> AsyncIterator[Opened]:
    async with opening() as opened:
        yield opened


@pytest.fixture
async def world(opened: Opened) -> World:
    world = World(client=opened.client)
    await declare(world, "checkout is down")
    return world


async def declare(world: World, title: str, **more: Any) -> str:
    made = await world.desk.incidents.handle(None, Declare(ANA, title, **more), f"r-{title}")
    await world.work()
    return made.id


async def now(world: World, incident: str = ID) -> Incident:
    return await world.desk.incidents.current(incident)


async def room(world: World) -> str:
    return (await now(world)).channel or ""


async def asked(world: World, text: str, by: str = "UANA") -> None:
    """Type a command in the incident's channel for which a form opens."""
    response = await world.slack(command(text, by=by, channel=await room(world), trigger=text))
    assert (response.status, response.body) == (200, ""), response.body


async def told(world: World, payload: Payload) -> str:
    """Send a payload that is acknowledged in silence; return what the person hears of it."""
    response = await world.slack(payload)
    assert (response.status, response.body) == (200, ""), response.body
    person = payload["user"]["id"]
    lines = [line for line in await world.work() if line.startswith(f"to {person}: ")]
    return "\n".join(lines)


async def wrong(world: World, payload: Payload) -> dict[str, str]:
    """Send a form; return what is said beside its fields."""
    response = await world.slack(payload)
    answer = json.loads(response.body)
    assert answer["response_action"] == "errors"
    return dict(answer["errors"])


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("triage", "triage"),
        ("update", "update"),
        ("announce", "update"),
        ("resolve", "resolve"),
        ("end", "resolve"),
        ("decline", "decline"),
        ("handover", "handover"),
        ("role scribe", "handover"),
        ("action add", "action"),
        ("action edit 1", "action"),
        ("timeline edit 1", "note"),
    ],
)
async def test_a_form_opens_where_something_is_missing(
    world: World, opened: Opened, text: str, form: str
) -> None:
    await world.desk.incidents.handle(ID, AddNote(ANA, "x"), "r1")
    await world.desk.incidents.handle(ID, AddAction(ANA, "x"), "r2")
    await asked(world, text)
    assert [view["callback_id"] for view in opened] == [form]
    assert ID in json.dumps(opened[0]["blocks"])


@pytest.mark.parametrize("text", ["triage", "update", "resolve", "decline", "handover"])
async def test_where_no_form_can_open_the_same_words_are_answered(
    world: World, opened: Opened, text: str
) -> None:
    for payload in (mention(f"{text} {ID}"), direct(f"{text} {ID}")):
        assert (await world.slack(payload)).status == 200
    assert opened == []
    said = [line for line in await world.work() if line.startswith("to UANA")]
    assert len(said) == 2


async def test_a_form_of_what_one_may_not_know_does_not_open(world: World, opened: Opened) -> None:
    leak = await declare(world, "a leak", private=True)
    response = await world.slack(command(f"update {leak}", by="UEVE", trigger="t"))
    assert "I know no such incident" in response.body
    assert opened == []


async def test_what_cannot_be_any_more_opens_no_form(world: World, opened: Opened) -> None:
    await world.desk.incidents.handle(ID, ChangeStatus(ANA, Status.CLOSED), "r1")
    await declare(world, "mail is late")
    for text in ("resolve", "decline", "update", "triage", "handover"):
        response = await world.slack(command(f"{text} {ID}", trigger=text))
        assert "is closed. To go on, declare a new one" in response.body
    assert "is closed. To go on, declare a new one" in await told(world, click(ID, action="merge"))
    assert opened == []


async def test_who_takes_no_part_is_not_asked_who_may_know_of_it(
    world: World, opened: Opened
) -> None:
    response = await world.slack(command(f"private {ID}", by="UEVE", trigger="t"))
    assert f"Only somebody who takes part can make {ID} private" in response.body
    assert opened == []


async def test_triage_asks_for_everything_at_once(world: World, opened: Opened) -> None:
    names = {name: Service(name) for name in ("checkout", "payments")}
    world.rules.fixed = replace(world.rules.fixed, services=names)
    await declare(world, "payments are slow")
    await asked(world, "triage")
    words = await told(
        world,
        sent(
            opened[0],
            severity=chosen("P0"),
            services={"selected_options": [{"value": "checkout"}]},
            impact=typed("one order in three fails"),
            outcome=chosen("accept"),
        ),
    )
    assert "Services: checkout\nImpact: one order in three fails\nTaken by <@UANA>" in words
    made = await now(world)
    assert (made.severity, made.services, made.status) == (
        Severity.P0,
        ("checkout",),
        Status.INVESTIGATING,
    )


async def test_triage_without_a_catalogue_takes_any_service(world: World, opened: Opened) -> None:
    await asked(world, "triage")
    named = typed("checkout, payments, checkout")
    await told(world, sent(opened[0], services=named, outcome=chosen("accept")))
    assert (await now(world)).services == ("checkout", "payments")


async def test_a_service_that_is_not_in_the_catalogue_is_said_beside_its_field(
    world: World, opened: Opened
) -> None:
    await asked(world, "triage")
    world.rules.fixed = replace(world.rules.fixed, services={"checkout": Service("checkout")})
    form = sent(opened[0], services=typed("chekout"), outcome=chosen("accept"))
    assert "has no service `chekout`" in (await wrong(world, form))["services"]


async def test_triage_may_end_in_declining_or_merging(world: World, opened: Opened) -> None:
    other = await declare(world, "payments are slow")
    await asked(world, "triage")
    merging = sent(opened[0], outcome=chosen("merge"))
    assert await wrong(world, merging) == {"into": "Which one is it the same as?"}
    words = await told(world, sent(opened[0], outcome=chosen("merge"), into=chosen(other)))
    assert f"{ID} is merged into {other}, which goes on: payments are slow" in words
    await world.slack(command(f"triage {other}", trigger="again"))
    declining = sent(
        opened[1], view_id="V9", outcome=chosen("decline"), impact=typed("a load test")
    )
    assert "declined · payments are slow\nBecause: a load test" in await told(world, declining)


async def test_an_update_says_when_the_next_one_comes(world: World, opened: Opened) -> None:
    await asked(world, "update")
    form = sent(opened[0], text=typed("still looking"), minutes=typed("10"))
    assert "2026-01-15 12:10 UTC" in await told(world, form)
    again = sent(opened[0], view_id="V2", text=typed(" "))
    assert await wrong(world, again) == {"text": "What should it say?"}


class Ticking(SteppedClock):
    """Goes on a little whenever it is looked at, as clocks do."""

    def now(self) -> datetime:
        self.advance(0.001)
        return super().now()


async def test_the_form_of_an_update_promises_whole_minutes(opened: Opened) -> None:
    world = World(client=opened.client, clock=Ticking())
    await declare(world, "checkout is down", severity=Severity.P1)
    await asked(world, "update")
    assert "it is promised in 30 minutes, as its severity asks" in json.dumps(opened[0])


async def test_a_click_reopens_what_is_resolved_and_an_old_one_is_told_that_it_is_over(
    world: World,
) -> None:
    await world.desk.incidents.handle(ID, ChangeStatus(ANA, Status.RESOLVED), "r1")
    here = await room(world)
    world.chat.rooms[here].people.add("UBO")
    again = await told(world, click(ID, action="reopen", channel=here))
    assert f"*{ID}* · severity undecided · investigating" in again
    assert (await now(world)).status is Status.INVESTIGATING
    await world.desk.incidents.handle(ID, ChangeStatus(ANA, Status.CLOSED), "r2")
    late = await told(world, click(ID, action="reopen", channel=here, action_ts="2.2"))
    assert f"{ID} is closed" in late
    assert (await now(world)).status is Status.CLOSED


async def test_a_form_that_is_sent_twice_counts_once(world: World, opened: Opened) -> None:
    await asked(world, "action add")
    form = sent(opened[0], text=typed("alert on it"), urgency=chosen("high"))
    for _ in range(2):
        assert (await world.slack(form)).status == 200
    assert len((await now(world)).actions) == 1


async def test_resolving_asks_and_what_is_left_empty_stays_open(
    world: World, opened: Opened
) -> None:
    await asked(world, "resolve")
    ended = int((world.clock.now() - timedelta(hours=1)).timestamp())
    form = sent(
        opened[0],
        impact_ended={"selected_date_time": ended},
        data_loss=chosen("no"),
        root_cause=typed("a bad rollout"),
    )
    words = await told(world, form)
    assert (
        "Open questions: when the impact started, the immediate fix, the permanent fix." in words
    )
    made = await now(world)
    assert made.status is Status.RESOLVED
    assert made.conclusion.data_loss is DataLoss.NO
    assert made.milestones[Milestone.IMPACT_ENDED].at == datetime.fromtimestamp(ended, UTC)
    await asked(world, f"resolve {ID}")  # to answer what is open
    assert "a bad rollout" in json.dumps(opened[1])
    await told(world, sent(opened[1], view_id="V2", immediate_fix=typed("rolled back")))
    learned = (await now(world)).conclusion
    assert (learned.root_cause, learned.immediate_fix) == ("a bad rollout", "rolled back")


async def test_users_cannot_have_stopped_noticing_in_the_future(
    world: World, opened: Opened
) -> None:
    await asked(world, "resolve")
    late = int((world.clock.now() + timedelta(hours=1)).timestamp())
    form = sent(opened[0], impact_ended={"selected_date_time": late})
    assert await wrong(world, form) == {"impact_ended": "That has not come yet."}


async def test_declining_asks_why(world: World, opened: Opened) -> None:
    await asked(world, "decline")
    assert "Because: a load test" in await told(
        world, sent(opened[0], reason=typed("a load test"))
    )
    assert (await now(world)).status is Status.DECLINED


async def test_an_entry_is_edited_and_its_time_stays_exact(world: World, opened: Opened) -> None:
    at = world.clock.now() - timedelta(minutes=7, seconds=20)
    await world.desk.incidents.handle(ID, AddNote(ANA, "x", at), "r1")
    await asked(world, "timeline edit 1")
    shown = opened[0]["blocks"][2]["element"]["initial_date_time"]
    form = sent(opened[0], text=typed("y"), at={"selected_date_time": shown // 60 * 60})
    assert "y" in await told(world, form)
    (note,) = (await now(world)).notes
    assert (note.text, note.at) == ("y", at)
    moved = sent(opened[0], view_id="V2", text=typed("y"), at={"selected_date_time": shown - 3600})
    await told(world, moved)
    (note,) = (await now(world)).notes
    assert note.at == at.replace(microsecond=0) - timedelta(hours=1)


async def test_an_action_item_is_added_and_changed(world: World, opened: Opened) -> None:
    await asked(world, "action add <@UBO> !high")
    elements = {b["block_id"]: b["element"] for b in opened[0]["blocks"] if "element" in b}
    assert elements["person"]["initial_user"] == "UBO"
    assert elements["urgency"]["initial_option"]["value"] == "high"
    form = sent(
        opened[0],
        text=typed("alert on it"),
        person={"selected_user": "UBO"},
        due={"selected_date": "2026-01-22"},
        urgency=chosen("high"),
    )
    assert "*1* alert on it · <@UBO> · due 2026-01-22 · high" in await told(world, form)
    await asked(world, "action edit 1")
    again = sent(opened[1], view_id="V2", text=typed("alert early"), urgency=chosen("low"))
    await told(world, again)
    (item,) = (await now(world)).actions
    assert (item.text, item.owner, item.due, item.urgency) == (
        "alert early",
        None,
        None,
        Urgency.LOW,
    )


async def test_a_due_day_of_a_form_is_a_day(world: World, opened: Opened) -> None:
    await asked(world, "action add")
    due = {"selected_date": "2026-02-01"}
    await told(world, sent(opened[0], text=typed("x"), due=due, urgency=chosen("medium")))
    assert (await now(world)).actions[0].due == date(2026, 2, 1)


async def test_a_role_is_handed_over_accepted_and_everybody_concerned_is_told(
    world: World, opened: Opened
) -> None:
    await asked(world, "handover")
    form = sent(
        opened[0],
        role=chosen("commander"),
        person={"selected_user": "UBO"},
        brief=typed("the cache is full"),
    )
    response = await world.slack(form)
    said = await world.work(3)
    assert response.body == ""
    assert any(line.startswith("to UANA: <@UBO> was asked by direct message") for line in said)
    asking = next(line for line in said if line.startswith("to UBO: <@UANA> asks you"))
    assert f"asks you to be *commander* of *{ID}*" in asking
    accept = click(f"{ID}/commander", action="role_accept", channel="DUBO")
    accept["channel"]["name"] = "directmessage"
    assert "You are commander of" in await told(world, accept)
    said = [*world.chat.said]
    assert any(f"to UANA: <@UBO> is commander of {ID} now" in line for line in said)
    assert f"post: <@UBO> is commander of {ID} now." in said
    assert (await now(world)).commander == "UBO"
    accept["actions"][0]["action_ts"] = "9.9"
    assert "You are commander of" in await told(world, accept)  # once more is no other


async def test_who_declines_is_no_longer_asked_and_who_offered_hears_of_it(
    world: World, opened: Opened
) -> None:
    channel = await room(world)
    await world.slack(command("lead <@UBO|bo>", channel=channel, trigger="1"))
    await world.work()
    declined = click(f"{ID}/commander", action="role_decline")
    assert "Nobody waits any more for an answer" in await told(world, declined)
    assert any(
        line.startswith("to UANA: <@UBO> declined to be commander") for line in world.chat.said
    )
    assert any(line.startswith("post: <@UBO> declined") for line in world.chat.said)
    late = click(f"{ID}/commander", action="role_accept", action_ts="7.7")
    assert "Nobody waits for you to become commander" in await told(world, late)


async def test_who_is_given_a_role_by_another_is_told(world: World, opened: Opened) -> None:
    await world.slack(command("role scribe <@UEVE>", channel=await room(world), trigger="1"))
    said = await world.work()
    assert any(
        line.startswith(f"to UEVE: You are scribe of {ID} now, says <@UANA>.") for line in said
    )
    assert (await now(world)).roles[Role.SCRIBE] == ("UEVE",)


async def test_an_offer_that_was_taken_back_in_time_is_not_made(
    world: World, opened: Opened
) -> None:
    channel = await room(world)
    for text in ("lead <@UBO|bo>", "role decline"):
        await world.slack(command(text, channel=channel, trigger=text))
    said = await world.work()
    assert not any("asks you to be" in line for line in said)
    assert any(line.startswith("to UBO: <@UANA> answered otherwise") for line in said)
    assert (await now(world)).troubles == ()


async def test_who_left_a_private_incident_is_not_asked(world: World) -> None:
    leak = await declare(world, "a leak", private=True)
    offer = OfferRole(ANA, Role.COMMANDER, "UBO", "it is in the logs")
    wishes: tuple[Command, ...] = (Join(BO), offer, Leave(BO))
    for n, wish in enumerate(wishes):
        await world.desk.incidents.handle(leak, wish, f"p{n}")
    said = await world.work(3)
    assert not any(line.startswith("to UBO") for line in said)


BUTTONS = {
    "triage": "triage",
    "update": "update",
    "resolve": "resolve",
    "handover": "handover",
    "action_add": "action",
}


@pytest.mark.parametrize(("action", "form"), BUTTONS.items())
async def test_a_button_opens_the_form_wherever_it_is(
    world: World, opened: Opened, action: str, form: str
) -> None:
    at_home = home_click(ID, by="UANA")
    at_home["actions"][0]["action_id"] = action
    for payload in (click(ID, action=action, by="UANA"), at_home):
        assert (await world.slack(payload)).body == ""
    assert [view["callback_id"] for view in opened] == [form] * 2


async def test_a_part_of_an_incident_has_its_buttons(world: World, opened: Opened) -> None:
    await world.desk.incidents.handle(ID, AddNote(ANA, "x"), "r1")
    await world.desk.incidents.handle(ID, AddAction(ANA, "x"), "r2")
    assert "Timeline of" in await told(world, click(ID, action="timeline_show", action_ts="1"))
    for action in ("note_edit", "action_edit"):
        assert await told(world, click(f"{ID}/1", action=action, action_ts=action)) == ""
    assert [view["callback_id"] for view in opened] == ["note", "action"]
    done = home_click(f"{ID}/1")
    done["actions"][0]["action_id"] = "action_done"
    assert f"to UBO: Done: {ID} *1* x" in await told(world, done)
    assert "UBO" in world.chat.homes  # drawn again
    gone = click(f"{ID}/7", action="action_done", action_ts="3")
    assert "has no action item 7" in await told(world, gone)


async def test_elsewhere_one_picks_the_incident_and_then_the_form_opens(
    world: World, opened: Opened
) -> None:
    response = await world.slack(command("update", trigger="1"))
    (block,) = json.loads(response.body)["blocks"]
    option = block["accessory"]["options"][0]
    picked = click("", action="pick", block_id=block["block_id"], selected_option=option)
    assert (await world.slack(picked)).body == ""
    assert [view["callback_id"] for view in opened] == ["update"]


async def test_what_is_too_long_for_a_menu_is_given_back(world: World) -> None:
    text = "x" * 3000
    response = await world.slack(command(f"update {text}", trigger="1"))
    answer = json.loads(response.body)
    assert "Put the ID after `/incident update`" in answer["text"]
    assert "x" * 2000 in json.dumps(answer["blocks"])


async def test_merging_asks_which_and_names_who_goes_on(world: World) -> None:
    other = await declare(world, "payments are slow")
    await declare(world, "a leak", private=True)
    response = await world.slack(command("merge", channel=await room(world), trigger="1"))
    (block,) = json.loads(response.body)["blocks"]
    values = [option["value"] for option in block["accessory"]["options"]]
    assert values == [other]  # neither itself, nor what would show a private one
    option = {"value": other}
    picked = click(
        "", action="merge_into", by="UANA", block_id=block["block_id"], selected_option=option
    )
    assert f"{ID} is merged into {other}" in await told(world, picked)
    assert (await now(world)).into == other


async def test_merging_may_name_both_anywhere(world: World) -> None:
    other = await declare(world, "payments are slow")
    response = await world.slack(command(f"merge {other} into {ID}", trigger="1"))
    assert f"{other} is merged into {ID}, which goes on" in response.body
    assert (await now(world, other)).into == ID


async def test_merging_into_one_that_is_named_asks_which_elsewhere(world: World) -> None:
    other = await declare(world, "payments are slow")
    response = await world.slack(command(f"duplicate {ID}", trigger="1"))
    (block,) = json.loads(response.body)["blocks"]
    chose = {"value": other}
    picked = click("", action="pick", block_id=block["block_id"], selected_option=chose)
    assert f"{other} is merged into {ID}" in await told(world, picked)


async def test_what_people_write_may_speak_of_other_incidents(world: World) -> None:
    other = await declare(world, "payments are slow")
    text = f"note it looks like {other}"
    await world.slack(command(text, channel=await room(world), trigger="1"))
    assert [note.text for note in (await now(world)).notes] == [f"it looks like {other}"]
    assert (await now(world, other)).notes == ()


async def test_bo_may_unsubscribe_only_from_what_he_follows(world: World) -> None:
    response = await world.slack(command("unsubscribe", by="UBO", trigger="1"))
    assert "There is no incident to unsubscribe from." in response.body
    assert BO.person not in (await now(world)).subscribers
