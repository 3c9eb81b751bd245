"""What the app may answer when it is asked for the options of a select."""

from typing import Any

from sandbox.blocks.choices import MOST_OPTIONS, OFFER, OPTION_GROUP
from sandbox.blocks.objects import OPTION
from sandbox.blocks.rules import both, items, one_of, shape
from sandbox.errors import SlackError
from sandbox.wire import Json

OFFERED = both(
    shape(
        {},
        {
            "options": items(OPTION, MOST_OPTIONS, least=0),
            "option_groups": items(OPTION_GROUP, MOST_OPTIONS, least=0),
        },
    ),
    one_of(*OFFER),
)


def offer(answer: Any) -> Json:
    """Return what was offered, grouped or not, or refuse the answer."""
    problems = list(OFFERED(answer, ""))
    if problems:
        raise SlackError("invalid_options", problems)
    return dict(answer)
