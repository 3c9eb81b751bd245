"""What may be said of alerts and declarations before anybody looked, and by which rules."""

from .assessing import BY_CAUSE, LABELS, UNLABELLED, Assessment, Catalogue, Fired, Impact, Likely
from .assessing import assess as assess
from .rules import Action, Cause, Kind, Rule
from .subject import Subject, of_alerts, of_words
from .targets import Proposal

__all__ = [
    "BY_CAUSE",
    "LABELS",
    "UNLABELLED",
    "Action",
    "Assessment",
    "Catalogue",
    "Cause",
    "Fired",
    "Impact",
    "Kind",
    "Likely",
    "Proposal",
    "Rule",
    "Subject",
    "assess",
    "of_alerts",
    "of_words",
]
