"""What may be said of alerts and declarations before anybody looked, and by which rules."""

from .assessing import BY_CAUSE, LABELS, UNLABELLED, Assessment, Catalogue, Fired, Impact, Likely
from .assessing import assess as assess
from .causes import CAUSES
from .extent import EXTENTS
from .phrases import is_phrase
from .rules import Action, Cause, Kind, Rule
from .subject import Subject, of_alerts, of_words
from .targets import Proposal

RULES = (*CAUSES, *EXTENTS)  # those that are built in

__all__ = [
    "BY_CAUSE",
    "LABELS",
    "RULES",
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
    "is_phrase",
    "of_alerts",
    "of_words",
]
