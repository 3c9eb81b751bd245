"""Facts of what the bot put where people look, and of what it owed and could not do."""

from dataclasses import dataclass

from .base import Stamp


@dataclass(frozen=True, slots=True)
class ChannelOpened:
    """The incident has a channel; whether it is private may not be known."""

    stamp: Stamp
    channel: str
    name: str
    private: bool | None = None


@dataclass(frozen=True, slots=True)
class ThreadOpened:
    """The incident has a thread in a channel of others, as it may have no channel of its own."""

    stamp: Stamp
    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class ChannelRetired:
    """The incident's channel is to be archived, or was; the incident has none any more."""

    stamp: Stamp
    channel: str


@dataclass(frozen=True, slots=True)
class CardPosted:
    """The incident has a card, in this channel if it is known in which."""

    stamp: Stamp
    ts: str
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Announced:
    """The incident has a message where everybody looks."""

    stamp: Stamp
    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class PostmortemFiled:
    """The post-mortem was shown as a file; `file` is the chat's name for it.

    It tells the first so many facts at least.
    """

    stamp: Stamp
    file: str
    link: str
    tells: int = 0


@dataclass(frozen=True, slots=True)
class JobBuried:
    """Something owed will not be done; `job` is its kind."""

    stamp: Stamp
    job: str
    reason: str


@dataclass(frozen=True, slots=True)
class OutcomeUnknown:
    """Something owed may or may not have been done; only a person can tell."""

    stamp: Stamp
    job: str


@dataclass(frozen=True, slots=True)
class TroubleOver:
    """A kind of job that was not done, or perhaps not, works again."""

    stamp: Stamp
    job: str


Surfaces = (
    ChannelOpened
    | ThreadOpened
    | ChannelRetired
    | CardPosted
    | Announced
    | PostmortemFiled
    | JobBuried
    | OutcomeUnknown
    | TroubleOver
)
