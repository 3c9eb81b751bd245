"""Which actions fit what may be wrong, and to which service each is done."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.catalogue import Service

from .rules import Action, Rule
from .words import forms

_DOWNSTREAM = frozenset([Action.CHECK_DOWNSTREAM])
_DATABASE = frozenset([Action.CHECK_DATABASE, Action.CHECK_REPLICATION])
_SAME_EVERYWHERE = frozenset([Action.CHECK_DNS, Action.CHECK_NETWORK])
_DATABASES = frozenset(
    {
        "db",
        "database",
        "postgres",
        "postgresql",
        "mysql",
        "mariadb",
        "oracle",
        "mongo",
        "mongodb",
        "sql",
        "cockroach",
    }
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something to do, to which service if that is known, because of which rule."""

    action: Action
    target: str | None
    rule: str


def proposals(
    told: Iterable[tuple[Rule, Sequence[str]]],
    found: Sequence[str],
    services: Mapping[str, Service],
) -> tuple[Proposal, ...]:
    """Return each action once for each target, the fittest first.

    With each rule comes which services it was told of.
    """
    proposed = dict[tuple[Action, str | None], Proposal]()
    for rule, about in told:
        for action in rule.actions:
            for target in _targets(action, about or found, services):
                proposed.setdefault((action, target), Proposal(action, target, rule.name))
    return tuple(proposed.values())


def _targets(
    action: Action, about: Sequence[str], services: Mapping[str, Service]
) -> tuple[str | None, ...]:
    if action in _SAME_EVERYWHERE or not about:
        return (None,)
    if action in _DOWNSTREAM:
        return _downstream(about, services)
    if action in _DATABASE:
        return (_database(about, services) or about[0],)
    return (about[0],)


def _downstream(about: Sequence[str], services: Mapping[str, Service]) -> tuple[str, ...]:
    """Return what is needed by another of these services, else by the first, else the last."""
    needed = {need for name in about for need in _needs(name, services)}
    return (
        tuple(name for name in about if name in needed)
        or ((about[-1],) if len(about) > 1 else ())
        or _needs(about[0], services)
        or (about[0],)
    )


def _database(about: Sequence[str], services: Mapping[str, Service]) -> str | None:
    near = (*about, *(need for name in about for need in _needs(name, services)))
    return next((name for name in near if _is_database(services.get(name))), None)


def _is_database(service: Service | None) -> bool:
    called = (service.name, *service.aliases) if service else ()
    return any(not _DATABASES.isdisjoint(forms(name)) for name in called)


def _needs(name: str, services: Mapping[str, Service]) -> tuple[str, ...]:
    return services[name].depends_on if name in services else ()
