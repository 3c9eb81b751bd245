"""Orders for trouble: what is to go wrong, how often and where."""

import random
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from sandbox.errors import ControlError
from sandbox.methods.registry import METHODS
from sandbox.wire import Json

PLACES = ("upload", "response_url")
DELIVERIES = ("events_api", "slash_commands", "interactive")
ON_CALLS = (
    "ratelimited", "error", "http_500", "http_503", "slow", "hang", "hold", "drop",
)  # fmt: skip
ON_DELIVERIES = ("dropped", "duplicated", "delayed", "reordered", "cut", "ack_lost")
MOMENTS = ("before", "after")
STRUCK_KEPT = 100
FIELDS = {
    "method", "delivery", "kind", "when", "times", "probability", "seed", "where", "retry_after",
    "seconds", "later", "error",
}  # fmt: skip


@dataclass(slots=True)
class Fault:
    """One kind of trouble that calls or deliveries are in a few times."""

    target: str
    kind: str
    of_deliveries: bool = False
    when: str = "before"
    times: int | None = 1  # None: without end
    probability: float = 1.0
    seed: int = 0
    where: Json = field(default_factory=dict)
    retry_after: int = 1
    seconds: float = 1.0
    later: int = 1
    error: str = "fatal_error"
    hits: int = 0
    struck: deque[str] = field(default_factory=lambda: deque(maxlen=STRUCK_KEPT))
    _dice: random.Random = field(default_factory=random.Random)

    def __post_init__(self) -> None:
        self._dice.seed(self.seed)

    @property
    def code(self) -> str:
        """Return the error the app will have seen."""
        return self.error if self.kind == "error" else self.kind

    def meets_call(self, name: str, when: str, given: Json) -> bool:
        """Tell whether a call is meant, at this moment."""
        everything = self.target == "*" and name not in PLACES
        meant = not self.of_deliveries and (everything or self.target == name)
        return meant and self.when == when and self.where.items() <= given.items()

    def meets_delivery(self, kind: str, payload: Json) -> bool:
        """Tell whether a delivery is meant; of an event, `where` is about the event itself."""
        if not self.of_deliveries or self.target not in {"*", kind}:
            return False
        told = payload.get("event", payload)
        return all(told.get(name) == value for name, value in self.where.items())

    def strikes(self, what: str) -> bool:
        """Throw the dice for something that is meant, and note what was struck."""
        if self.probability < 1 and self._dice.random() >= self.probability:
            return False
        if self.times is not None:
            self.times -= 1
        self.hits += 1
        self.struck.append(what)
        return True

    def shown(self) -> Json:
        """Return the order, what is left of it, and what it struck."""
        return {
            ("delivery" if self.of_deliveries else "method"): self.target,
            "kind": self.kind,
            "when": self.when,
            "left": self.times,
            "probability": self.probability,
            "seed": self.seed,
            "where": self.where,
            "hits": self.hits,
            "struck": list(self.struck),
        }


def order_of(given: Json) -> Fault:
    """Return the order that a tester's request makes, or refuse it in words."""
    if strange := sorted(set(given) - FIELDS):
        raise ControlError("an order has no such field", ", ".join(strange))
    of_deliveries = "delivery" in given
    if of_deliveries == ("method" in given):
        raise ControlError("an order is about a method or about a delivery")
    kinds = ON_DELIVERIES if of_deliveries else ON_CALLS
    targets = {*DELIVERIES, "*"} if of_deliveries else {*METHODS, *PLACES, "*"}
    target = _one_of(given, "delivery" if of_deliveries else "method", targets, None)
    probability = _number(given, "probability", 1.0)
    if probability > 1:
        raise ControlError("probability is a number from 0 to 1")
    return Fault(
        target=target,
        kind=_one_of(given, "kind", kinds, None),
        of_deliveries=of_deliveries,
        when=_one_of(given, "when", MOMENTS, "before"),
        times=_times(given),
        probability=probability,
        seed=_whole(given, "seed", 0),
        where=_where(given),
        retry_after=_whole(given, "retry_after", 1),
        seconds=_number(given, "seconds", 1.0),
        later=max(1, _whole(given, "later", 1)),
        error=str(given.get("error", "fatal_error")),
    )


def _one_of(given: Json, name: str, known: Any, default: str | None) -> str:
    value = given.get(name, default)
    if not isinstance(value, str) or value not in known:
        if name == "method":
            raise ControlError("there is no such method", value)
        words = f"{name} is one of"
        raise ControlError(words, ", ".join(sorted(known)))
    return value


def _times(given: Json) -> int | None:
    # Chance alone decides how often, unless the order says otherwise.
    if given.get("times") is None:
        return None if "probability" in given or "times" in given else 1
    return _whole(given, "times", 1)


def _whole(given: Json, name: str, default: int) -> int:
    value = given.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ControlError("this is a whole number, not negative", name)
    return value


def _number(given: Json, name: str, default: float) -> float:
    value = given.get(name, default)
    if not isinstance(value, int | float) or isinstance(value, bool) or not value >= 0:
        raise ControlError("this is a number, not negative", name)
    return float(value)


def _where(given: Json) -> Json:
    where = given.get("where", {})
    if not isinstance(where, dict):
        raise ControlError("where is what the call or the delivery must carry")
    return where
