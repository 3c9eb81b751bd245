"""Alerts as people meet them: the triage card, the incident's card, and what clicks there do."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.alerts import AlertRules
from bot.domain.commands import ChangeStatus, Declare, Join, MakePrivate
from bot.domain.facts import Urgency
from bot.domain.incident import Incident
from bot.domain.overview import name_of
from bot.domain.policy import Policy
from bot.domain.severity import Severity
from bot.domain.status import Status
from tests import payloads
from tests.alarms import MINUTE, alert, group
from tests.fakes.chat import Room
from tests.fakes.opening import Opened, opening
from tests.payloads import Payload, chosen, command, sent, typed
from tests.samples import ANA, BO, ID
from tests.world import World

OTHER, THIRD = "INC-20260115-002", "INC-20260115-003"
WARNING = alert(severity="warning")
ERRORS, SLOW = (name_of("alertmanager", key) for key in ("errors", "slow"))


@pytest.fixture
async def opened() -> AsyncIterator[Opened]:
    async with opening() as opened:
        yield opened


@pytest.fixture
def world(opened: Opened) -> World:
    world = World(client=opened.client)
    rules = AlertRules(triage="CTRIAGE", silenced_at=frozenset({"alertmanager"}))
    world.rules.fixed = Policy(announcements="CINCIDENTS", alerts=rules)
    world.chat.rooms["CTRIAGE"] = Room("triage", ours=False)
    return world


@pytest.fixture
async def suggested(world: World) -> World:
    """A world where alerts suggest the first incident."""
    await world.intake.take(group(WARNING))
    await world.work()
    return world


async def now(world: World, incident: str = ID) -> Incident:
    return await world.desk.incidents.current(incident)


def card(world: World, channel: str = "CTRIAGE") -> dict[str, Any]:
    """Return the only message of a channel as it stands."""
    posts = world.chat.rooms[channel].posts
    top = [ts for ts in posts if ts not in world.chat.rooms[channel].threads]
    return dict(posts[top[0]][1])


def buttons(message: Any) -> list[str]:
    return re.findall(r"'action_id': '(\w+)'", str(message))


async def click(
    world: World, action: str, value: str = ID, by: str = "UBO", n: int = 1, **more: Any
) -> str:
    """Click; return what was said after it."""
    body = payloads.click(value, action=action, by=by, action_ts=f"{n}.1", channel="CTRIAGE")
    response = await world.slack(body | more)
    assert response.status == 200
    return "\n".join(await world.work(3))


async def submit(world: World, form: Payload, by: str = "UBO", **values: Any) -> str:
    response = await world.slack(sent(form, by=by, **values))
    assert (response.status, response.body) == (200, "")
    return "\n".join(await world.work(3))


async def types(world: World, text: str, by: str = "UEVE") -> str:
    response = await world.slack(command(text, by=by, trigger=f"{by}/{text}"))
    await world.work(3)
    return json.dumps(json.loads(response.body or "{}"), ensure_ascii=False)


async def test_a_suggestion_says_what_fires_and_can_be_answered(suggested: World) -> None:
    shown = str(card(suggested))
    assert "P2 medium · INC-20260115-001 · one order in ten fails" in shown
    assert "*ErrorsHigh* · one order in ten fails · P2 · since " in shown
    assert "<https://example.com/f1|at its source>" in shown
    assert "Somebody is to answer by" in shown
    assert buttons(card(suggested))[-4:] == ["accept", "dismiss", "merge", "silence"]


async def test_who_accepts_takes_it_and_a_channel_is_opened(suggested: World) -> None:
    said = await click(suggested, "accept")
    found = await now(suggested)
    assert (found.status, found.commander, found.acknowledged_by) == (
        Status.TRIAGING,
        "UBO",
        "UBO",
    )
    assert "It is an incident now, taken by <@UBO>" in said
    shown = card(suggested)
    assert ":white_check_mark: Accepted by <@UBO> " in str(shown)
    assert f"<#{found.channel}>" in str(shown)
    assert buttons(shown) == []


async def test_the_second_of_two_who_accept_is_told_who_was_first(suggested: World) -> None:
    await click(suggested, "accept")
    for by, n in (("UEVE", 1), ("UBO", 2)):
        said = await click(suggested, "accept", by=by, n=n)
        assert f"{ID} is an incident already: <@UBO> accepted it." in said
    assert (await now(suggested)).commander == "UBO"


async def test_the_same_click_twice_is_one(suggested: World) -> None:
    assert "It is an incident now" in await click(suggested, "accept")
    assert await click(suggested, "accept") == ""


async def test_a_suggestion_is_declined_with_a_reason(suggested: World, opened: Opened) -> None:
    assert await click(suggested, "dismiss") == ""
    said = await submit(suggested, opened[0], reason=typed("a <!channel> test"))
    assert f"{ID} is declined: a &lt;!channel&gt; test." in said
    assert ":no_entry_sign: Declined by <@UBO>: a &lt;!channel&gt; test" in str(card(suggested))
    assert buttons(card(suggested)) == []
    late = await click(suggested, "accept", n=7)
    assert f"{ID} is no suggestion any more: <@UBO> declined it." in late
    assert "is no suggestion any more" in await click(suggested, "dismiss", n=8)


async def test_a_suggestion_is_made_a_part_of_an_incident_one_may_know_of(
    suggested: World, opened: Opened
) -> None:
    handle = suggested.desk.incidents.handle
    await handle(None, Declare(ANA, "mail is late"), "r2")
    await handle(None, Declare(ANA, "a leak of secrets", private=True), "r3")
    await handle(None, Declare(BO, "something that only Bo knows", private=True), "r4")
    await click(suggested, "merge")
    assert "mail is late" in str(opened[0])
    assert "leak" not in str(opened[0])
    assert THIRD not in str(opened[0])
    assert "only Bo knows" not in str(opened[0])  # they could not be merged
    said = await submit(suggested, opened[0], into=chosen(OTHER))
    assert f"{ID} is merged into {OTHER}" in said
    assert f":link: Part of {OTHER}, as <@UBO> said" in str(card(suggested))
    assert [alarm.name for alarm in (await now(suggested, OTHER)).firing] == ["ErrorsHigh"]
    for n, name in enumerate(("accept", "merge", "dismiss"), start=5):
        late = await click(suggested, name, n=n)
        assert f"<@UBO> made it a part of {OTHER}. `/incident status {OTHER}` shows it." in late
    late = await click(suggested, "silence", f"{ID}/{ERRORS}", n=8)
    assert "is no suggestion any more" in late
    assert len(opened) == 1


async def test_without_any_other_incident_there_is_nothing_to_merge_into(
    suggested: World, opened: Opened
) -> None:
    assert "No other incident is open" in await click(suggested, "merge")
    assert opened == []


async def test_what_clears_before_anybody_answers_says_so(suggested: World) -> None:
    await suggested.intake.take(group(replace(WARNING, ended_at=suggested.clock.now())))
    for _ in range(3):
        await suggested.work(301)
    assert "Cleared by itself" in str(card(suggested))
    assert "its alerts cleared by themselves" in await click(suggested, "accept")


async def test_nobody_answering_is_said_under_the_card_and_on_it(suggested: World) -> None:
    said = "\n".join(await suggested.work(3601))
    assert f"Nobody has answered in time whether {ID} is an incident" in said
    await suggested.work(3)
    assert ":warning: Nobody has answered in time." in str(card(suggested))


async def test_a_group_is_silenced_once(suggested: World) -> None:
    value = f"{ID}/{ERRORS}"
    assert "ErrorsHigh of INC-20260115-001 (1 alert) is being silenced at alertmanager" in (
        await click(suggested, "silence", value)
    )
    assert ":mute: ErrorsHigh: is being silenced until" in str(card(suggested))
    assert "silence" not in buttons(card(suggested))
    assert "<@UBO> has silenced that already" in await click(
        suggested, "silence", value, by="UEVE"
    )
    assert "are not of INC-20260115-001 any more" in await click(
        suggested, "silence", f"{ID}/nothing", n=4
    )
    assert len((await now(suggested)).quiet) == 1


async def test_what_nobody_may_silence_has_no_button(suggested: World) -> None:
    suggested.rules.fixed = replace(suggested.rules.fixed, alerts=AlertRules(triage="CTRIAGE"))
    await suggested.intake.take(group(WARNING, alert("f2", "warning")))
    await suggested.work(3)
    assert "silence" not in buttons(card(suggested))
    assert "I may not keep these alerts quiet" in await click(
        suggested, "silence", f"{ID}/{ERRORS}"
    )


async def test_how_many_the_source_left_out_stands_on_the_card(suggested: World) -> None:
    more = replace(group(alert("f2", "warning"), key="slow"), untold=12)
    await suggested.intake.take(more)
    await suggested.work(3)
    assert "2 firing, and 12 more that the source left out" in str(card(suggested))


async def test_for_how_long_it_would_be_silent_stands_on_the_button(
    suggested: World, opened: Opened
) -> None:
    rules = suggested.rules.fixed.alerts
    half = replace(rules, silence_for=30 * MINUTE)
    suggested.rules.fixed = replace(suggested.rules.fixed, alerts=half)
    await suggested.intake.take(group(alert("f2", "warning"), key="slow"))
    await suggested.work(3)
    assert "Silence 30 min…" in str(card(suggested))
    await click(suggested, "silence_groups")
    assert "to be silent for 30 min?" in str(opened[0])


async def test_one_of_two_groups_is_split_off(world: World, opened: Opened) -> None:
    await world.intake.take(group())
    await world.intake.take(group(alert("f2", summary="it is slow"), key="slow"))
    await world.work(3)
    found = await now(world)
    shown = card(world, found.channel or "")
    assert {"silence_groups", "split_groups"} <= set(buttons(shown))
    assert "*Alerts* 2 firing" in str(shown)
    await click(world, "split_groups")
    assert "it is slow" in str(opened[0])
    said = await submit(world, opened[0], group=chosen(SLOW))
    assert f"is no part of {ID} any more, but an incident of its own: *{OTHER}*" in said
    assert [a.fingerprint for a in (await now(world, OTHER)).firing] == ["f2"]
    assert "split_groups" not in buttons(card(world, found.channel or ""))
    again = await click(world, "split_off", f"{ID}/{SLOW}", n=3)
    assert f"are not of {ID} any more" in again
    assert "about these alerts only" in await click(world, "split_off", f"{ID}/{ERRORS}", n=4)
    assert "about these alerts only" in await click(world, "split_groups", n=5)
    await world.desk.incidents.handle(ID, ChangeStatus(BO, Status.CLOSED), "over")
    assert "is closed. To go on" in await click(world, "split_groups", n=6)
    assert "its alerts are not silenced" in await click(world, "silence_groups", n=7)
    assert len(opened) == 1


async def test_a_storm_lists_its_groups_and_one_can_be_split_off(world: World) -> None:
    world.rules.fixed = replace(world.rules.fixed, on_call_people=("UCY",))
    for n in range(5):
        told = alert(f"f{n}", service=f"service-{n}", summary=f"trouble {n}")
        await world.intake.take(group(told, key=f"g{n}"))
    said = "\n".join(await world.work(3))
    storm = next(i for i in await world.desk.board.suggestions(ANA))
    shown = str(card(world))
    assert ":rotating_light: *A storm*" in shown
    assert "trouble 3" in shown
    assert "trouble 4" in shown
    assert buttons(card(world)).count("split_off") == 2
    assert "A storm of alerts" in str(world.chat.directly) or "You are paged" in said
    value = f"{storm.id}/{name_of('alertmanager', 'g4')}"
    assert "an incident of its own" in await click(world, "split_off", value)
    assert "trouble 4" not in str(card(world))


async def test_a_step_is_an_action_item_of_who_clicks(world: World) -> None:
    told = alert(severity="warning", summary="OOMKilled: checkout ran out of memory")
    await world.intake.take(group(told))
    await world.work()
    step = re.search(rf"'step_1', 'value': '({ID}/[^']+)'", str(card(world)))
    assert step
    said = await click(world, "step_1", step[1])
    (item,) = (await now(world)).actions
    assert (item.owner, item.urgency, item.text) == ("UBO", Urgency.HIGH, "restart checkout")
    assert (await now(world)).commander == "UBO"  # it was accepted first
    assert "restart checkout" in said
    assert "It is <@UBO>'s already: action item 1" in await click(
        world, "step_1", step[1], by="UEVE"
    )
    assert "not proposed any more" in await click(world, "step_1", f"{ID}/dance/", n=3)


async def test_a_step_for_no_service_in_particular_names_none(world: World) -> None:
    await world.intake.take(group(alert(severity="warning", service="", summary="error rate")))
    await world.work()
    shown = str(card(world))
    assert "'I will look at what changed lately'" in shown
    assert "'I will see whether what it needs works'" in shown


async def test_a_rule_can_be_disagreed_with_and_agreed_with_again(world: World) -> None:
    told = alert(severity="warning", summary="OOMKilled: checkout ran out of memory")
    await world.intake.take(group(told))
    await world.work()
    assert "Perhaps *memory runs out*: rule `memory.oom`" in str(card(world))
    said = await click(world, "rule_disagree_1", f"{ID}/memory.oom")
    assert "From now on rule `memory.oom` is left out" in said
    shown = str(card(world))
    assert "Perhaps *memory runs out*" not in shown
    assert "Left out, as somebody disagrees: rule `memory.oom`" in shown
    await click(world, "rule_agree_1", f"{ID}/memory.oom", n=2)
    assert "Perhaps *memory runs out*" in str(card(world))
    assert "tells nothing of it" in await click(world, "rule_disagree_1", f"{ID}/no.rule", n=3)


async def test_all_clear_asks_and_not_yet_changes_nothing(world: World, opened: Opened) -> None:
    await world.intake.take(group())
    await world.work(3)
    await world.intake.take(group(alert(ended=world.clock.now())))
    said = "\n".join([*await world.work(301), *await world.work(3)])
    assert f"All alerts of {ID} have been quiet since" in said
    before = await now(world)
    told = await click(world, "not_yet")
    assert f"<@UBO> says that {ID} is not over: it stays detected" in told
    assert await now(world) == before
    assert await click(world, "resolve", n=2) == ""
    assert opened[0]["callback_id"] == "resolve"
    await world.desk.incidents.handle(ID, ChangeStatus(BO, Status.RESOLVED), "over")
    assert "It is over already" in await click(world, "not_yet", n=3)


async def test_what_made_it_worse_is_named(world: World) -> None:
    await world.desk.incidents.handle(
        None, Declare(ANA, "checkout is odd", Severity.P3, services=("checkout",)), "r"
    )
    await world.work()
    await world.intake.take(group())
    said = "\n".join(await world.work(3))
    assert "<@UANA>: alerts have made INC-20260115-001 P1 high." in said
    assert "*ErrorsHigh* · one order in ten fails · P1" in said


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (f"{ID}", "P2 medium · INC-20260115-001 · one order in ten fails"),
        (f"status {ID}", "'accept'"),
        (f"ack {ID}", "It is an incident now, taken by <@UEVE>"),
        (f"triage {ID} P1 checkout: carts are empty", "P1 high · investigating"),
        (f"triage {ID} P1", "P1 high · triaging"),
        (f"decline {ID} a test", f"{ID} is declined: a test"),
        (f"merge {ID}", "There is no incident to merge."),
        (f"merge {OTHER} {ID}", "I know no such incident"),
        (f"severity {ID} P1", "only suggested by alerts so far. Accept it first"),
        (f"update {ID} all is well", "only suggested by alerts so far"),
        (f"resolve {ID} now", "only suggested by alerts so far"),
        (f"export {ID}", "only suggested by alerts so far"),
        ("list", f"Alerts suggest 1 more, and nobody has answered: {ID} (<#CTRIAGE>)"),
        ("list suggested", f"Suggested by alerts: 1. {ID} P2 medium one order in ten fails"),
        ("list all", "No incident that you can see is such: all"),
        ("stats", "0"),
    ],
)
async def test_verbs_know_what_is_only_suggested(suggested: World, text: str, answer: str) -> None:
    assert answer.replace("'", '"') in await types(suggested, text)


async def test_an_incident_merged_into_a_suggestion_is_the_wrong_way_round(
    suggested: World,
) -> None:
    await suggested.desk.incidents.handle(None, Declare(ANA, "mail is late"), "r2")
    told = await types(suggested, f"merge {OTHER} {ID}")
    assert f"the other way round: `/incident merge {ID} into {OTHER}`" in told


async def test_home_says_what_waits(suggested: World) -> None:
    await suggested.slack(payloads.home_opened(by="UEVE"))
    await suggested.work()
    assert f"nobody has answered: {ID}" in str(suggested.chat.homes["UEVE"])
    await click(suggested, "accept")
    await suggested.work(10)
    assert "nobody has answered" not in str(suggested.chat.homes["UEVE"])


async def test_what_becomes_private_is_no_longer_shown_where_people_triage(
    suggested: World,
) -> None:
    await click(suggested, "accept")
    for by, wish in ((ANA, Join(ANA)), (ANA, MakePrivate(ANA, ()))):
        await suggested.desk.incidents.handle(ID, wish, f"{by}/{wish}")
    await suggested.work(3)
    assert card(suggested) == {"text": "This incident is no longer shown here."}
    told = await types(suggested, f"status {ID}")
    assert "I know no such incident" in told
    for action in ("accept", "dismiss", "merge", "silence", "split_off", "not_yet", "step_1"):
        said = await click(suggested, action, f"{ID}/{ERRORS}", by="UEVE", n=len(action))
        assert "one order in ten" not in said
    outcome = await suggested.intake.take(group(WARNING, alert("f2", "warning")))
    assert outcome.incident is None


async def test_hostile_words_in_alerts_reach_the_card_harmlessly(world: World) -> None:
    told = replace(
        alert(severity="warning", summary="<!channel> & <@UEVE> " * 600, team="\u202e🔥"),
        name="<https://evil.example|x>",
        link="https://example.com/a|b>c",
    )
    await world.intake.take(group(told))
    await world.work()
    shown = str(card(world))
    assert "<!channel>" not in shown
    assert "<https://evil" not in shown
    assert "https://example.com/a%7Cb&gt;c|at its source" in shown
