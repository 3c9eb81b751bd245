"""What the templates of alerts are drawn with."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from bot.domain.facts import Fact
from bot.domain.incident import replay
from bot.domain.policy import Policy
from tests.samples import (
    CLEARED,
    DECLARED,
    DISMISSED,
    FIRED,
    ID,
    REOPENED,
    SUGGESTED,
    SUGGESTION,
    TAKEN,
    WORSE,
)

Values = Mapping[str, object]


def suggested(text: str) -> Iterator[Values]:
    fired = replace(FIRED, summary=text, description=text, name=text or "-")
    begun = replace(SUGGESTED, title=text or "-")
    courses: list[list[Fact]] = [
        [begun, fired],
        [begun, fired, SUGGESTION, replace(DISMISSED, reason=text)],
        [replace(begun, storm=True), fired],
    ]
    for facts in courses:
        yield {"incident": replay(ID, facts), "policy": Policy()}


def changed(text: str) -> Iterator[Values]:
    declared = replace(DECLARED, title=text or "-")
    unled = replace(declared, stamp=replace(declared.stamp, by="bot"))
    courses: list[list[Fact]] = [[unled, FIRED], [declared, TAKEN, FIRED, REOPENED]]
    for facts in courses:
        for worse in (WORSE, None):
            yield {"incident": replay(ID, facts), "worse": worse}


def cleared(text: str) -> Iterator[Values]:
    declared = replace(DECLARED, title=text or "-")
    unled = replace(declared, stamp=replace(declared.stamp, by="bot"))
    for first in (declared, unled):
        yield {"incident": replay(ID, [first, FIRED, CLEARED])}


SAMPLES: Mapping[str, Callable[[str], Iterable[Values]]] = {
    "messages/triage": suggested,
    "messages/alarmed": changed,
    "messages/all_clear": cleared,
}
