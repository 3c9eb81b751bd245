"""What every fact carries, and the words that facts choose from."""

import enum
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Stamp:
    """When it was so, when we wrote it down, and who made it so."""

    occurred_at: datetime
    recorded_at: datetime
    by: str


class Cause(enum.StrEnum):
    """Why an incident needs more people than it has."""

    UNANSWERED = "unanswered"


class Role(enum.StrEnum):
    """What somebody does in an incident. There may be many responders, and one of the others."""

    COMMANDER = "commander"
    COMMUNICATIONS = "communications"
    SCRIBE = "scribe"
    RESPONDER = "responder"


class Milestone(enum.StrEnum):
    """The moments that durations are reckoned from, in the order of an incident."""

    IMPACT_STARTED = "impact_started"
    DETECTED = "detected"
    DECLARED = "declared"
    ACKNOWLEDGED = "acknowledged"
    CAUSE_IDENTIFIED = "cause_identified"
    MITIGATED = "mitigated"
    IMPACT_ENDED = "impact_ended"
    RESOLVED = "resolved"


class DataLoss(enum.StrEnum):
    """Whether data was lost; unknown is an answer too."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Urgency(enum.StrEnum):
    """How soon an action item wants to be done."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
