"""Words, labels and the catalogue to what is wrong, how bad, why, and what to do: pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Protocol

from bot.domain.alerts import AlertRules, matches, services_of, severity_of
from bot.domain.catalogue import Service
from bot.domain.severity import Severity
from bot.domain.titles import cleaned

from .causes import CAUSES
from .extent import EXTENTS
from .naming import Names
from .phrases import Phrases
from .rules import Kind, Rule
from .subject import Subject
from .targets import Proposal, proposals
from .words import Word, words

# The labels that tell where it is wrong and what happened, beside those that name a service.
PLACES = (
    *("pod", "container", "workload", "statefulset", "daemonset", "horizontalpodautoscaler"),
    *("persistentvolumeclaim", "job_name", "cronjob", "instance", "target", "host", "queue"),
    *("consumergroup", "topic", "namespace"),
)
TOLD = ("reason", "error", "message")

LABELS = "severity.labels"  # the names of what is not a rule with words
UNLABELLED = "severity.unlabelled"
BY_CAUSE = "severity.by_cause"

LONGEST_QUOTE = 120


class Catalogue(Protocol):
    """What a team says of its services, its alerts, and what their words mean."""

    @property
    def services(self) -> Mapping[str, Service]:
        """Return the services by name."""

    @property
    def alerts(self) -> AlertRules:
        """Return what alerts mean."""

    @property
    def assessment(self) -> tuple[Rule, ...]:
        """Return the team's own rules."""

    def dependants(self, services: Iterable[str]) -> tuple[str, ...]:
        """Return who needs one of these services."""


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that told something, and the words or labels that it did so for."""

    rule: str
    on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Impact:
    """What users notice, of which services."""

    kind: Kind
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Likely:
    """A potential cause and the rule that says so."""

    cause: str
    rule: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """What may be said before anybody looked; the likeliest stands first everywhere.

    The severity is what the rules make of it, `because` of one of them; what people stated stands
    beside it and counts.
    """

    severity: Severity | None
    because: str | None
    stated: Severity | None
    services: tuple[str, ...]
    dependants: tuple[str, ...]
    impact: Impact
    causes: tuple[Likely, ...]
    actions: tuple[Proposal, ...]
    fired: tuple[Fired, ...]


@dataclass(frozen=True, slots=True)
class _Text:
    text: str
    words: Sequence[Word]
    services: Mapping[str, int]  # from which word on


@dataclass(frozen=True, slots=True)
class _Firing:
    rule: Rule
    on: tuple[str, ...]
    first: _Text | None = None


def assess(
    subject: Subject, catalogue: Catalogue, disputed: Collection[str] = frozenset()
) -> Assessment:
    """Assess it; rules that people disagree with are left out."""
    names = Names(catalogue.services)
    texts = _texts(subject, names)
    found = _services(subject, catalogue, names, texts)
    firing = _firing(subject, catalogue, texts, disputed)
    severity, because, more = _severity(subject, catalogue, firing, disputed)
    causes = [f for f in firing if f.rule.cause]
    kinds = {f.rule.impact for f in firing if f.rule.impact}
    kind = next((kind for kind in Kind if kind in kinds), Kind.NONE_KNOWN)
    told = ((f.rule, _about(f, found)) for f in causes)
    return Assessment(
        severity,
        because,
        subject.stated,
        found,
        tuple(name for name in catalogue.dependants(found) if name not in found),
        Impact(kind, found),
        _once(Likely(f.rule.cause or "", f.rule.name) for f in causes),
        proposals(told, found, catalogue.services),
        (*(Fired(f.rule.name, f.on) for f in firing), *more),
    )


def _once(causes: Iterable[Likely]) -> tuple[Likely, ...]:
    first = dict[str, Likely]()
    for likely in causes:
        first.setdefault(likely.cause, likely)
    return tuple(first.values())


def _texts(subject: Subject, names: Names) -> list[_Text]:
    said = sorted({each[name] for each in subject.labels for name in TOLD if each.get(name)})
    read = ((text, words(text)) for text in (*subject.texts, *said))
    return [_Text(text, found, names.named(found)) for text, found in read]


def _services(
    subject: Subject, catalogue: Catalogue, names: Names, texts: Sequence[_Text]
) -> tuple[str, ...]:
    known = tuple(catalogue.services.values())
    labelled = [services_of(each, catalogue.alerts, known) for each in subject.labels]
    placed = [
        _placed(each, names)
        for each, services in zip(subject.labels, labelled, strict=True)
        if not services
    ]
    said = [text.services for text in texts]
    return tuple(dict.fromkeys(chain(subject.services, *labelled, *placed, *said)))


def _placed(labels: Mapping[str, str], names: Names) -> tuple[str, ...]:
    for name in PLACES:
        if named := names.named(words(labels.get(name, ""))):
            return tuple(named)
    return ()


def _firing(
    subject: Subject, catalogue: Catalogue, texts: Sequence[_Text], disputed: Collection[str]
) -> list[_Firing]:
    own = catalogue.assessment
    said = [(_built_in(), texts), (_phrases(own), texts)] if own else [(_built_in(), texts)]
    found = dict[str, list[tuple[_Text, int, int]]]()
    for phrases, every in said:
        for text in every:
            for name, place in phrases.said(text.words).items():
                found.setdefault(name, []).append((text, *place))
    rules = (rule for rule in (*own, *CAUSES, *EXTENTS) if rule.name not in disputed)
    fired = (_fire(rule, subject, found.get(rule.name, [])) for rule in rules)
    return [each for each in fired if each]


def _fire(rule: Rule, subject: Subject, said: Sequence[tuple[_Text, int, int]]) -> _Firing | None:
    labelled = [each for each in subject.labels if rule.labels and matches(each, rule.labels)]
    if (rule.says and not said) or (rule.labels and not labelled):
        return None
    if not (rule.says or rule.labels):
        return None
    quotes = [_quote(*place) for place in said]
    labels = [_label(name, each) for each in labelled for name in rule.labels]
    on = tuple(dict.fromkeys([*quotes, *labels]))
    return _Firing(rule, on, said[0][0] if said else None)


def _quote(text: _Text, begins: int, ends: int) -> str:
    said = text.text[text.words[begins].begins : text.words[ends - 1].ends]
    return cleaned(said)[:LONGEST_QUOTE]


def _label(name: str, labels: Mapping[str, str]) -> str:
    return cleaned(f"{name}={labels.get(name, '')}")[:LONGEST_QUOTE]


@cache
def _built_in() -> Phrases:
    return _phrases((*CAUSES, *EXTENTS))


def _phrases(rules: Iterable[Rule]) -> Phrases:
    return Phrases({rule.name: rule.says for rule in rules})


def _about(firing: _Firing, found: Sequence[str]) -> tuple[str, ...]:
    """Return the services in the text where it fired, in their order; without any, all."""
    return tuple(firing.first.services if firing.first else ()) or tuple(found)


def _severity(
    subject: Subject,
    catalogue: Catalogue,
    firing: Sequence[_Firing],
    disputed: Collection[str],
) -> tuple[Severity | None, str | None, tuple[Fired, ...]]:
    """Return how bad it is, the name of what tells so, and what that is if it is no rule."""
    labelled = _labelled(subject, catalogue.alerts) if LABELS not in disputed else None
    own = {rule.name for rule in catalogue.assessment}
    counting = [f for f in firing if f.rule.name in own or labelled is None]
    floors = [(f.rule.severity, f.rule.name) for f in counting if f.rule.severity]
    if labelled is not None:
        severity, on = labelled
        worse = [floor for floor in floors if severity is None or floor[0] < severity]
        if worse:
            return *min(worse, key=lambda floor: floor[0]), ()
        return severity, LABELS, (Fired(LABELS, on),)
    unlabelled = catalogue.alerts.unlabelled if subject.labels else None
    more = tuple[Fired, ...]()
    if unlabelled and UNLABELLED not in disputed:
        floors.append((unlabelled, UNLABELLED))
        more = (Fired(UNLABELLED, ()),)
    if not floors and any(f.rule.cause for f in firing) and BY_CAUSE not in disputed:
        floors.append((Severity.P2, BY_CAUSE))
        more = (Fired(BY_CAUSE, ()),)
    limits = [(f.rule.at_most, f.rule.name) for f in counting if f.rule.at_most]
    return *_settled(floors, limits), more


def _settled(
    floors: Sequence[tuple[Severity, str]], limits: Sequence[tuple[Severity, str]]
) -> tuple[Severity | None, str | None]:
    worst = min(floors, key=lambda floor: floor[0], default=None)
    limit = max(limits, key=lambda limit: limit[0], default=None)
    if limit and (worst is None or (worst[0] is not Severity.P0 and worst[0] < limit[0])):
        return limit
    return worst or (None, None)


def _labelled(
    subject: Subject, rules: AlertRules
) -> tuple[Severity | None, tuple[str, ...]] | None:
    """Return the worst that labels say, and which; None if none says anything."""
    told = list[tuple[Severity | None, str]]()
    for each in subject.labels:
        by_rule = next((r for r in rules.raises if matches(each, r.match)), None)
        if by_rule:
            on = ", ".join(_label(name, each) for name in by_rule.match)
            told.append((by_rule.severity, on))
            continue
        for name in rules.severity_labels:
            if each.get(name, "").strip().lower() in rules.severities:
                told.append((severity_of(each, rules), _label(name, each)))
                break
    if not told:
        return None
    worst = min((severity for severity, _ in told if severity), default=None)
    return worst, tuple(sorted({on for severity, on in told if severity is worst}))
