"""How a job can be paid, and what may be done when it is unclear whether it was."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.domain.commands import Command
from bot.domain.facts import Fact, Stamp
from bot.domain.incident import Incident
from bot.domain.jobs import Job

Learned = Sequence[Fact]
Pay = Callable[[Job, Incident, Stamp], Awaitable[Learned | Command]]
Look = Callable[[Job, Incident, Stamp], Awaitable[Learned | None]]


@dataclass(frozen=True, slots=True)
class Safe:
    """May be paid again without harm."""

    pay: Pay


@dataclass(frozen=True, slots=True)
class LookFirst:
    """Looks whether it was paid, and acts on the difference; None is "not yet"."""

    pay: Pay
    look: Look


@dataclass(frozen=True, slots=True)
class Ask:
    """Once started and not reported back, only a person can tell whether it ran."""

    pay: Pay


@dataclass(frozen=True, slots=True)
class Draw:
    """Shows what is known now; returns up to which number that was. Looks first by itself."""

    draw: Callable[[Job, Incident, Stamp], Awaitable[tuple[int, Learned]]]


@dataclass(frozen=True, slots=True)
class Due:
    """Was waiting for its hour, and comes back as a command that may decide it is not needed."""

    command: Command


Effect = Safe | LookFirst | Ask | Draw | Due
