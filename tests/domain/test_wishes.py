"""The rules of working on an incident, one row each: given, when, then."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.domain.authority import BOT, Authority, Source
from bot.domain.catalogue import Service
from bot.domain.commands import (
    Absorb,
    AcceptRole,
    AddAction,
    AddNote,
    ChangeAction,
    ChangeSeverity,
    ChangeStatus,
    CheckPaged,
    CheckUpdated,
    Command,
    Conclude,
    Declare,
    DeclineRole,
    DescribeImpact,
    EditNote,
    FinishAction,
    Join,
    Leave,
    MakePrivate,
    Merge,
    NameServices,
    OfferRole,
    ReopenAction,
    Resolve,
    Retire,
    RetractAction,
    RetractNote,
    SetMilestone,
    Shelve,
    Subscribe,
    Triage,
    Unsubscribe,
    Update,
)
from bot.domain.decisions import decide
from bot.domain.errors import Refused
from bot.domain.facts import (
    Absorbed,
    Acknowledged,
    ActionAdded,
    ActionRetracted,
    DataLoss,
    Fact,
    HandoverDeclined,
    Left,
    MadePrivate,
    MergedInto,
    Milestone,
    MilestoneSet,
    Noted,
    NoteEdited,
    NoteRetracted,
    Paged,
    Role,
    RoleAssigned,
    SeverityChanged,
    StatusChanged,
    StoodDown,
    Updated,
    Urgency,
)
from bot.domain.incident import Incident, Post, replay
from bot.domain.milestones import durations
from bot.domain.policy import Policy
from bot.domain.severity import Severity
from bot.domain.status import Status
from tests.samples import (
    ANA,
    ASSIGNED,
    BO,
    CLOSED,
    DECLARED,
    EVE,
    GONE,
    HIDDEN,
    IMPACT,
    JOINED,
    LEARNED,
    MERGED,
    MISSED,
    NOTED,
    OFFERED,
    PAGED,
    PINNED,
    PRIVATE,
    REOPENED,
    RESOLVED,
    RETIRED,
    ROOM,
    SERVICES,
    SUBSCRIBED,
    TAKEN,
    TODO,
    TODO_AGAIN,
    TODO_CHANGED,
    TODO_DONE,
    UNSUBSCRIBED,
    UPDATED,
    WORSE,
    T,
    declared,
    stamp,
)

CY = Authority("UCY", Source.SLACK)
HOUR = timedelta(hours=1)


def _at(fact: Fact, at: datetime) -> Fact:
    return replace(fact, stamp=replace(fact.stamp, occurred_at=at))


HERE = Post("C1", "4.4")
ON_CALL = Policy(
    on_call_people=("UCY", "UDI"),
    services={"checkout": Service("checkout", on_call=("UFAY", "UGUS"))},
)
COMMAND = Role.COMMANDER
OTHER = replay("INC-20260115-002", [declared("UEVE")])
P0, P1, P2 = Severity.P0, Severity.P1, Severity.P2
PASSED = [declared(), replace(UPDATED, update_by=T)]


@pytest.mark.parametrize(
    ("given", "when", "then"),
    [
        (
            [],
            Declare(ANA, "checkout is down", details=" since ten "),
            [replace(DECLARED, details="since ten")],
        ),
        ([DECLARED], NameServices(BO, ("checkout", "payments")), [SERVICES]),
        ([DECLARED, SERVICES], NameServices(BO, ("payments", "checkout")), []),
        ([DECLARED], DescribeImpact(BO, " one order in three fails "), [IMPACT]),
        (
            [DECLARED],
            Triage(BO, Severity.P0, ("checkout", "payments"), "one order in three fails"),
            [WORSE, SERVICES, IMPACT, TAKEN, StatusChanged(stamp("UBO"), Status.INVESTIGATING)],
        ),
        ([DECLARED, TAKEN, RESOLVED], Triage(BO), []),
        (
            [DECLARED],
            ChangeStatus(BO, Status.DECLINED, " a test "),
            [StatusChanged(stamp("UBO"), Status.DECLINED, "a test")],
        ),
        ([DECLARED], Resolve(BO), [RESOLVED]),
        (
            [DECLARED],
            Resolve(BO, T, Conclude(BO, DataLoss.NO, "a bad rollout", "rolled back", "a canary")),
            [MilestoneSet(stamp("UBO"), Milestone.IMPACT_ENDED, T), LEARNED, RESOLVED],
        ),
        ([DECLARED, LEARNED], Conclude(BO, root_cause=" a bad rollout"), []),
        (
            [DECLARED, LEARNED],
            Conclude(BO, root_cause=""),
            [replace(LEARNED, root_cause="")],
        ),
        ([DECLARED, CLOSED], SetMilestone(BO, Milestone.MITIGATED, None), []),
        (
            [DECLARED, CLOSED],
            SetMilestone(BO, Milestone.RESOLVED, T),
            [MilestoneSet(stamp("UBO"), Milestone.RESOLVED, T)],
        ),
        ([DECLARED], Merge(BO, OTHER), [MergedInto(stamp("UBO"), OTHER.id)]),
        ([DECLARED], Absorb(BO, OTHER), [Absorbed(stamp("UBO"), OTHER.id, ("UEVE",))]),
        ([DECLARED], MakePrivate(ANA, ("UBO",)), [HIDDEN]),
        ([DECLARED], OfferRole(ANA, COMMAND, "UBO", "all quiet "), [OFFERED]),
        ([DECLARED], OfferRole(BO, COMMAND, "UBO"), [ASSIGNED]),
        ([DECLARED, ASSIGNED], OfferRole(ANA, COMMAND, "UBO"), []),
        (
            [DECLARED],
            OfferRole(ANA, Role.SCRIBE, "UBO"),
            [RoleAssigned(stamp(), Role.SCRIBE, "UBO")],
        ),
        ([DECLARED, OFFERED], AcceptRole(BO, COMMAND), [ASSIGNED]),
        ([DECLARED, OFFERED, ASSIGNED], AcceptRole(BO, COMMAND), []),
        ([DECLARED, OFFERED], DeclineRole(ANA, COMMAND), [HandoverDeclined(stamp(), COMMAND)]),
        ([DECLARED], Update(ANA, " still looking"), [UPDATED]),
        (
            [declared(severity=P2)],
            Update(ANA, "later", timedelta(hours=2)),
            [Updated(stamp(), "later", T + 2 * HOUR)],
        ),
        ([DECLARED], Update(ANA, "look", source=HERE), [megaphoned := replace(
            UPDATED, text="look", from_channel="C1", from_ts="4.4")]),
        ([DECLARED, megaphoned, UPDATED], Update(BO, "look", source=HERE), []),
        ([DECLARED, RESOLVED], Update(ANA, "over"), [Updated(stamp(), "over", None)]),
        ([DECLARED, RESOLVED, CLOSED], AddNote(BO, "the cache was full"), [NOTED]),
        ([DECLARED, NOTED], AddNote(BO, "", source=HERE), [PINNED]),
        ([DECLARED, NOTED, PINNED], AddNote(ANA, "", source=HERE), []),
        ([DECLARED, NOTED], EditNote(ANA, 1, at=T + HOUR), [edited := NoteEdited(
            stamp(), 1, "the cache was full", T + HOUR)]),
        ([DECLARED, NOTED, edited], EditNote(ANA, 1, "the cache was full"), []),
        ([DECLARED, NOTED], RetractNote(ANA, 1), [NoteRetracted(stamp(), 1)]),
        ([DECLARED, PINNED], RetractNote(ANA, source=HERE), [NoteRetracted(stamp(), 2)]),
        ([DECLARED], RetractNote(ANA, source=HERE), []),
        (
            [DECLARED],
            AddAction(BO, "alert on it", "UANA", date(2026, 1, 22), Urgency.HIGH),
            [TODO],
        ),
        (
            [DECLARED, TODO],
            AddAction(ANA, "", source=HERE),
            [added := ActionAdded(stamp(), 2, "", None, None, Urgency.MEDIUM, "C1", "4.4")],
        ),
        ([DECLARED, TODO, added], AddAction(BO, "", source=HERE), []),
        ([DECLARED, added], RetractAction(ANA, source=HERE), [ActionRetracted(stamp(), 2)]),
        (
            [DECLARED, TODO],
            ChangeAction(BO, 1, "alert on it early", None, None, Urgency.LOW),
            [TODO_CHANGED],
        ),
        ([DECLARED, CLOSED, TODO], FinishAction(ANA, 1), [TODO_DONE]),
        ([DECLARED, TODO, TODO_DONE], FinishAction(ANA, 1), []),
        ([DECLARED, TODO, TODO_DONE], ReopenAction(ANA, 1), [TODO_AGAIN]),
        ([DECLARED], Subscribe(Authority("USUE", Source.SLACK)), [SUBSCRIBED]),
        ([DECLARED, SUBSCRIBED], Unsubscribe(Authority("USUE", Source.SLACK)), [UNSUBSCRIBED]),
        ([DECLARED], Unsubscribe(BO), []),
        ([DECLARED, ROOM], Join(EVE, "C2"), []),  # what was its channel once tells nothing
        ([DECLARED, ROOM, JOINED], Leave(EVE, "C2"), []),
        # Slack tells again what was not acknowledged: what came later counts
        ([PRIVATE, ROOM, JOINED, GONE], Join(EVE, "C1", T - HOUR), []),
        ([PRIVATE, ROOM, JOINED, GONE], Join(EVE, "C1", T + HOUR), [_at(JOINED, T + HOUR)]),
        ([PRIVATE, ROOM, JOINED], Leave(EVE, "C1", T - HOUR), []),
        ([PRIVATE, ROOM, JOINED], Leave(EVE, "C1", T + HOUR), [_at(GONE, T + HOUR)]),
        ([PRIVATE, ROOM, JOINED], Join(EVE, "C1", T + HOUR), [_at(JOINED, T + HOUR)]),
        ([PRIVATE, ROOM, JOINED], Join(EVE, "C1", T), []),
        (PASSED, CheckUpdated(BOT), [replace(MISSED, update_by=T)]),
        ([*PASSED, replace(MISSED, update_by=T)], CheckUpdated(BOT), []),
        ([*PASSED, RESOLVED], CheckUpdated(BOT), []),
        ([DECLARED, ROOM, RESOLVED], Retire(BOT, 3), [RETIRED]),
        ([DECLARED, ROOM, RESOLVED, CLOSED], Retire(BOT, 3), [RETIRED]),
        ([DECLARED, ROOM, RESOLVED, REOPENED], Retire(BOT, 3), []),
        ([DECLARED, ROOM, RESOLVED, REOPENED, RESOLVED], Retire(BOT, 3), []),
        ([DECLARED, ROOM, RESOLVED, REOPENED, RESOLVED], Retire(BOT, 5), [RETIRED]),
        ([DECLARED, TODO, RESOLVED, CLOSED], Shelve(BOT), []),  # there is still something to do
    ],
)  # fmt: skip
def test_given_when_then(given: list[Fact], when: Command, then: list[Fact]) -> None:
    assert decide(replay("I", given), when, Policy(), T) == then


@pytest.mark.parametrize(
    ("given", "when", "words"),
    [
        ([DECLARED], DescribeImpact(BO, " "), "What do users notice"),
        ([DECLARED], Update(BO, "\u200b"), "What should it say"),
        ([DECLARED], AddNote(BO, ""), "What should it say"),
        ([DECLARED], EditNote(BO, 1, "x"), "has no timeline entry 1"),
        ([DECLARED, NOTED], EditNote(BO, 1, " "), "say instead"),
        ([DECLARED], RetractNote(BO, 4), "has no timeline entry 4"),
        ([DECLARED], AddAction(BO, " "), "What has to be done"),
        ([DECLARED], FinishAction(BO, 2), "has no action item 2"),
        ([DECLARED, TODO], ChangeAction(BO, 1, "", None, None, Urgency.LOW), "has to be done"),
        ([DECLARED], RetractAction(BO, 2), "has no action item 2"),
        ([DECLARED], AcceptRole(BO, COMMAND), "Nobody waits for you"),
        ([DECLARED, OFFERED], AcceptRole(EVE, COMMAND), "Nobody waits for you"),
        ([DECLARED, OFFERED], DeclineRole(EVE, COMMAND), "No offer of yours"),
        ([DECLARED, MERGED], AddNote(BO, "x"), "merged into INC-20260115-002"),
        ([DECLARED, CLOSED], Update(BO, "x"), "declare a new one"),
        ([DECLARED], SetMilestone(BO, Milestone.RESOLVED, T), "`/incident resolve` says that"),
        ([DECLARED, MERGED], SetMilestone(BO, Milestone.RESOLVED, T), "Say it there"),
        ([DECLARED, RESOLVED], SetMilestone(BO, Milestone.RESOLVED, None), "so it was at some"),
        ([DECLARED, CLOSED], SetMilestone(BO, Milestone.RESOLVED, None), "so it was at some"),
        ([DECLARED], Merge(BO, replay("I", [DECLARED])), "into itself"),
        ([DECLARED], Merge(BO, Incident("X")), "no such incident"),
        ([DECLARED], Merge(BO, replay("X", [PRIVATE])), "no such incident"),
        ([DECLARED], Merge(ANA, replay("X", [PRIVATE])), "cannot be merged: it would show"),
        ([DECLARED], Merge(BO, replay("X", [DECLARED, RESOLVED])), "nothing can be merged"),
        ([DECLARED, RESOLVED], Absorb(BO, OTHER), "nothing can be merged"),
        ([PRIVATE], MakePrivate(ANA, ()), "is private already"),
        ([DECLARED], MakePrivate(EVE, ()), "Only somebody who takes part"),
        ([PRIVATE], OfferRole(ANA, Role.SCRIBE, "UBO"), "not in this private incident"),
        ([PRIVATE], AddAction(ANA, "x", "UBO"), "not in this private incident"),
        ([PRIVATE], Subscribe(BO), "no such incident"),
    ],
)
def test_refused(given: list[Fact], when: Command, words: str) -> None:
    with pytest.raises(Refused, match=words):
        decide(replay("I", given), when, Policy(), T)


def test_a_service_is_one_of_the_catalogues() -> None:
    for command in (NameServices(ANA, ("chekout",)), Declare(ANA, "x", services=("chekout",))):
        given = [DECLARED] if isinstance(command, NameServices) else []
        with pytest.raises(Refused, match="has no service `chekout`") as told:
            decide(replay("I", given), command, ON_CALL, T)
        assert told.value.about == "services"


@pytest.mark.parametrize(
    ("given", "when", "paged"),
    [
        ([], Declare(ANA, "x", P0), ["UCY", "UDI"]),
        ([], Declare(ANA, "x", P1), ["UCY"]),
        ([], Declare(ANA, "x", P1, services=("checkout",)), ["UFAY"]),
        ([], Declare(ANA, "x", P0, services=("checkout",)), ["UFAY", "UGUS", "UCY", "UDI"]),
        ([], Declare(CY, "x", P0), ["UDI"]),
        ([], Declare(Authority("UCY", Source.SLACK, frozenset({"on-call"})), "x", P1), []),
        ([], Declare(ANA, "x", P2), []),
        ([], Declare(ANA, "x"), []),  # there is time to decide
        ([replace(DECLARED, page_by=T)], CheckPaged(BOT), ["UCY"]),
        ([DECLARED], CheckPaged(BOT), []),  # the time is not over
        ([replace(DECLARED, page_by=T), TAKEN], CheckPaged(BOT), []),
        ([replace(DECLARED, page_by=T), RESOLVED], CheckPaged(BOT), []),
        ([replace(DECLARED, page_by=T), PAGED], CheckPaged(BOT), []),
        ([DECLARED, PAGED], ChangeSeverity(BO, P0), ["UDI"]),
        ([DECLARED, TAKEN], ChangeSeverity(BO, P1), []),
        ([DECLARED, TAKEN], ChangeSeverity(BO, P0), ["UCY", "UDI"]),
        ([], Declare(ANA, "x", P0, private=True), []),
        ([], Declare(ANA, "x", P0, private=True, invited=("UDI",)), ["UDI"]),
    ],
)
def test_who_is_paged(given: list[Fact], when: Command, paged: list[str]) -> None:
    facts = decide(replay("I", given), when, ON_CALL, T)
    assert [person for f in facts if isinstance(f, Paged) for person in f.people] == paged


@pytest.mark.parametrize(
    "when",
    [
        ChangeSeverity(BO, P2),
        ChangeStatus(BO, Status.DECLINED),
        ChangeStatus(BO, Status.RESOLVED),
        Merge(BO, OTHER),
    ],
)
def test_who_was_paged_is_stood_down(when: Command) -> None:
    facts = decide(replay("I", [DECLARED, PAGED]), when, ON_CALL, T)
    assert facts[-1] == StoodDown(stamp("UBO"), ("UCY",))
    taken: list[Fact] = [DECLARED, PAGED, Acknowledged(stamp("UCY"))]
    assert StoodDown not in {type(f) for f in decide(replay("I", taken), when, ON_CALL, T)}


def test_who_is_made_private_to_and_who_is_not() -> None:
    facts: list[Fact] = [DECLARED, ROOM, JOINED, SUBSCRIBED, HIDDEN]
    private = replay("I", facts)
    assert private.people == {"UANA", "UBO"}
    assert (private.channel, private.former_channels) == (None, ("C1",))
    assert not private.subscribers


@pytest.mark.parametrize("gone", [HIDDEN, Left(stamp("UEVE"))], ids=["not chosen", "left"])
def test_who_is_not_in_a_private_incident_has_no_part_in_it(gone: Fact) -> None:
    lead = replace(ASSIGNED, role=Role.SCRIBE, person="UEVE")
    theirs: list[Fact] = [replace(TODO, owner="UEVE"), replace(SUBSCRIBED, stamp=stamp("UEVE"))]
    parts: list[Fact] = [
        JOINED,
        lead,
        replace(OFFERED, person="UEVE"),
        replace(PAGED, people=("UEVE",)),
        *theirs,
    ]
    begun = DECLARED if isinstance(gone, MadePrivate) else PRIVATE
    private = replay("I", [begun, *parts, gone])
    known = replace(private, left=frozenset(), joined=frozenset(), moved={})
    assert "UEVE" not in str(known)
    if begun is PRIVATE:
        kept = replay("I", [begun, SUBSCRIBED, *parts, gone])
        assert set(kept.subscribers) == {"USUE"}  # a reader of private incidents
    public = replay("I", [DECLARED, *parts, Left(stamp("UEVE"))])
    assert public.actions[0].owner == "UEVE"


def test_who_is_not_chosen_does_not_lead_on() -> None:
    led: list[Fact] = [DECLARED, replace(ASSIGNED, person="UEVE"), HIDDEN]
    assert replay("I", led).commander == "UANA"


def test_a_subscriber_is_told_but_is_not_in_it() -> None:
    facts: list[Fact] = [DECLARED, SUBSCRIBED]
    subscribed = replay("I", facts)
    assert set(subscribed.subscribers) == {"USUE"}
    assert "USUE" not in subscribed.people


def test_durations_come_from_the_milestones_and_can_be_corrected() -> None:
    later = replace(stamp(), occurred_at=T + HOUR)
    facts: list[Fact] = [
        DECLARED,
        replace(TAKEN, stamp=later),
        StatusChanged(later, Status.RESOLVED),
    ]
    assert durations(replay("I", facts).milestones) == {
        "to_acknowledge": HOUR,
        "to_resolve": HOUR,
    }
    facts += [
        MilestoneSet(stamp(), Milestone.RESOLVED, T + 2 * HOUR),
        MilestoneSet(stamp(), Milestone.ACKNOWLEDGED, None),
    ]
    assert durations(replay("I", facts).milestones) == {"to_resolve": 2 * HOUR}


def test_a_severity_that_was_decided_ends_the_wait_for_a_decision() -> None:
    decided = SeverityChanged(stamp(), P2, T + HOUR, T + HOUR)
    assert replay("I", [DECLARED, decided]).page_by is None


TOKEN = "ghp_" + "a1B2c3D4" * 4 + "e5F6"


@pytest.mark.parametrize(
    "when",
    [
        Update(BO, f"it was {TOKEN}"),
        AddNote(BO, f"it was {TOKEN}"),
        AddAction(BO, f"rotate {TOKEN}"),
        DescribeImpact(BO, f"{TOKEN} leaked"),
        ChangeStatus(BO, Status.DECLINED, f"{TOKEN} leaked"),
        OfferRole(BO, COMMAND, "UEVE", f"use {TOKEN}"),
        Resolve(BO, learned=Conclude(BO, root_cause=f"{TOKEN} leaked")),
    ],
)
def test_no_secret_is_written_down_for_ever(when: Command) -> None:
    facts = decide(replay("I", [DECLARED]), when, Policy(), T)
    assert facts
    assert TOKEN not in str(facts)


@pytest.mark.parametrize(
    "when",
    [
        Declare(BO, f"{TOKEN} leaked"),
        Declare(BO, "a leak", details=f"{TOKEN} leaked"),
        Declare(BO, f"{'x' * 150} {TOKEN} leaked", details="it is long"),
    ],
)
def test_no_secret_is_in_a_declaration_for_ever(when: Declare) -> None:
    assert TOKEN not in str(decide(Incident("I"), when, Policy(), T))


def test_numbers_are_not_given_twice() -> None:
    facts: list[Fact] = [DECLARED, NOTED, NoteRetracted(stamp(), 1)]
    (noted,) = decide(replay("I", facts), AddNote(BO, "again"), Policy(), T)
    assert isinstance(noted, Noted)
    assert noted.note == 2
