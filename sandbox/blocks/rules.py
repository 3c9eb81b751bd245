"""The pieces that the tables of Block Kit limits are put together from.

A rule looks at a value and yields what is wrong with it, with a JSON pointer to the spot.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

Rule: TypeAlias = Callable[[Any, str], Iterator[str]]
NOTHING: Mapping[str, Rule] = {}


def problem(words: str, pointer: str) -> str:
    """Return Slack's sentence for a problem at this spot."""
    return f"{words} [json-pointer:{pointer}]"


def string(most: int, least: int = 1) -> Rule:
    """Accept text of a length within the bounds."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield problem("must be a string", at)
        elif len(value) > most:
            yield problem(f"must be less than {most + 1} characters", at)
        elif len(value) < least:
            yield problem(f"must be more than {least - 1} characters", at)

    return check


def boolean(value: Any, at: str) -> Iterator[str]:
    """Accept true and false."""
    if not isinstance(value, bool):
        yield problem("must be a boolean", at)


def integer(least: int, most: int) -> Rule:
    """Accept a whole number within the bounds."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield problem("must be an integer", at)
        elif not least <= value <= most:
            yield problem(f"must be between {least} and {most}", at)

    return check


def number(value: Any, at: str) -> Iterator[str]:
    """Accept any number, whole or not."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or (isinstance(value, float) and not math.isfinite(value)):
        yield problem("must be a number", at)


def anything(_value: Any, _at: str) -> Iterator[str]:
    """Accept whatever is there."""
    yield from ()


def written(pattern: str, form: str) -> Rule:
    """Accept text of a form, which the refusal describes."""
    known = re.compile(pattern)

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield problem("must be a string", at)
        elif not known.fullmatch(value):
            yield problem(f"must be in the format {form}", at)

    return check


def choice(*allowed: str) -> Rule:
    """Accept one of a closed set of words."""

    def check(value: Any, at: str) -> Iterator[str]:
        if value not in allowed:
            yield problem("failed to match all allowed schemas", at)

    return check


def items(rule: Rule, most: int, least: int = 1) -> Rule:
    """Accept a list of so many values, each of which passes the rule."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield problem("must be an array", at)
            return
        if len(value) > most:
            yield problem(f"no more than {most} items allowed", at)
        if len(value) < least:
            yield problem(f"must provide at least {least} items", at)
        for index, item in enumerate(value):
            yield from rule(item, f"{at}/{index}")

    return check


def shape(required: Mapping[str, Rule], optional: Mapping[str, Rule] = NOTHING) -> Rule:
    """Accept an object with these fields and no others."""
    known = {**required, **optional}

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield problem("must be an object", at)
            return
        for field in required:
            if field not in value:
                yield problem(f"missing required field: {field}", at)
        for field, inner in value.items():
            if field in known:
                yield from known[field](inner, f"{at}/{field}")
            else:
                yield problem(f"invalid additional property: {field}", at)

    return check


def by_type(kinds: Mapping[str, Rule]) -> Rule:
    """Accept an object whose type is in the table, checked by that type's rule."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield problem("must be an object", at)
        elif "type" not in value:
            yield problem("missing required field: type", at)
        elif not isinstance(value["type"], str) or value["type"] not in kinds:
            yield problem(f"unsupported type: {value['type']}", f"{at}/type")
        else:
            yield from kinds[value["type"]](value, at)

    return check


def both(first: Rule, second: Rule) -> Rule:
    """Accept what passes the one rule and then the other."""

    def check(value: Any, at: str) -> Iterator[str]:
        yield from list(first(value, at)) or second(value, at)

    return check


def either(*fields: str) -> Rule:
    """Accept an object with at least one of these fields."""
    wanted = " or ".join(f"`{field}`" for field in fields)

    def check(value: Any, at: str) -> Iterator[str]:
        if not any(field in value for field in fields):
            yield problem(f"must define either {wanted}", at)

    return check


def one_of(*fields: str) -> Rule:
    """Accept an object with exactly one of these fields."""
    wanted = " or ".join(f"`{field}`" for field in fields)

    def check(value: Any, at: str) -> Iterator[str]:
        if sum(field in value for field in fields) != 1:
            yield problem(f"must define either {wanted}", at)

    return check
