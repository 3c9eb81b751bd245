"""What Alertmanager is told to keep quiet, and until when."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from .matching import Labels, Matcher

State: TypeAlias = Literal["active", "pending", "expired"]
KEPT = 120 * 3600.0  # seconds for which it is known that there was one


class SilenceRefused(Exception):
    """Say why something is not kept quiet."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to be quiet; moments are seconds since 1970."""

    matchers: Sequence[Matcher]
    begins: float
    ends: float
    by: str
    comment: str


@dataclass(frozen=True, slots=True)
class Silence:
    """A wish that was taken, and when it was last changed."""

    id: str
    wish: Wish
    updated: float

    def state(self, now: float) -> State:
        """Return whether it counts then."""
        if now >= self.wish.ends:
            return "expired"
        return "active" if now >= self.wish.begins else "pending"

    def fits(self, labels: Labels) -> bool:
        """Tell whether these labels are meant."""
        return all_fit(self.wish.matchers, labels)


def all_fit(matchers: Sequence[Matcher], labels: Labels) -> bool:
    """Tell whether labels fit all of these."""
    values = dict(labels)
    return all(matcher.fits(values.get(matcher.name, "")) for matcher in matchers)


class Silences:
    """All silences, also those that are over since a short time ago; `name` gives new ids."""

    def __init__(self, name: Callable[[], str]) -> None:
        self._name = name
        self._kept = dict[str, Silence]()

    def all(self, now: float) -> Sequence[Silence]:
        """Return them: first what is active, then what will be, then what was."""
        order = {"active": 0, "pending": 1, "expired": 2}
        for silence in list(self._kept.values()):
            if now - silence.wish.ends > KEPT:
                del self._kept[silence.id]
        return sorted(self._kept.values(), key=lambda s: (order[s.state(now)], s.wish.ends))

    def find(self, id_: str) -> Silence | None:
        """Return the one that is called so."""
        return self._kept.get(id_)

    def of(self, labels: Labels, now: float) -> Sequence[str]:
        """Return the ids of those that keep these labels quiet."""
        kept = self._kept.values()
        return [s.id for s in kept if s.state(now) == "active" and s.fits(labels)]

    def take(self, wish: Wish, now: float, id_: str = "") -> str:
        """Keep something quiet, or change what is; return what it is called.

        Raises SilenceRefused, or KeyError where there is none to change.
        """
        _check(wish, now)
        known = self._kept[id_] if id_ else None
        if known and known.state(now) != "expired" and known.wish.matchers == wish.matchers:
            begins = known.wish.begins if known.state(now) == "active" else wish.begins
            self._kept[id_] = Silence(id_, replace(wish, begins=begins), now)
            return id_
        if known and known.state(now) != "expired":
            self.end(id_, now)
        name = self._name()
        self._kept[name] = Silence(name, replace(wish, begins=max(wish.begins, now)), now)
        return name

    def end(self, id_: str, now: float) -> None:
        """Let it be over. Raises KeyError, or SilenceRefused where it is."""
        silence = self._kept[id_]
        if silence.state(now) == "expired":
            msg = f"silence {id_} already expired"
            raise SilenceRefused(msg)
        begins = min(silence.wish.begins, now)
        self._kept[id_] = replace(
            silence, wish=replace(silence.wish, begins=begins, ends=now), updated=now
        )


def _check(wish: Wish, now: float) -> None:
    if wish.ends <= now:
        raise SilenceRefused("Failed to create silence: end time can't be in the past")
    if wish.begins >= wish.ends:
        raise SilenceRefused("Failed to create silence: start time must be before end time")
    if not wish.matchers or all(matcher.fits("") for matcher in wish.matchers):
        raise SilenceRefused(
            "silence invalid: at least one matcher must not match the empty string"
        )
