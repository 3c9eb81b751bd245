"""People, moments and facts that many tests speak of."""

from datetime import UTC, date, datetime, timedelta

from bot.adapters.throttle import METHODS, Rate
from bot.domain.authority import Authority, Source
from bot.domain.facts import (
    Absorbed,
    Acknowledged,
    ActionAdded,
    ActionChanged,
    ActionDone,
    ActionReopened,
    ActionRetracted,
    AlertCleared,
    AlertFired,
    AlertsMoved,
    Announced,
    CardPosted,
    Cause,
    ChannelOpened,
    ChannelRetired,
    Concluded,
    DataLoss,
    Declared,
    Dismissed,
    Escalated,
    Fact,
    HandoverDeclined,
    HandoverOffered,
    ImpactDescribed,
    ImpactMeasured,
    JobBuried,
    Joined,
    Left,
    MadePrivate,
    MergedInto,
    Milestone,
    MilestoneSet,
    Noted,
    NoteEdited,
    NoteRetracted,
    OutcomeUnknown,
    Paged,
    PostmortemFiled,
    Reopened,
    ResolveProposed,
    Role,
    RoleAssigned,
    RuleDisputed,
    ServicesNamed,
    SeverityChanged,
    Shelved,
    SilenceAsked,
    Silenced,
    SilenceLifted,
    Staged,
    Stamp,
    StatusChanged,
    StoodDown,
    Subscribed,
    SubscriptionOpened,
    Suggested,
    SuggestionPosted,
    ThreadOpened,
    TroubleOver,
    Unsubscribed,
    Updated,
    UpdateMissed,
    Urgency,
)
from bot.domain.severity import Severity
from bot.domain.status import Status

T = datetime(2026, 1, 15, 12, tzinfo=UTC)
ID = "INC-20260115-001"
ANA, BO, EVE = (Authority(name, Source.SLACK) for name in ("UANA", "UBO", "UEVE"))
ONCALL = Authority("UCY", Source.SLACK, frozenset({"on-call"}))
SECURITY = Authority("USUE", Source.SLACK, frozenset({"security"}))


TOLD_WITHIN = {
    severity: timedelta(minutes=minutes)
    for severity, minutes in zip([None, *Severity], (30, 15, 30, 60, 240), strict=True)
}


def stamp(by: str = "UANA") -> Stamp:
    return Stamp(T, T, by)


def declared(
    by: str = "UANA",
    severity: Severity | None = None,
    minutes: int = 15,
    audience: tuple[str, ...] | None = None,
) -> Declared:
    due = T + timedelta(minutes=minutes)
    return Declared(
        *(stamp(by), "checkout is down", "", severity, due, audience),
        update_by=T + TOLD_WITHIN[severity],
        page_by=None if severity else T + timedelta(seconds=60),
    )


DECLARED = declared()
PRIVATE = declared(audience=("security",))
TAKEN = Acknowledged(stamp("UBO"))
JOINED = Joined(stamp("UEVE"))
GONE = Left(stamp("UEVE"))
REOPENED = Reopened(stamp("UBO"), T + timedelta(minutes=15), T + timedelta(minutes=30))
WORSE = SeverityChanged(
    stamp("UBO"), Severity.P0, T + timedelta(minutes=5), T + timedelta(minutes=15)
)
RESOLVED = StatusChanged(stamp("UBO"), Status.RESOLVED)
CLOSED = StatusChanged(stamp("UBO"), Status.CLOSED)
LATE = Escalated(stamp("bot"), 1, Cause.UNANSWERED)
ROOM = ChannelOpened(stamp("bot"), "C1", "inc-20260115-001-checkout-is-down")
CARD = CardPosted(stamp("bot"), "1.1")
TOLD = Announced(stamp("bot"), "C9", "2.2")
LOST_CARD = JobBuried(stamp("bot"), "card", "gone")
MAYBE = OutcomeUnknown(stamp("bot"), "purpose")
OVER = TroubleOver(stamp("bot"), "card")
PUT_AWAY = Shelved(
    *(
        stamp("bot"),
        2,
        "checkout is down",
        Severity.P0,
        Status.CLOSED,
        T,
        "UANA",
        "UBO",
        "C1",
        None,
    ),
    people=("UANA", "UBO"),
)
SERVICES = ServicesNamed(stamp("UBO"), ("checkout", "payments"))
IMPACT = ImpactDescribed(stamp("UBO"), "one order in three fails")
MITIGATED = MilestoneSet(stamp("UBO"), Milestone.MITIGATED, T + timedelta(minutes=20))
NOT_KNOWN = MilestoneSet(stamp("UBO"), Milestone.IMPACT_STARTED, None)
LEARNED = Concluded(stamp("UBO"), DataLoss.NO, "a bad rollout", "rolled back", "a canary")
MERGED = MergedInto(stamp("UBO"), "INC-20260115-002")
ABSORBED = Absorbed(stamp("UBO"), "INC-20260115-003", ("UEVE",))
HIDDEN = MadePrivate(stamp("UANA"), ("security",), ("UANA", "UBO"))
PAGED = Paged(stamp("bot"), ("UCY",))
STOOD_DOWN = StoodDown(stamp("bot"), ("UCY",))
OFFERED = HandoverOffered(stamp("UANA"), Role.COMMANDER, "UBO", "all quiet")
REFUSED_IT = HandoverDeclined(stamp("UBO"), Role.COMMANDER)
ASSIGNED = RoleAssigned(stamp("UBO"), Role.COMMANDER, "UBO")
SUBSCRIBED = Subscribed(stamp("USUE"))
UNSUBSCRIBED = Unsubscribed(stamp("USUE"))
TOLD_THERE = SubscriptionOpened(stamp("bot"), "USUE", "D1", "3.3")
UPDATED = Updated(stamp("UANA"), "still looking", T + timedelta(minutes=30))
MISSED = UpdateMissed(stamp("bot"), T + timedelta(minutes=30))
NOTED = Noted(stamp("UBO"), 1, "the cache was full")
PINNED = Noted(stamp("UBO"), 2, "", "C1", "4.4")
NOTE_EDITED = NoteEdited(stamp("UANA"), 1, "the cache was too small", T)
NOTE_GONE = NoteRetracted(stamp("UANA"), 1)
TODO = ActionAdded(stamp("UBO"), 1, "alert on it", "UANA", date(2026, 1, 22), Urgency.HIGH)
TODO_CHANGED = ActionChanged(stamp("UBO"), 1, "alert on it early", None, None, Urgency.LOW)
TODO_DONE = ActionDone(stamp("UANA"), 1)
TODO_AGAIN = ActionReopened(stamp("UANA"), 1)
TODO_GONE = ActionRetracted(stamp("UANA"), 1)
THREAD = ThreadOpened(stamp("bot"), "C9", "5.5")
RETIRED = ChannelRetired(stamp("bot"), "C1")
FILED = PostmortemFiled(stamp("bot"), "F1", "https://example.com/F1", 12)
ERRORS = {"alertname": "ErrorsHigh", "service": "checkout", "severity": "critical"}
SUGGESTED = Suggested(
    *(stamp("bot"), "one order in ten fails", Severity.P2, ("checkout",), T + timedelta(hours=1))
)
SUGGESTION = SuggestionPosted(stamp("bot"), "C8", "6.6")
DISMISSED = Dismissed(stamp("UBO"), "a test")
FIRED = AlertFired(
    stamp("bot"),
    "alertmanager",
    "errors",
    "f1",
    "ErrorsHigh",
    "one order in ten fails",
    "",
    Severity.P1,
    ("checkout",),
    ERRORS,
    "https://example.com/f1",
)
CLEARED = AlertCleared(stamp("bot"), "alertmanager", "f1", T + timedelta(minutes=5))
MOVED = AlertsMoved(stamp("UBO"), "alertmanager", "errors", "INC-20260115-002")
QUIET = SilenceAsked(stamp("UBO"), "alertmanager", "errors", ERRORS, T + timedelta(hours=1))
SILENCED = Silenced(stamp("bot"), "alertmanager", "errors", "s1", T + timedelta(hours=1))
LIFTED = SilenceLifted(stamp("bot"), "s1")
PROPOSED = ResolveProposed(stamp("bot"))
DISPUTED = RuleDisputed(stamp("UBO"), "memory.oom", disputed=True)
MEASURED = ImpactMeasured(
    stamp("bot"),
    T - timedelta(minutes=10),
    T,
    1200.0,
    None,
    340.5,
    "EUR",
    {"failed": "sum(rate(errors[1m]))", "lost": "sum(rate(lost[1m]))"},
    {"users": "no query"},
)
DRILLED = Declared(
    *(stamp("UANA"), "orders fail", "", None, T + timedelta(minutes=15), None),
    practice="bad-deploy",
)
STAGED = Staged(stamp("bot"), ("kubectl --kubeconfig /tmp/drill/kubeconfig get pods",))
UNSTAGED = Staged(stamp("bot"), (), "it ended by itself, with status 1")
EVERY_FACT: list[Fact] = [
    *(DECLARED, PRIVATE, TAKEN, JOINED, WORSE, RESOLVED, CLOSED, LATE, ROOM, CARD, TOLD),
    *(LOST_CARD, MAYBE, GONE, REOPENED, OVER),
    *(SERVICES, IMPACT, MITIGATED, NOT_KNOWN, LEARNED, MERGED, ABSORBED, HIDDEN, PAGED),
    *(STOOD_DOWN, OFFERED, REFUSED_IT, ASSIGNED, SUBSCRIBED, UNSUBSCRIBED, TOLD_THERE, UPDATED),
    *(MISSED, NOTED, PINNED, NOTE_EDITED, NOTE_GONE, TODO, TODO_CHANGED, TODO_DONE, TODO_AGAIN),
    *(TODO_GONE, THREAD, RETIRED, FILED),
    *(SUGGESTED, SUGGESTION, DISMISSED, FIRED, CLEARED, MOVED, QUIET, SILENCED, LIFTED, PROPOSED),
    *(DISPUTED, MEASURED, STAGED, UNSTAGED, PUT_AWAY),
]

ROOMY = dict.fromkeys(METHODS, Rate(timedelta(), 1000))  # for tests of other things than turns
