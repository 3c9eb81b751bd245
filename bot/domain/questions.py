"""What nobody has said yet of an incident that is over."""

import enum
from collections.abc import Sequence

from .facts import DataLoss, Milestone
from .incident import Incident


class Question(enum.StrEnum):
    """What everybody will want to know afterwards."""

    IMPACT_STARTED = "impact_started"
    IMPACT_ENDED = "impact_ended"
    DATA_LOSS = "data_loss"
    ROOT_CAUSE = "root_cause"
    IMMEDIATE_FIX = "immediate_fix"
    PERMANENT_FIX = "permanent_fix"


def open_questions(incident: Incident) -> Sequence[Question]:
    """Return what is still to be answered; "unknown" is no answer that would do for ever."""
    learned, passed = incident.conclusion, incident.milestones
    answered = {
        Question.IMPACT_STARTED: Milestone.IMPACT_STARTED in passed,
        Question.IMPACT_ENDED: Milestone.IMPACT_ENDED in passed,
        Question.DATA_LOSS: learned.data_loss in {DataLoss.YES, DataLoss.NO},
        Question.ROOT_CAUSE: bool(learned.root_cause),
        Question.IMMEDIATE_FIX: bool(learned.immediate_fix),
        Question.PERMANENT_FIX: bool(learned.permanent_fix),
    }
    return [question for question in Question if not answered[question]]
