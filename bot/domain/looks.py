"""What a look at a service, a target or a log file says, and what people are shown of it."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from .alerts import services_of
from .catalogue import Service
from .policy import Policy
from .spikes import Spike, Tally
from .watching import Condition, Look, Sight, Watched, WatchRules, named_by


def things(policy: Policy) -> frozenset[str]:
    """Return what is looked at, but for targets: those are known by their source only."""
    rules = policy.watch
    if not rules:
        return frozenset()
    services = policy.services.values()
    healthy = [_health(s) for s in services if s.health]
    logged = [_errors(s, spike) for s in services if s.logs for spike in rules.spikes]
    return frozenset([*healthy, *logged])


def _health(service: Service) -> str:
    return f"{Sight.HEALTH}/{service.name}"


def _errors(service: Service, spike: Spike) -> str:
    return f"{Sight.ERRORS}/{service.name}/{spike.name}"


def health_look(service: Service, trouble: str, rules: WatchRules) -> Look:
    """Return what its health address said."""
    labels = {
        "alertname": "HealthCheckFailed",
        "service": service.name,
        "severity": rules.severities[Sight.HEALTH],
    }
    link = shown_address(service.health or "")
    thing = _health(service)
    name = f"{service.name} is not healthy"
    return Look(thing, service.name, Sight.HEALTH, name, trouble, labels, link)


def errors_look(service: Service, spike: Spike, tally: Tally, rules: WatchRules) -> Look:
    """Return whether there were too many errors of a kind: that is certain at once."""
    labels = {
        "alertname": "ErrorsInLogs",
        "service": service.name,
        "errors": spike.name,
        "severity": rules.severities[Sight.ERRORS],
    }
    minutes = f"{spike.within.total_seconds() / 60:g} min"
    many = tally.total >= spike.times
    said = f"{tally.total} in {minutes}, such as: {tally.example}" if many else ""
    name = f"{spike.name} errors in the logs of {service.name}"
    thing = _errors(service, spike)
    return Look(thing, service.name, Sight.ERRORS, name, said, labels, certain=True)


def target_look(
    series: Mapping[str, str], value: float, policy: Policy, rules: WatchRules
) -> Look:
    """Return whether Prometheus reaches a target; the catalogue says of which service it is."""
    own = {name: text for name, text in series.items() if name != "__name__"}
    labels = {"severity": rules.severities[Sight.TARGET], **own, "alertname": "TargetDown"}
    about = services_of(labels, policy.alerts, policy.services.values())
    job = own.get("job", "")
    target = own.get("instance") or job or "a target"
    return Look(
        f"{Sight.TARGET}/{named_by(own)}",
        about[0] if about else f"job {job}",
        Sight.TARGET,
        f"{target} is down",
        "" if value else f"{job or 'its job'}: it cannot be asked for its metrics",
        labels,
    )


def condition_of(health: Watched, status: int | None, seconds: float | None) -> Condition:
    """Return how a service's health was at the last look."""
    trouble = health.look.trouble
    said = trouble or (f"answered {status}" if status else "")
    return Condition(not trouble, health.row_since, said, seconds)


def shown_address(address: str) -> str | None:
    """Return an address that people may be shown; None if there may be a secret in it."""
    parts = urlsplit(address)
    secret = parts.username or parts.password or parts.query
    return None if secret or not parts.hostname else address
