"""What the templates of alerts are drawn with."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import chain
from typing import Any

from bot.domain.alerts import AlertRules
from bot.domain.assessment import Action, Proposal, Rule
from bot.domain.authority import BOT
from bot.domain.catalogue import Service
from bot.domain.facts import AlertCleared, AlertFired, Fact
from bot.domain.incident import Incident, replay
from bot.domain.overview import Overview, overview, to_blame
from bot.domain.policy import Policy
from bot.domain.severity import Severity
from bot.domain.spikes import Errors
from bot.domain.state import Quiet
from bot.domain.watching import Condition, Finding
from tests.samples import (
    CLEARED,
    DECLARED,
    DISMISSED,
    DISPUTED,
    FIRED,
    ID,
    IMPACT,
    LATE,
    MEASURED,
    QUIET,
    REOPENED,
    RESOLVED,
    ROOM,
    SILENCED,
    SUGGESTED,
    SUGGESTION,
    TAKEN,
    UPDATED,
    WORSE,
    T,
    stamp,
)

Values = Mapping[str, Any]
TELLING = "OOMKilled, connection refused, deadlock, disk full, certificate expired: "
BY_ITSELF = replace(DECLARED, stamp=stamp(BOT.person), severity=Severity.P1)
MANY = 12  # groups, more than are shown


def fired(text: str, n: int = 1, key: str = "errors", telling: str = "") -> AlertFired:
    words = telling + text
    return replace(
        FIRED,
        group=key,
        fingerprint=f"f{n}",
        name=text or "-",
        summary=words,
        description=words,
        severity=None if n == 3 else Severity.P1,
        services=(text,) if text and n % 2 else (),
        labels={"alertname": text, "reason": words},
        link=None if n == 2 else f"https://example.com/{n}|?a=1&b=<2>" + "x" * 2000 * (n == 4),
        untold=1_000_000_000 * (n == 3),
    )


def cleared(n: int) -> AlertCleared:
    return replace(CLEARED, fingerprint=f"f{n}")


def alerted(text: str, groups: int = MANY) -> list[Fact]:
    """Return alerts in so many groups: some have cleared, one came often, some are quiet."""
    every = [fired(text, n, f"g{n}", TELLING) for n in range(1, groups + 1)]
    quiet = [replace(QUIET, group=f"g{n}") for n in range(1, max(2, groups - 1)) if n < MANY - 3]
    more: list[Fact] = [cleared(1), fired(text, 1, "g1", TELLING), cleared(groups)]
    told: list[Fact] = [*every, *more, *quiet]
    return [*told, *(replace(SILENCED, group=q.group) for q in quiet[:2])]


@cache
def suggestions(text: str) -> list[Incident]:
    begun = replace(SUGGESTED, title=text or "-")
    storm = replace(begun, storm=True, severity=None, services=(text or "-",))
    unasked = replace(DISMISSED, reason="")
    by_itself = replace(DISMISSED, stamp=stamp(BOT.person))
    courses: list[list[Fact]] = [
        [begun, fired(text)],
        [begun, fired(text), SUGGESTION, LATE, MEASURED],
        [begun, *alerted(text), SUGGESTION, DISPUTED, MEASURED],
        [storm, fired(text)],
        [storm, *alerted(text), LATE, MEASURED],
        [begun, fired(text), replace(DISMISSED, reason=text)],
        [begun, fired(text), SUGGESTION, unasked],
        [begun, fired(text), cleared(1), by_itself],
        [storm, fired(text), replace(unasked, into="INC-20260115-002")],
        [begun, fired(text), SUGGESTION, DECLARED, TAKEN],
        [begun, fired(text), SUGGESTION, BY_ITSELF, ROOM, RESOLVED],
    ]
    return [replay(ID, facts) for facts in courses]


def accepted(text: str) -> list[Incident]:
    """Return open incidents with alerts, and one that is over."""
    begun = replace(DECLARED, title=text or "-", severity=Severity.P1, details=text)
    said_of_it = (replace(IMPACT, impact=text or "-"), replace(UPDATED, text=text or "-"))
    unknown = replace(MEASURED, failed=None, lost=None, users=12.5, currency="", unknown={})
    said = replace(MEASURED, currency=text[:40], unknown={"users": text, text: text})
    queries = {"failed": text, "users": text, "lost": text, "else": text}
    courses: list[list[Fact]] = [
        [begun, ROOM, DISPUTED],
        [begun, ROOM, fired(text), said],
        [begun, ROOM, fired(text), fired(text, 2), unknown],
        [begun, ROOM, *alerted(text, 2), replace(said, queries=queries)],
        [begun, ROOM, *alerted(text), *said_of_it, DISPUTED, replace(said, queries=queries)],
        [begun, ROOM, replace(FIRED, summary=text, labels={"severity": "info"})],
        [begun, ROOM, fired(text), cleared(1), RESOLVED],
    ]
    return [replay(ID, facts) for facts in courses]


def overviews(incident: Incident, text: str) -> Iterator[Overview]:
    """Yield what is to be shown, as it is by itself and with a catalogue, rules, silences."""
    needs = {"checkout": Service("checkout"), "front": Service("front", depends_on=("checkout",))}
    silenced = AlertRules(silenced_at=frozenset({"alertmanager"}))
    rules = (
        Rule("memory.mine", labels={"alertname": ".*"}, cause=text or "-"),
        Rule("else", labels={"reason": ".*"}, cause="else", actions=(Action.RESTART,)),
    )
    for policy in (Policy(), Policy(services=needs, alerts=silenced, assessment=rules)):
        yield overview(incident, policy, T)


def suggested(text: str) -> Iterator[Values]:
    seen = sights(text)
    for incident in suggestions(text):
        for told in overviews(incident, text):
            yield {"incident": incident, "told": told, "seen": seen}


def sights(text: str) -> Mapping[str, Finding]:
    """Return what the watch knows of some services: that it works, all that fails, nothing."""
    errors = Errors(text[:9] or "timeout", 12, timedelta(minutes=5), text)
    return {
        "checkout": Finding(Condition(works=True, since=T, said="200")),
        text: Finding(Condition(works=False, since=T, said=text), (errors,) * 4, (text,) * 6),
        "mail": Finding(None),
        **{f"s{n}": Finding(Condition(works=True, since=T, said="")) for n in range(4)},
    }


def bare(text: str) -> Iterator[Values]:
    return ({"incident": incident} for incident in suggestions(text))


def open_ones(text: str) -> Iterator[Values]:
    return (values for values in bare(text) if values["incident"].suggested)


def waiting(text: str) -> list[list[Incident]]:
    every = [incident for incident in suggestions(text) if incident.suggested]
    return [[], every[:2], every * 6]


def changed(text: str) -> Iterator[Values]:
    declared = replace(DECLARED, title=text or "-")
    unled = replace(declared, stamp=replace(declared.stamp, by="bot"))
    courses: list[list[Fact]] = [
        [unled, fired(text)],
        [declared, TAKEN, fired(text), fired(text, 2), REOPENED],
        [declared, fired(text), cleared(1)],
    ]
    for facts in courses:
        incident = replay(ID, facts)
        for worse in (WORSE, None):
            alarm = to_blame(incident, again=worse is None)
            yield {"incident": incident, "worse": worse, "alarm": alarm}


def calm(text: str) -> Iterator[Values]:
    declared = replace(DECLARED, title=text or "-")
    unled = replace(declared, stamp=replace(declared.stamp, by="bot"))
    for first in (declared, unled):
        yield {"incident": replay(ID, [first, FIRED, CLEARED])}


def grouped(text: str) -> Iterator[Values]:
    """Yield incidents with one of their groups, and what was asked of it."""
    quiet = Quiet("alertmanager", "g1", T, "UBO", 3)
    for incident in accepted(text):
        for sheaf in next(overviews(incident, text)).groups[:2]:
            of = {"incident": incident, "before": incident, "sheaf": sheaf}
            yield {**of, "quiet": replace(quiet, source=text[:200] or "-")}


def forms(text: str) -> Iterator[Values]:
    for incident in (incident for incident in accepted(text) if incident.alarms):
        found = chain.from_iterable(told.groups for told in overviews(incident, text))
        groups = {"metadata": f"C1 {ID}", "incident": incident, "groups": tuple(found)}
        yield from ({**groups, "lasting": timedelta(minutes=n)} for n in (60, 90))


def only(names: tuple[str, ...], samples: Iterable[Values]) -> Iterator[Values]:
    return ({name: values[name] for name in names} for values in samples)


SAMPLES: Mapping[str, Callable[[str], Iterable[Values]]] = {
    "messages/triage": suggested,
    "messages/alarmed": changed,
    "messages/all_clear": calm,
    "messages/accepted": lambda text: [
        {"incident": incident} for incident in (*suggestions(text)[-2:], *accepted(text))
    ],
    "messages/dismissed": lambda text: [{"incident": i} for i in suggestions(text)[5:7]],
    "messages/disputed": lambda text: [
        {"incident": i, "rule": text or "-", "disputed": d}
        for i in suggestions(text)[:1]
        for d in (True, False)
    ],
    "messages/no_groups": lambda _: [{}],
    "messages/not_yet": lambda text: [{"incident": i, "by": "UBO"} for i in accepted(text)],
    "messages/silencing": lambda text: only(("incident", "sheaf", "quiet"), grouped(text)),
    "messages/split": lambda text: only(("incident", "before", "sheaf"), grouped(text)),
    "messages/suggested": lambda text: [{"incidents": some} for some in waiting(text)],
    "modals/merge": lambda text: [
        {"metadata": f"C1 {ID}", "incident": i, "others": accepted(text)}
        for i in suggestions(text)[:1]
    ],
    "modals/silence_groups": forms,
    "modals/split_groups": lambda text: only(("metadata", "incident", "groups"), forms(text)),
    "notifications/step": lambda text: [
        {"proposal": Proposal(action, target, "x")}
        for action in Action
        for target in (None, text or None)
    ],
}
