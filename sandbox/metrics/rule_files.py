"""Rules as they are written for Prometheus: a file of groups."""

from collections.abc import Sequence
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from .parser import parse
from .refusals import Refusal
from .templating import Template
from .tokens import is_label, seconds

MINUTE = 60.0


class RuleFileError(Exception):
    """Say what is wrong with a file of rules."""


def _length(given: object) -> float:
    return 0.0 if given == 0 else seconds(str(given))


def _query(text: str) -> str:
    try:
        node = parse(text)
    except Refusal as refusal:
        raise ValueError(refusal.words) from refusal
    if node.kind not in {"scalar", "instant vector"}:
        msg = f"a rule needs numbers of this moment, and this is a {node.kind}"
        raise ValueError(msg)
    return text


def _name(text: str) -> str:
    if not is_label(text) or text.startswith("__"):
        msg = f"invalid label name: {text!r}"
        raise ValueError(msg)
    return text


def _words(text: str) -> str:
    Template(text)
    return text


Length = Annotated[float, BeforeValidator(_length)]
Name = Annotated[str, AfterValidator(_name)]
Words = Annotated[str, AfterValidator(_words)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True, frozen=True)


class AlertRule(_Strict):
    """One rule; what is true for so long (`for`) fires."""

    alert: str
    expr: Annotated[str, AfterValidator(_query)]
    lasts: Length = Field(0.0, alias="for")
    labels: dict[Name, Words] = {}
    annotations: dict[Name, Words] = {}


class RuleGroup(_Strict):
    """Rules that are evaluated at once, every so many seconds."""

    name: str
    rules: Sequence[AlertRule]
    interval: Annotated[Length, Field(gt=0)] = MINUTE


class _File(_Strict):
    groups: Sequence[RuleGroup]


def rule_groups(text: str, interval: float = MINUTE) -> Sequence[RuleGroup]:
    """Return what a file of rules says. Raises RuleFileError.

    The interval is of groups that name none.
    """
    try:
        given = _defaults(yaml.safe_load(text), interval)
        return _File.model_validate(given).groups
    except yaml.YAMLError as error:
        msg = f"the rules are no YAML: {error}"
        raise RuleFileError(msg) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        msg = f"the rules are not as they should be at {place}: {first['msg']}"
        raise RuleFileError(msg) from error


def _defaults(given: Any, interval: float) -> Any:
    groups = given.get("groups") if isinstance(given, dict) else None
    if not isinstance(groups, list) or not all(isinstance(group, dict) for group in groups):
        return given
    return {
        **given,
        "groups": [{"interval": f"{round(interval * 1000)}ms", **group} for group in groups],
    }
