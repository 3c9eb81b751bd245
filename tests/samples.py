"""People, moments and facts that many tests speak of."""

from datetime import UTC, datetime, timedelta

from bot.adapters.throttle import METHODS, Rate
from bot.domain.authority import Authority, Source
from bot.domain.facts import (
    Acknowledged,
    Announced,
    CardPosted,
    Cause,
    ChannelOpened,
    Declared,
    Escalated,
    Fact,
    JobBuried,
    Joined,
    Left,
    OutcomeUnknown,
    Reopened,
    SeverityChanged,
    Shelved,
    Stamp,
    StatusChanged,
    TroubleOver,
)
from bot.domain.severity import Severity
from bot.domain.status import Status

T = datetime(2026, 1, 15, 12, tzinfo=UTC)
ID = "INC-20260115-001"
ANA, BO, EVE = (Authority(name, Source.SLACK) for name in ("UANA", "UBO", "UEVE"))
ONCALL = Authority("UCY", Source.SLACK, frozenset({"on-call"}))
SECURITY = Authority("USUE", Source.SLACK, frozenset({"security"}))


def stamp(by: str = "UANA") -> Stamp:
    return Stamp(T, T, by)


def declared(
    by: str = "UANA",
    severity: Severity | None = None,
    minutes: int = 15,
    audience: tuple[str, ...] | None = None,
) -> Declared:
    due = T + timedelta(minutes=minutes)
    return Declared(stamp(by), "checkout is down", "", severity, due, audience)


DECLARED = declared()
PRIVATE = declared(audience=("security",))
TAKEN = Acknowledged(stamp("UBO"))
JOINED = Joined(stamp("UEVE"))
GONE = Left(stamp("UEVE"))
REOPENED = Reopened(stamp("UBO"), T + timedelta(minutes=15))
WORSE = SeverityChanged(stamp("UBO"), Severity.P0, T + timedelta(minutes=5))
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
EVERY_FACT: list[Fact] = [
    *(DECLARED, PRIVATE, TAKEN, JOINED, WORSE, RESOLVED, CLOSED, LATE, ROOM, CARD, TOLD),
    *(LOST_CARD, MAYBE, GONE, REOPENED, OVER, PUT_AWAY),
]

ROOMY = dict.fromkeys(METHODS, Rate(timedelta(), 1000))  # for tests of other things than turns
