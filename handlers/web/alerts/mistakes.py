"""What is wrong in a payload, and where, without what stands there: it may be a secret."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

MOST, LONGEST = 20, 200


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong at a place, which is a JSON pointer; "" is the whole."""

    at: str
    what: str


class Malformed(Exception):
    """It is not what its sender's documentation describes."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__(f"{len(mistakes)} mistakes")
        self.mistakes = mistakes

    def listed(self) -> Sequence[Mapping[str, str]]:
        """Return the first mistakes for an answer, and how many more there are."""
        listed = [{"at": m.at[:LONGEST], "what": m.what[:LONGEST]} for m in self.mistakes[:MOST]]
        more = len(self.mistakes) - len(listed)
        return [*listed, {"at": "", "what": f"and {more} more"}] if more else listed


def pointer(steps: Iterable[object]) -> str:
    """Return a place as RFC 6901 writes it."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)


def malformed(error: ValidationError, *above: str) -> Malformed:
    """Return the mistakes that pydantic found in what stands at a place."""
    found = error.errors(include_input=False, include_url=False, include_context=False)
    return Malformed(
        [
            Mistake(pointer([*above, *m["loc"]]), m["msg"].removeprefix("Value error, "))
            for m in found
        ]
    )
