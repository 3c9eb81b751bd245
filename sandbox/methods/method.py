"""What the table of Web API methods says about each of them."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from sandbox.arguments import Arguments
from sandbox.wire import Json
from sandbox.workspace import Workspace

CHANNELS_WRITE = ("channels:manage", "groups:write")
CHANNELS_READ = ("channels:read", "groups:read", "im:read", "mpim:read")
CHANNELS_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")


class Tier(Enum):
    """How often a method may be called, by the name Slack gives its allowance."""

    ONE = "Tier 1"
    TWO = "Tier 2"
    THREE = "Tier 3"
    FOUR = "Tier 4"
    POSTING = "one a second and channel"
    HUNDREDS = "hundreds a minute"


@dataclass(frozen=True, slots=True)
class Method:
    """How one Web API method is run, by whom it may be, and how often.

    The scopes are alternatives; where the kind of channel decides, the method looks again.
    A method that is public is run for whoever asks, with a token or without.
    """

    run: Callable[[Workspace, Arguments], Json]
    scopes: tuple[str, ...] = ()
    tier: Tier = Tier.THREE
    for_app_token: bool = False
    is_public: bool = False
