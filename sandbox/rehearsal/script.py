"""A rehearsal's file, read strictly: every mistake is told with its line and its step."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import yaml
from pydantic import Field, ValidationError

from .fields import Part, Seconds, Word
from .steps import AnyStep, Step

VARIABLE = re.compile(r"\$\{(\w+)\}")
PLAINLY = {
    "extra_forbidden": "is not known here",
    "missing": "is missing",
    "string_too_short": "is empty",
    "too_short": "is empty",
    "string_type": "has to be text; what looks like a number or a truth is text in quotes",
    "list_type": "has to be a list",
    "dict_type": "has to have names and values",
}
Place: TypeAlias = tuple[str | int, ...]


class Mistakes(Exception):
    """What is wrong with a rehearsal's file, a line each."""


class Rehearsal(Part):
    """An incident as a dialog: who says, types and clicks, and what is seen, by when."""

    title: Word
    about: str = ""
    scenario: Annotated[Word | None, Field(description="what happens to the production")] = None
    configuration: Mapping[str, Any] = {}  # what of the bot's is other than in the sandbox
    within: Annotated[Seconds, Field(description="how long to look for what is expected")] = 30.0
    steps: Annotated[list[AnyStep], Field(min_length=1)]


def read(path: Path) -> Rehearsal:
    """Return the rehearsal in a file, or raise Mistakes that name everything wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        msg = f"{path} cannot be read: {why}"
        raise Mistakes(msg) from error
    return parsed(text, str(path))


def parsed(text: str, name: str = "rehearsal") -> Rehearsal:
    """Return the rehearsal that a YAML text tells, likewise."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        lines = dict(_lines(node, ()))
        given = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        msg = f"{name}:{line}: this is no YAML: {error.problem}"
        raise Mistakes(msg) from error
    except yaml.YAMLError as error:
        msg = f"{name}: this is no YAML: {error}"
        raise Mistakes(msg) from error
    if not isinstance(given, dict):
        msg = f"{name}:1: a rehearsal has a title and steps"
        raise Mistakes(msg)
    try:
        rehearsal = Rehearsal.model_validate(given)
    except ValidationError as error:
        told = [_mistake(name, lines, dict(one)) for one in error.errors()]
        raise Mistakes("\n".join(told)) from error
    if told := list(_unknown_variables(rehearsal.steps, name, lines)):
        raise Mistakes("\n".join(told))
    return rehearsal


def _lines(node: yaml.Node | None, at: Place) -> Iterator[tuple[Place, int]]:
    """Yield at which line each place of the document is."""
    if node is None:
        return
    yield at, node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        for index, one in enumerate(node.value):
            yield from _lines(one, (*at, index))
    if isinstance(node, yaml.MappingNode):
        known: set[str] = set()
        for key, one in node.value:
            if str(key.value) in known:
                problem = f"{key.value} is there twice"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            known.add(str(key.value))
            yield from _lines(one, (*at, str(key.value)))


def _mistake(name: str, lines: Mapping[Place, int], error: Mapping[str, Any]) -> str:
    place = tuple(part for part in error["loc"] if part != "[key]")
    known: Place = ()
    for part in place:  # a name of ours, of the kind of step, is no place of theirs
        known = (*known, part) if (*known, part) in lines else known
    words = PLAINLY.get(error["type"], str(error["msg"]).removeprefix("Value error, "))
    field = next((str(p) for p in reversed(place) if isinstance(p, str)), "")
    if error["type"] == "which_step":
        return f"{name}:{lines[known]}: {_step(place)}{words}"
    return f"{name}:{lines[known]}: {_step(place)}{field}: {words}"


def _step(place: Sequence[str | int]) -> str:
    match place:
        case ("steps", int(index), *_):
            return f"step {index + 1}: "
        case _:
            return ""


def _unknown_variables(
    steps: Sequence[Step], name: str, lines: Mapping[Place, int]
) -> Iterator[str]:
    """Yield where a variable is used that no step before has kept."""
    kept: set[str] = set()
    for index, step in enumerate(steps):
        for used in VARIABLE.findall(step.model_dump_json()):
            if used not in kept:
                known = ", ".join(sorted(kept)) or "none"
                place = f"{name}:{lines['steps', index]}: step {index + 1}"
                yield f"{place}: ${{{used}}} was kept by no step before; there are: {known}"
        kept |= set(getattr(step, "keep", ()))
