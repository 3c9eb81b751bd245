"""Words that seem to change one of several numbered things, and do not say which."""

import re
from dataclasses import dataclass

from bot.ports import Words

from .call import Call

_NUMBERED = re.compile(r"(?:the\s+)?(?:last|first|entry|item|note|#?\d)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Unclear:
    """Words that would be put in as they are only if somebody says so."""

    text: str


def names_something(rest: str) -> bool:
    """Say whether these words after "remove" and the like seem to name what there is already.

    Longer ones, as in "remove the flag from checkout", say what happened or is to be done.
    """
    return len(rest.split()) <= 1 or bool(_NUMBERED.match(rest))


def asked_back(call: Call, verb: str, unclear: Unclear) -> Words:
    """Say how it is said, and offer to put the words in as they are."""
    add = " ".join(filter(None, (verb, call.incident, "add", unclear.text)))
    return call.say("unclear", verb=verb, text=unclear.text, add=add)
