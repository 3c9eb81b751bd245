"""How a query is refused: with the kind and the words that Prometheus' API would use."""

from dataclasses import dataclass


@dataclass(eq=False)
class Refusal(Exception):
    """Say why there is no answer, and of which kind the mistake is."""

    words: str
    kind: str = "bad_data"
    status: int = 400

    def __str__(self) -> str:
        return self.words


def parse_error(text: str, at: int, words: str) -> Refusal:
    """Return the refusal of a query that is none, and where it stops being one."""
    before = text[:at]
    line, column = before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1
    return Refusal(f"{line}:{column}: parse error: {words}")


def cannot(words: str) -> Refusal:
    """Return the refusal of a query that is one, but has no answer for this data."""
    return Refusal(words, "execution", 422)
