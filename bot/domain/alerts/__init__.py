"""What a monitoring system says, what it means here, and what becomes of it."""

from .alert import Alert, Group
from .fields import Fields
from .meaning import services_of, severity_of
from .outcome import Outcome, Result
from .rules import AlertRules, Maintenance, Match, Raise, Threshold, Watchdog, matches

__all__ = [
    "Alert",
    "AlertRules",
    "Fields",
    "Group",
    "Maintenance",
    "Match",
    "Outcome",
    "Raise",
    "Result",
    "Threshold",
    "Watchdog",
    "matches",
    "services_of",
    "severity_of",
]
