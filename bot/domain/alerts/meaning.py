"""How bad an alert is, and which services it is about."""

from collections.abc import Iterable, Mapping

from bot.domain.catalogue import Service
from bot.domain.severity import Severity

from .rules import AlertRules, matches


def severity_of(labels: Mapping[str, str], rules: AlertRules) -> Severity | None:
    """Return how bad alerts with these labels are; None is worth a note only.

    A rule for such alerts counts, else the first label that says something we know, else what
    unlabelled ones are.
    """
    for rule in rules.raises:
        if matches(labels, rule.match):
            return rule.severity
    for name in rules.severity_labels:
        said = labels.get(name, "").strip().lower()
        if said in rules.severities:
            return rules.severities[said]
    return rules.unlabelled


def services_of(
    labels: Mapping[str, str], rules: AlertRules, catalogue: Iterable[Service]
) -> tuple[str, ...]:
    """Return the services that the catalogue says such alerts are about, else those named in it.

    Without a catalogue whatever a label calls a service is one.
    """
    known = {service.name: service for service in catalogue}
    about = [s.name for s in known.values() if s.labels and matches(labels, s.labels)]
    if about:
        return tuple(about)
    named = [labels[name].strip().lower() for name in rules.service_labels if labels.get(name)]
    if known:
        return tuple(dict.fromkeys(name for name in named if name in known))
    return tuple(named[:1])
