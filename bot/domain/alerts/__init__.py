"""What a monitoring system says, what it means here, and what becomes of it."""

from .alert import Alert, Group
from .meaning import services_of, severity_of
from .outcome import Outcome, Result
from .rules import AlertRules, Maintenance, Match, Raise, Threshold, matches

__all__ = [
    "Alert",
    "AlertRules",
    "Group",
    "Maintenance",
    "Match",
    "Outcome",
    "Raise",
    "Result",
    "Threshold",
    "matches",
    "services_of",
    "severity_of",
]
