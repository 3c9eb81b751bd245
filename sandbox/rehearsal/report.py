"""How a rehearsal went, for people to read."""

from collections.abc import Iterator

from .player import Played
from .script import Rehearsal
from .steps import Alert, Step, key_of

LONGEST, MUCH = 100, 400


def beginning(rehearsal: Rehearsal, name: str) -> str:
    """Return the line above all steps."""
    return f"{rehearsal.title} ({name})"


def line(played: Played) -> str:
    """Return how one step went, with what was there instead where it was amiss."""
    sign = "✗" if played.amiss else "✓"
    first = f"{_span(played.until):>9}  {sign} {played.number:>3}. {shown(played.step)}"
    return "\n".join([first, *(f"{'':>17}{more}" for more in _amiss(played))])


def ending(rehearsal: Rehearsal, last: Played) -> str:
    """Return the line below all steps."""
    count = len(rehearsal.steps)
    if not last.amiss:
        return f"All {count} steps went as written, in {_span(last.until)}."
    rest = count - last.number
    unplayed = f" {rest} more were not played." if rest else ""
    return f"Step {last.number} of {count} is amiss.{unplayed}"


def shown(step: Step) -> str:
    """Return a step in a line."""
    key = key_of(type(step))
    who, place = getattr(step, "who", ""), getattr(step, "place", None)
    told = f"{who} {key.replace('_', ' ')}: {_value(getattr(step, key))}".strip()
    told = f"{told} (in {place})" if place else told
    return shortened(told, LONGEST)


def _value(value: object) -> str:
    match value:
        case tuple() | list():
            return " … ".join(map(str, value))
        case dict():
            return ", ".join(f"{name} = {_value(one)}" for name, one in value.items())
        case float():
            return _span(value)
        case True:
            return ""
        case Alert():
            return f"{value.status}, {_value(dict(value.labels))}"
        case _:
            return str(value)


def _amiss(played: Played) -> Iterator[str]:
    if not played.amiss:
        return
    yield shortened(played.amiss, MUCH)
    if played.instead:
        yield "the last messages there:"
        yield from (f"  {shortened(message, MUCH)}" for message in played.instead)


def shortened(text: str, longest: int) -> str:
    """Return a text in a line that is no longer than this."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def _span(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest:.0f} s" if minutes else f"{rest:.1f} s"
