"""What the shop's systems count, under the names that their exporters use."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Protocol

from .flow import NOBODY, OWN, TIMEOUT, Figures, Flow, lognormal
from .shop import CACHE, DATABASE, NAMESPACE, Service

BUCKETS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
CODES = {OWN: "500", TIMEOUT: "504"}
OTHERWISE = "503"
Labels = Mapping[str, str]


class Series(Protocol):
    """Where samples go."""

    def append(self, name: str, labels: Labels, at: float, value: float) -> None:
        """Add a sample to a series."""


class Counters:
    """Counts what only grows, per pod: a new container begins at 0, as in life."""

    def __init__(self, series: Series) -> None:
        self._series = series
        self._totals = defaultdict[str, dict[tuple[str, str], float]](dict)

    def count(self, life: str, at: float, name: str, labels: Labels, by: float) -> None:
        """Count on in the life of a container, by status code and bucket; tell the sum."""
        totals, key = self._totals[life], (name, labels.get("code") or labels.get("le") or "")
        totals[key] = totals.get(key, 0.0) + by
        self._series.append(name, labels, at, totals[key])

    def gauge(self, at: float, name: str, labels: Labels, value: float) -> None:
        """Tell what goes up and down."""
        self._series.append(name, labels, at, value)

    def forget(self, lives: frozenset[str]) -> None:
        """Forget all but these lives."""
        for life in self._totals.keys() - lives:
            del self._totals[life]


def by_code(figures: Figures) -> Iterator[tuple[str, float]]:
    """Return the share of requests that each status code answered."""
    codes = defaultdict[str, float](float)
    for kind, share in figures.failed.items():
        codes[CODES.get(kind, OTHERWISE)] += share
    yield "200", max(0.0, 1 - figures.errors)
    yield from sorted(codes.items())


def count_requests(
    counters: Counters,
    service: Service,
    life: tuple[str, str],
    at: float,
    done: tuple[Figures, float],
) -> None:
    """Count what a pod, by life and name, answered: its part of what the service did in a time."""
    figures, requests = done
    labels = {"job": service.name, "service": service.name, "pod": life[1], "namespace": NAMESPACE}
    codes = dict(by_code(figures))
    for code in ("200", "500", "503", "504"):
        share = codes.get(code, 0.0)
        told = {**labels, "code": code}
        counters.count(life[0], at, "http_requests_total", told, requests * share)
    _count_times(counters, labels, life[0], at, done)


def _count_times(
    counters: Counters, labels: Labels, life: str, at: float, done: tuple[Figures, float]
) -> None:
    figures, requests = done
    name = "http_request_duration_seconds"
    for limit in BUCKETS:
        share = lognormal(limit, max(figures.seconds, 1e-4))
        told = {**labels, "le": f"{limit:g}"}
        counters.count(life, at, f"{name}_bucket", told, requests * share)
    counters.count(life, at, f"{name}_bucket", {**labels, "le": "+Inf"}, requests)
    counters.count(life, at, f"{name}_sum", labels, requests * figures.seconds)
    counters.count(life, at, f"{name}_count", labels, requests)


def count_database(counters: Counters, flow: Flow, at: float, seconds: float, most: int) -> None:
    """Count what the database's exporter tells."""
    labels = {"job": DATABASE, "instance": "db-0:9187"}
    busy = min(flow.connections, flow.queries * flow.query_seconds + 1)
    counters.gauge(at, "up", labels, 1)
    counters.gauge(at, "pg_up", labels, 1)
    counters.gauge(at, "pg_settings_max_connections", labels, most)
    told = {**labels, "datname": "shop"}
    counters.gauge(at, "pg_stat_activity_count", {**told, "state": "active"}, busy)
    idle = flow.connections - busy
    counters.gauge(at, "pg_stat_activity_count", {**told, "state": "idle"}, idle)
    commits = flow.queries * seconds
    counters.count(DATABASE, at, "pg_stat_database_xact_commit", told, commits)
    counters.gauge(at, "db_query_seconds", labels, flow.query_seconds)


def count_cache(
    counters: Counters, at: float, reads: tuple[float, float], held: Mapping[str, float]
) -> None:
    """Count what the cache's exporter tells: hits and misses, and what it holds by name."""
    labels = {"job": CACHE, "instance": "cache-0:9121"}
    counters.gauge(at, "up", labels, 1)
    counters.gauge(at, "redis_up", labels, 1)
    counters.count(CACHE, at, "redis_keyspace_hits_total", labels, reads[0])
    counters.count(CACHE, at, "redis_keyspace_misses_total", labels, reads[1])
    for name, value in held.items():
        counters.gauge(at, name, labels, value)


def reachable(figures: Figures) -> bool:
    """Say whether anybody answers."""
    return NOBODY not in figures.failed
