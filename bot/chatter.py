"""What the bot and the chat tell each other, in our words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.standing import Standing
from bot.domain.transcript import Message


@dataclass(frozen=True, slots=True)
class Mark:
    """Tells our posts apart: which incident, which job."""

    incident: str
    job: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are in the chat, what we may do, and what time it is there."""

    team: str
    user: str
    bot: str
    scopes: frozenset[str]
    clock: datetime | None


@dataclass(frozen=True, slots=True)
class Paper:
    """A text to be handed out as a file; its name tells it apart from all others of ours."""

    name: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Filed:
    """A file that people can open: the chat's name for it, and its address."""

    file: str
    link: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of what stands in a channel or thread: all from `since` on; "" is from the beginning.

    `said` is what people and other apps said of that, `shown` names everything, `threads` names
    what has replies.
    """

    said: Sequence[Message]
    shown: frozenset[str]
    threads: Sequence[str]
    since: str


@dataclass(frozen=True, slots=True)
class OwnChannel:
    """A channel that we opened."""

    id: str
    name: str
    private: bool
    purpose: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody in the chat: what they are called, and what they are there."""

    person: str
    name: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Accounts:
    """A part of everybody; `more` is what the next part is asked by, "" if this was the last."""

    accounts: Sequence[Account]
    more: str


@dataclass(frozen=True, slots=True)
class Reacted:
    """A message as a person reads it, and the emoji under it.

    Each has some of those who put it; the chat may not name everybody.
    """

    words: str
    emoji: Mapping[str, Collection[str]]
