"""The Web API method that checks Block Kit for whoever asks."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from sandbox.arguments import Arguments
from sandbox.blocks.checking import loose_problems, message_problems, view_problems
from sandbox.blocks.rules import problem
from sandbox.errors import SlackError
from sandbox.methods.method import Method
from sandbox.wire import Json
from sandbox.workspace import Workspace

LONGEST = 100_000
POINTED = re.compile(r"(.*) \[json-pointer:(.*)\]", re.DOTALL)
Check: TypeAlias = Callable[[Any], list[str]]


def _blocks(given: Any) -> list[str]:
    return loose_problems(given, "/blocks")


def _view(given: Any) -> list[str]:
    if not isinstance(given, dict):
        return [problem("must be an object", "/view")]
    return view_problems(given, "home" if given.get("type") == "home" else "modal")


def _message(given: Any) -> list[str]:
    if not isinstance(given, dict):
        return [problem("must be an object", "/message")]
    return message_problems(given.get("blocks", []), "/message/blocks", None)


CHECKS: Mapping[str, Check] = {"blocks": _blocks, "view": _view, "message": _message}


def validate(_workspace: Workspace, args: Arguments) -> Json:
    """Tell what is wrong with blocks, with a view or with a message."""
    given = [name for name in CHECKS if args.has(name)]
    if len(given) != 1:
        raise SlackError("invalid_arguments", ["give exactly one of blocks, view and message"])
    name = given[0]
    refusal = f"invalid_{name}"
    value = args.structure(name, refusal)
    if len(json.dumps(value, ensure_ascii=False)) > LONGEST:
        raise SlackError("invalid_arguments", [f"must be less than {LONGEST + 1} characters"])
    problems = CHECKS[name](value)
    if problems:
        raise SlackError(refusal, errors=[_told(words) for words in problems])
    return {}


def _told(words: str) -> Json:
    found = POINTED.fullmatch(words)
    message, pointer = found.groups() if found else (words, "")
    code = "failed_constraint"
    return {"code": code, "message": message, "pointer": pointer, "constraint": None}


METHODS = {"blocks.validate": Method(validate, is_public=True)}
