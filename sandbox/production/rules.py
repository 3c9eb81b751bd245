"""The shop's alert rules: what its Prometheus looks at, and how bad it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .shop import FRONT, SHOP, Service

SLOW = 3.0  # times as long as without load, at the least
LEAST_SLOW = 0.8  # seconds
CRITICAL, WARNING = "critical", "warning"
TAKES_ORDERS = frozenset({FRONT, "checkout"})


@dataclass(frozen=True, slots=True)
class Rule:
    """An alert, in Prometheus' language; it has to be true for so many seconds."""

    name: str
    expr: str
    lasts: float
    labels: Mapping[str, str]
    annotations: Mapping[str, str] = field(default_factory=dict)


def rules() -> Iterator[Rule]:
    """Return all alerts of the shop."""
    for service in SHOP.values():
        yield _failing(service)
        yield _slow(service)
        yield _killed(service)
        yield _gone(service)
    yield Rule(
        "MailQueueHigh",
        *('max(mail_queue_length{job="mail"}) > 1000', 20.0),
        {"severity": WARNING, "service": "mail"},
        {"summary": "Mails wait to be sent", "description": "{{ $value }} mails wait"},
    )
    yield Rule(
        "CacheMisses",
        "sum(rate(redis_keyspace_misses_total[1m])) / (sum(rate(redis_keyspace_hits_total[1m]))"
        " + sum(rate(redis_keyspace_misses_total[1m]))) > 0.4",
        60.0,
        {"severity": WARNING, "service": "cache"},
        {"summary": "The cache has less than 60 % of what is asked for"},
    )
    yield Rule(
        *("DatabaseSlow", "max(db_query_seconds) > 0.1", 60.0),
        {"severity": WARNING, "service": "db"},
        {"summary": "Queries take longer than 100 ms"},
    )
    yield Rule("Watchdog", "vector(1)", 0.0, {"severity": "none"}, {"summary": "All is watched"})


def _severity(service: Service) -> str:
    return CRITICAL if service.name in TAKES_ORDERS else WARNING


def _failing(service: Service) -> Rule:
    mine = f'service="{service.name}"'
    bad = f'sum(rate(http_requests_total{{{mine},code=~"5.."}}[1m]))'
    return Rule(
        "ErrorsHigh",
        f"{bad} / sum(rate(http_requests_total{{{mine}}}[1m])) > 0.05",
        20.0,
        {"severity": _severity(service), "service": service.name},
        {
            "summary": f"{service.name} answers with errors",
            "description": "{{ $value }} of requests fail with 5xx",
        },
    )


def _slow(service: Service) -> Rule:
    mine = f'service="{service.name}"'
    took = f"sum(rate(http_request_duration_seconds_sum{{{mine}}}[1m]))"
    count = f"sum(rate(http_request_duration_seconds_count{{{mine}}}[1m]))"
    limit = max(LEAST_SLOW, SLOW * service.seconds)
    return Rule(
        *("LatencyHigh", f"{took} / {count} > {limit:g}", 60.0),
        {"severity": WARNING, "service": service.name},
        {"summary": f"{service.name} is slow", "description": "{{ $value }} s a request"},
    )


def _killed(service: Service) -> Rule:
    mine = f'namespace="shop",container="{service.name}"'
    return Rule(
        "OutOfMemory",
        f"sum(increase(kube_pod_container_status_restarts_total{{{mine}}}[10m])) > 0.9",
        0.0,
        {"severity": CRITICAL, "service": service.name},
        {
            "summary": f"Pods of {service.name} were killed: out of memory",
            "description": "OOMKilled {{ $value }} times in 10 minutes",
        },
    )


def _gone(service: Service) -> Rule:
    return Rule(
        *("NobodyReady", f'sum(up{{job="{service.name}"}}) < 1', 20.0),
        {"severity": CRITICAL, "service": service.name},
        {"summary": f"No pod of {service.name} is ready"},
    )
