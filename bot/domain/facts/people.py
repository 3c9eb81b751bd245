"""Facts of who takes part, who was called, and who is kept told."""

from dataclasses import dataclass

from .base import Role, Stamp


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody came into the incident's channel."""

    stamp: Stamp


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody went out of the incident's channel."""

    stamp: Stamp


@dataclass(frozen=True, slots=True)
class Paged:
    """These people were called; they had not been before."""

    stamp: Stamp
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoodDown:
    """These people were called, and are not needed any more."""

    stamp: Stamp
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HandoverOffered:
    """A role was offered to somebody with a brief; who has it keeps it until it is accepted."""

    stamp: Stamp
    role: Role
    person: str
    brief: str


@dataclass(frozen=True, slots=True)
class HandoverDeclined:
    """A role that was offered to somebody is not theirs: they declined, or it was taken back."""

    stamp: Stamp
    role: Role


@dataclass(frozen=True, slots=True)
class RoleAssigned:
    """Somebody has a role."""

    stamp: Stamp
    role: Role
    person: str


@dataclass(frozen=True, slots=True)
class Subscribed:
    """Somebody wants to be told how it goes without being in the channel."""

    stamp: Stamp


@dataclass(frozen=True, slots=True)
class Unsubscribed:
    """Somebody does not want to be told any more."""

    stamp: Stamp


@dataclass(frozen=True, slots=True)
class SubscriptionOpened:
    """Somebody who wants to be told has a thread of direct messages for it."""

    stamp: Stamp
    person: str
    channel: str
    ts: str


People = (
    Joined
    | Left
    | Paged
    | StoodDown
    | HandoverOffered
    | HandoverDeclined
    | RoleAssigned
    | Subscribed
    | Unsubscribed
    | SubscriptionOpened
)
