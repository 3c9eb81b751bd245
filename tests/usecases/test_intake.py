"""What becomes of what sources tell: opened, suggested, joined, counted, or left alone."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from bot.domain.alert_commands import Accept, Dismiss
from bot.domain.alerts import AlertRules, Group, Maintenance, Outcome, Raise, Result, Threshold
from bot.domain.authority import BOT
from bot.domain.catalogue import Service
from bot.domain.commands import ChangeStatus, Command, MakePrivate
from bot.domain.facts import Fact
from bot.domain.incident import Incident
from bot.domain.severity import Severity
from bot.domain.status import Status
from bot.domain.watching import WatchRules
from bot.sources import Reached
from bot.usecases.watch import Sources
from handlers.web.alerts.pagerduty import groups
from tests.alarms import MINUTE, alert, group
from tests.alerts import pagerduty
from tests.fakes.clock import SteppedClock
from tests.fakes.sources import FakeAddresses, FakeLogs
from tests.fakes.store import MemoryStore
from tests.samples import ANA, BO
from tests.world import World

SHOP = {
    "web": Service("web", depends_on=("checkout",)),
    "checkout": Service("checkout", depends_on=("db",)),
    "db": Service("db"),
    "mail": Service("mail"),
    **{f"s{n}": Service(f"s{n}") for n in range(9)},
    **{f"d{n}": Service(f"d{n}", depends_on=("db",)) for n in range(200)},
}


@pytest.fixture
def world() -> World:
    made = World()
    made.rules.fixed = replace(made.rules.fixed, services=SHOP, on_call_people=("UCY",))
    return made


def now(world: World, fingerprint: str = "f1", *told: str, key: str = "") -> Group:
    """Return a group of one alert that begins now."""
    return group(alert(fingerprint, *told, at=world.clock.now()), key=key or fingerprint)


def with_rules(world: World, rules: AlertRules) -> None:
    world.rules.fixed = replace(world.rules.fixed, alerts=rules)


async def known(world: World, incident: str | None) -> Incident:
    found = await world.desk.board.anything(incident or "", BOT)
    assert found
    return found


async def test_what_is_bad_opens_an_incident_with_a_channel_and_pages(world: World) -> None:
    outcome = await world.intake.take(now(world))
    assert outcome.result is Result.OPENED
    said = await world.work()
    incident = await known(world, outcome.incident)
    assert incident.channel in world.chat.rooms
    assert (incident.severity, incident.declared_by) == (Severity.P1, "bot")
    assert any("UCY" in line for line in said)


async def test_what_is_less_bad_is_suggested_where_people_triage(world: World) -> None:
    outcome = await world.intake.take(now(world, "f1", "warning"))
    assert outcome.result is Result.SUGGESTED
    await world.work()
    incident = await known(world, outcome.incident)
    assert incident.status is None
    assert incident.suggestion
    assert incident.suggestion.post
    assert incident.suggestion.post.channel == "CINCIDENTS"
    assert await world.desk.board.every(BOT) == []
    after = await world.desk.incidents.handle(incident.id, Accept(BO), "k")
    await world.work()
    assert after.status is Status.TRIAGING
    assert (await known(world, incident.id)).channel


async def test_what_is_told_again_changes_nothing(world: World) -> None:
    told = now(world)
    first = await world.intake.take(told)
    head = await world.store.head()
    again = await world.intake.take(told)
    assert (again.result, again.incident) == (Result.COUNTED, first.incident)
    assert await world.store.head() == head


@pytest.mark.parametrize(
    ("service", "severity", "result"),
    [
        ("checkout", "critical", Result.JOINED),
        ("web", "critical", Result.JOINED),
        ("db", "warning", Result.JOINED),
        ("mail", "critical", Result.OPENED),
        ("mail", "warning", Result.SUGGESTED),
        ("checkout", "info", Result.JOINED),
        ("mail", "info", Result.NOTED),
    ],
)
async def test_what_shares_a_service_or_a_need_joins(
    world: World, service: str, severity: str, result: Result
) -> None:
    first = await world.intake.take(now(world))
    second = await world.intake.take(now(world, "f2", severity, service))
    assert second.result is result
    joined = second.incident == first.incident
    assert joined is (result is Result.JOINED)


async def test_what_is_private_takes_up_nothing_but_its_own_alerts(world: World) -> None:
    first = await world.intake.take(now(world))
    incident = first.incident or ""
    await world.desk.incidents.handle(incident, ChangeStatus(ANA, Status.MITIGATING), "a")
    await world.desk.incidents.handle(incident, MakePrivate(ANA, ()), "p")
    other = await world.intake.take(now(world, "f2"))
    assert other.result is Result.OPENED
    world.clock.advance(60)
    own = await world.intake.take(
        group(alert(at=world.clock.now()), alert("f3", at=world.clock.now()), key="f1")
    )
    assert own.incident is None  # whoever tells of alerts may not know of it
    assert len((await known(world, incident)).alarms) == 2


class InterruptedStore(MemoryStore):
    """One where something happens just before an incident is looked up to be changed."""

    between: Callable[[], Awaitable[object]] | None = None

    async def history(self, incident: str, after: int = 0) -> Sequence[Fact]:
        between, self.between = self.between, None
        if between:
            await between()
        return await super().history(incident, after)


@pytest.mark.parametrize("end", [ChangeStatus(ANA, Status.CLOSED), MakePrivate(ANA, ())])
async def test_what_ends_or_becomes_private_just_then_takes_up_nothing(
    clock: SteppedClock, end: Command
) -> None:
    store = InterruptedStore(clock)
    world, other = World(store=store, clock=clock), World(store=store, clock=clock)
    world.rules.fixed = replace(world.rules.fixed, services=SHOP)
    first = await world.intake.take(now(world))
    await other.desk.incidents.handle(first.incident, ChangeStatus(ANA, Status.MITIGATING), "m")
    store.between = partial(other.desk.incidents.handle, first.incident, end, "end")
    second = await world.intake.take(now(world, "f2"))
    assert store.between is None
    assert second.result is Result.OPENED
    assert second.incident not in {None, first.incident}


async def test_too_many_at_once_are_one_suggestion_and_one_page(world: World) -> None:
    results = [
        (await world.intake.take(now(world, f"f{n}", "critical", f"s{n}"))).result
        for n in range(9)
    ]
    assert results == [Result.OPENED] * 3 + [Result.SUGGESTED] + [Result.JOINED] * 5
    waiting = await world.desk.board.suggestions(BOT)
    assert [len(incident.alarms) for incident in waiting] == [6]
    assert len(await world.desk.board.every(BOT)) == 3
    said = await world.work()
    assert sum(line.startswith("to UCY") for line in said) == 4
    world.clock.advance(601)
    later = await world.intake.take(now(world, "late", "critical", "mail"))
    assert later.result is Result.OPENED


async def test_200_warnings_of_as_many_services_are_ten_messages(world: World) -> None:
    alone = {f"a{n}": Service(f"a{n}") for n in range(200)}
    world.rules.fixed = replace(world.rules.fixed, services=alone)
    results = [
        (await world.intake.take(now(world, f"f{n}", "warning", f"a{n}"))).result
        for n in range(200)
    ]
    assert results == [Result.SUGGESTED] * 10 + [Result.JOINED] * 190
    await world.work()
    assert len(world.chat.rooms["CINCIDENTS"].posts) == 10
    world.clock.advance(601)
    later = now(world, "late", "warning", "mail")
    assert (await world.intake.take(later)).result is Result.SUGGESTED


async def test_a_storm_of_warnings_hides_nothing_that_opens_by_itself(world: World) -> None:
    for n in range(9):
        await world.intake.take(now(world, f"w{n}", "warning", f"s{n}"))
    stormy = await world.intake.take(now(world, "w9", "warning", "mail"))
    assert stormy.result is Result.SUGGESTED
    bad = await world.intake.take(now(world, "c1", "critical", "mail"))
    assert bad.result is Result.OPENED
    assert bad.incident != stormy.incident
    more = [now(world, f"c{name}", "critical", name) for name in ("d1", "x", "y", "z")]
    world.rules.fixed = replace(world.rules.fixed, services={})
    results = [(await world.intake.take(told)).result for told in more]
    assert results == [Result.OPENED] * 2 + [Result.JOINED] * 2
    storm = await known(world, stormy.incident)
    assert (storm.status, storm.severity, len(storm.alarms)) == (None, Severity.P1, 3)
    paged = [line for line in await world.work() if line.startswith("to UCY")]
    assert [line for line in paged if storm.id in line]


async def test_once_there_is_a_storm_warnings_are_a_part_of_it(world: World) -> None:
    for n in range(4):
        await world.intake.take(now(world, f"f{n}", "critical", f"s{n}"))
    joined = await world.intake.take(now(world, "w", "warning", "mail"))
    [storm] = await world.desk.board.suggestions(BOT)
    assert (joined.result, joined.incident) == (Result.JOINED, storm.id)


async def test_200_groups_of_one_failing_need_are_one_incident(world: World) -> None:
    told = [now(world, f"f{n}", "critical", f"d{n}") for n in range(200)]
    outcomes = await asyncio.gather(*(world.intake.take(each) for each in told))
    assert len({outcome.incident for outcome in outcomes}) == 1
    incident = await known(world, outcomes[0].incident)
    assert len(incident.alarms) == 200


async def test_the_same_alert_from_many_at_once_is_one_incident(world: World) -> None:
    told = now(world)
    outcomes = await asyncio.gather(*(world.intake.take(told) for _ in range(20)))
    results = [outcome.result for outcome in outcomes]
    assert results.count(Result.OPENED) == 1
    assert results.count(Result.COUNTED) == 19


async def test_two_bots_take_the_same_alert_once() -> None:
    first = World()
    second = World(store=first.store, clock=first.clock)
    told = now(first)
    outcomes = await asyncio.gather(first.intake.take(told), second.intake.take(told))
    assert len({outcome.incident for outcome in outcomes}) == 1


async def test_two_bots_begin_anew_what_had_ended_once(clock: SteppedClock) -> None:
    store = InterruptedStore(clock)
    world, other = World(store=store, clock=clock), World(store=store, clock=clock)
    first = await world.intake.take(now(world))
    await world.desk.incidents.handle(first.incident, ChangeStatus(ANA, Status.CLOSED), "c")
    clock.advance(60)
    told = now(world)
    store.between = partial(other.intake.take, told)  # once this one knows whose it was
    outcome = await world.intake.take(told)
    assert store.between is None
    assert outcome.result is Result.COUNTED
    incidents = await world.desk.board.every(BOT)
    assert [incident.id for incident in incidents] == [outcome.incident, first.incident]


async def test_what_ends_just_as_another_bot_begins_it_anew_is_over(clock: SteppedClock) -> None:
    store = InterruptedStore(clock)
    world, other = World(store=store, clock=clock), World(store=store, clock=clock)
    first = await world.intake.take(now(world))
    await world.intake.take(group(alert(ended=clock.now()), key="f1"))
    await world.desk.incidents.handle(first.incident, ChangeStatus(ANA, Status.CLOSED), "c")
    clock.advance(60)
    told = now(world)
    store.between = partial(other.intake.take, told)
    ended = alert("f1", at=clock.now(), ended=clock.now() + MINUTE)
    outcome = await world.intake.take(group(ended, key="f1"))
    assert store.between is None
    assert outcome.incident != first.incident
    assert not (await known(world, outcome.incident)).firing


async def test_what_fires_again_after_it_was_resolved_reopens_it(world: World) -> None:
    first = await world.intake.take(now(world))
    incident = first.incident or ""
    await world.work()
    await world.intake.take(group(alert(ended=world.clock.now()), key="f1"))
    await world.desk.incidents.handle(incident, ChangeStatus(ANA, Status.RESOLVED), "r")
    world.clock.advance(60)
    again = await world.intake.take(now(world))
    assert (again.result, again.incident) == (Result.REOPENED, incident)
    said = await world.work()
    assert any("post" in line and "open again" in line for line in said)


async def test_what_ended_unheard_reopens_it_only_once_it_begins_anew(world: World) -> None:
    begun = world.clock.now()
    first = await world.intake.take(now(world))
    await world.desk.incidents.handle(first.incident, ChangeStatus(ANA, Status.RESOLVED), "r")
    world.clock.advance(60)
    still = await world.intake.take(group(alert("f1", at=begun), key="f1"))
    assert still.result is Result.COUNTED
    again = await world.intake.take(now(world))
    assert (again.result, again.incident) == (Result.REOPENED, first.incident)
    assert (await world.intake.take(now(world))).result is Result.COUNTED


async def test_a_false_alarm_does_not_come_back_while_it_fires(world: World) -> None:
    first = await world.intake.take(now(world, "f1", "warning"))
    begun = world.clock.now()
    await world.desk.incidents.handle(first.incident, Dismiss(BO, "a test"), "d")
    assert (await world.intake.take(now(world, "f1", "warning"))).result is Result.COUNTED
    ended = group(alert("f1", "warning", at=begun, ended=world.clock.now()), key="f1")
    assert (await world.intake.take(ended)).result is Result.COUNTED
    world.clock.advance(60)
    again = await world.intake.take(now(world, "f1", "warning"))
    assert again.result is Result.SUGGESTED
    assert again.incident != first.incident


async def test_what_joins_the_group_of_a_false_alarm_is_no_false_alarm(world: World) -> None:
    begun = world.clock.now()
    first = await world.intake.take(now(world, "f1", "warning"))
    await world.desk.incidents.handle(first.incident, Dismiss(BO, "a test"), "d")
    world.clock.advance(60)
    both = (alert("f1", "warning", at=begun), alert("f2", at=world.clock.now()))
    again = await world.intake.take(group(*both, key="f1"))
    assert (again.result, (await known(world, again.incident)).severity) == (
        Result.OPENED,
        Severity.P1,
    )
    assert again.incident != first.incident
    still = await world.intake.take(group(*both, key="f1"))
    assert (still.result, still.incident) == (Result.COUNTED, again.incident)


async def test_what_ended_unheard_and_fires_after_the_close_is_a_new_incident(
    world: World,
) -> None:
    first = await world.intake.take(now(world))
    await world.desk.incidents.handle(first.incident, ChangeStatus(ANA, Status.CLOSED), "c")
    still = await world.intake.take(now(world))
    assert still.result is Result.COUNTED
    world.clock.advance(60)
    again = await world.intake.take(now(world))
    assert again.result is Result.OPENED
    assert again.incident != first.incident


async def test_what_was_merged_goes_on_there(world: World) -> None:
    first = await world.intake.take(now(world))
    second = await world.intake.take(now(world, "f2", "warning", "mail"))
    assert first.incident
    assert second.incident
    await world.desk.incidents.merge(second.incident, first.incident, BO, "m")
    world.clock.advance(60)
    ended = alert("f2", "warning", "mail", at=world.clock.now() - MINUTE, ended=world.clock.now())
    told = await world.intake.take(group(ended, key="f2"))
    assert told.incident == first.incident
    assert len((await known(world, first.incident)).firing) == 1
    assert (await known(world, second.incident)).into == first.incident


async def test_what_was_split_off_goes_on_apart(world: World) -> None:
    first = await world.intake.take(now(world))
    await world.intake.take(now(world, "f2", "critical", "web"))
    assert first.incident
    apart = await world.desk.incidents.split(first.incident, ("alertmanager", "f2"), BO, "s")
    assert (apart.status, apart.declared_by, apart.services) == (
        Status.DETECTED,
        "UBO",
        ("web",),
    )
    world.clock.advance(60)
    told = await world.intake.take(group(alert("f2"), alert("f3", at=world.clock.now()), key="f2"))
    assert told.incident == apart.id
    again = await world.desk.incidents.split(first.incident, ("alertmanager", "f2"), BO, "s")
    assert again.id == apart.id


@pytest.mark.parametrize(("severity", "proposed"), [("critical", True), ("warning", False)])
async def test_what_only_what_is_over_is_left_of_may_be_over(
    world: World, severity: str, *, proposed: bool
) -> None:
    first = await world.intake.take(now(world, "f1", severity))
    joined = await world.intake.take(now(world, "f2", severity, "web"))
    assert first.incident == joined.incident
    await world.intake.take(group(alert("f1", severity, ended=world.clock.now()), key="f1"))
    await world.work()
    await world.desk.incidents.split(first.incident or "", ("alertmanager", "f2"), BO, "s")
    await world.work(301)
    incident = await known(world, first.incident)
    over = incident.suggestion is not None and incident.suggestion.dismissed_by == "bot"
    assert (incident.resolve_proposed is not None, over) == (proposed, not proposed)


async def test_what_maintenance_makes_fire_is_expected(world: World) -> None:
    begins = world.clock.now()
    window = Maintenance({"service": "checkout"}, begins, begins + timedelta(hours=1), "a move")
    with_rules(world, AlertRules(maintenance=(window,)))
    assert (await world.intake.take(now(world))).result is Result.EXPECTED
    both = group(alert(at=begins), alert("f2", "critical", "mail", at=begins), key="both")
    assert (await world.intake.take(both)).result is Result.OPENED
    world.clock.advance(3600)
    assert (await world.intake.take(now(world))).result in {Result.OPENED, Result.JOINED}


async def test_some_alerts_mean_something_only_if_they_are_told_often(world: World) -> None:
    rule = Threshold({"service": "checkout"}, 3, timedelta(minutes=10))
    with_rules(world, AlertRules(thresholds=(rule,)))
    assert (await world.intake.take(now(world))).result is Result.WAITING
    assert (await world.intake.take(now(world))).result is Result.WAITING
    world.clock.advance(601)
    assert (await world.intake.take(now(world))).result is Result.WAITING
    another = World(store=world.store, clock=world.clock)  # as after a restart
    another.rules.fixed = world.rules.fixed
    assert (await another.intake.take(now(world))).result is Result.WAITING
    assert (await another.intake.take(now(world))).result is Result.OPENED


async def test_of_what_is_told_often_no_more_is_kept_than_is_needed(world: World) -> None:
    rule = Threshold({"service": "checkout"}, 3, timedelta(days=1))
    with_rules(world, AlertRules(thresholds=(rule,)))
    for _ in range(20):
        world.clock.advance(5)
        await world.intake.take(now(world, "f1", "info"))
    kept = await world.store.owner("told", "alertmanager/f1")
    assert kept
    assert len(kept.split()) == 3


async def test_an_incident_that_pagerduty_reopens_fires_again_and_ends(world: World) -> None:
    begun = world.clock.now()

    async def told(kind: str, status: str) -> Outcome:
        world.clock.advance(60)
        body = pagerduty(kind, status=status, created_at=begun.isoformat())
        body["event"]["occurred_at"] = world.clock.now().isoformat()
        [one] = groups(body, world.clock.now())
        return await world.intake.take(one)

    first = await told("incident.triggered", "triggered")
    await told("incident.resolved", "resolved")
    await world.desk.incidents.handle(first.incident, ChangeStatus(ANA, Status.RESOLVED), "r")
    again = await told("incident.reopened", "triggered")
    assert (again.result, again.incident) == (Result.REOPENED, first.incident)
    await told("incident.acknowledged", "acknowledged")
    assert len((await known(world, first.incident)).firing) == 1
    await told("incident.resolved", "resolved")
    assert not (await known(world, first.incident)).firing


async def test_what_has_been_quiet_is_proposed_to_be_over(world: World) -> None:
    first = await world.intake.take(now(world))
    await world.work()
    world.clock.advance(60)
    await world.intake.take(group(alert(ended=world.clock.now()), key="f1"))
    assert not any("quiet" in line for line in await world.work(299))
    assert sum("quiet" in line for line in await world.work(2)) == 1
    assert (await known(world, first.incident)).resolve_proposed


async def test_a_suggestion_that_clears_ends_by_itself(world: World) -> None:
    first = await world.intake.take(now(world, "f1", "warning"))
    await world.work()
    await world.intake.take(group(alert(ended=world.clock.now()), key="f1"))
    await world.work(301)
    incident = await known(world, first.incident)
    assert incident.suggestion
    assert incident.suggestion.dismissed_by == "bot"


async def test_secrets_of_alerts_are_not_kept(world: World) -> None:
    token = "password=hunter2x9"
    told = alert(at=world.clock.now(), summary=f"login with {token} fails", instance=token)
    outcome = await world.intake.take(group(replace(told, description=token), key="f1"))
    facts = await world.store.history(outcome.incident or "")
    assert "hunter2x9" not in repr(facts)


async def test_of_very_many_labels_those_that_tell_something_are_kept(world: World) -> None:
    rest = {f"label_{number:02}": "x" for number in range(60)}
    told = alert(at=world.clock.now(), severity="warning", service="checkout")
    told = replace(told, labels={**told.labels, "zone": "eu", **rest})
    raised = Raise({"zone": "eu"}, Severity.P0)
    with_rules(world, AlertRules(raises=(raised,)))
    outcome = await world.intake.take(group(told))
    incident = await known(world, outcome.incident)
    assert (incident.severity, incident.services) == (Severity.P0, ("checkout",))


@pytest.mark.parametrize("alerts", [(), (alert(ended=alert().started_at),)])
async def test_what_is_over_when_it_is_told_begins_nothing(
    world: World, alerts: tuple[object, ...]
) -> None:
    told = Group("alertmanager", "k", alerts)  # type: ignore[arg-type]
    assert (await world.intake.take(told)).result is Result.COUNTED
    assert await world.desk.board.suggestions(BOT) == []


async def test_an_alert_every_5_s_for_an_hour_is_one_incident_that_is_told_rarely(
    world: World,
) -> None:
    assert isinstance(world.store, MemoryStore)
    said, results = list[str](), set[Result]()
    for _ in range(360):
        world.clock.advance(5)
        begun = world.clock.now()
        results.add((await world.intake.take(now(world))).result)
        said += await world.work()
        world.clock.advance(5)
        ended = alert(at=begun, ended=world.clock.now())
        results.add((await world.intake.take(group(ended, key="f1"))).result)
        said += await world.work()
    assert results == {Result.OPENED, Result.COUNTED}
    edits = [line for line in said if line.startswith("edit")]
    assert len([line for line in said if "post" in line]) <= 40
    assert len(edits) <= 3600 // 30 + 40


async def test_what_the_watch_sees_stands_on_the_triage_card() -> None:
    addresses = FakeAddresses()
    world = World(sources=Sources(addresses, FakeLogs()))
    addresses.answers["https://checkout.example.com/healthz"] = Reached(502, 0.1)
    service = Service("checkout", health="https://checkout.example.com/healthz")
    world.rules.fixed = replace(
        world.rules.fixed, services={"checkout": service}, watch=WatchRules(fails_after=1)
    )
    assert world.watch
    await world.watch.look()
    await world.intake.take(now(world, "f1", "warning"))
    await world.work()
    shown = repr(world.chat.rooms["CINCIDENTS"].posts)
    assert "does not answer" in shown
    assert "502" in shown
