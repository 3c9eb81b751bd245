"""How load runs through the shop: a step of its physics, pure.

Waiting grows with the share of its capacity that a service uses, as in a queue with one server:
T = S / (1 - u) (M/M/1); connections are load times time (Little's law).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .releases import GOOD, Traits
from .shop import DATABASE, Service, Stores, callers_first

MOST_BUSY = 0.97  # beyond it, what comes too much is refused
LONGEST = 30.0  # seconds
COLD_CACHE = 0.0005  # seconds to ask the cache
NOT_SEEN = 1e-4  # a smaller share of requests


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands ready of a service: the traits of each pod that takes requests."""

    pods: Sequence[Traits]

    @property
    def mean(self) -> Traits:
        """Return what a request meets on average."""
        n = len(self.pods) or 1
        return Traits(
            errors=sum(pod.errors for pod in self.pods) / n,
            seconds=sum(pod.seconds for pod in self.pods) / n,
            cpu=sum(pod.cpu for pod in self.pods) / n if self.pods else 1.0,
            queries=sum(pod.queries for pod in self.pods) / n if self.pods else 1.0,
        )


@dataclass(frozen=True, slots=True)
class Strain:
    """What weighs on the stores besides requests.

    `burden` is the share of the database that long queries take, `locked` the seconds that writing
    to a table waits, `hits` the share of reads the cache answers, `spoiled` the share of reads by
    service that get what they cannot use.
    """

    burden: float = 0.0
    locked: Mapping[str, float] = field(default_factory=dict)
    hits: float = 0.93
    spoiled: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a service did in a step: a second, on average; `failed` by kind, as shares.

    `slowest` is what most of the time went into: OWN, DATABASE, LOCK, or the name of a callee.
    """

    rps: float
    seconds: float
    failed: Mapping[str, float]
    busy: float
    slowest: str

    @property
    def errors(self) -> float:
        """Return the share of requests that failed."""
        return min(1.0, sum(self.failed.values()))


@dataclass(frozen=True, slots=True)
class Flow:
    """What a step looked like."""

    services: Mapping[str, Figures]
    queries: float
    query_seconds: float
    connections: float
    reads: float


OWN, REFUSED, TIMEOUT, NOBODY, DATA = "own", "refused", "timeout", "nobody", "data"
NO_CONNECTION, LOCK = "connections", "lock"
CALLED = "called/"  # and the name of who failed


def flow(
    shop: Mapping[str, Service],
    standing: Mapping[str, Standing],
    demand: Mapping[str, float],
    strain: Strain,
    stores: Stores,
) -> Flow:
    """Return what the demand, by the service it comes to, does to everybody."""
    ordered = callers_first(shop)
    arriving = _arriving(ordered, standing, demand)
    means = {name: standing[name].mean for name in shop}
    reads = sum(arriving[s.name] * s.reads for s in ordered)
    direct = sum(arriving[s.name] * s.queries * means[s.name].queries for s in ordered)
    queries = direct + reads * (1 - strain.hits)
    busy = queries / (stores.queries * max(1 - strain.burden, 0.05))
    seconds = min(stores.query_seconds / (1 - min(busy, MOST_BUSY)) * max(busy, 1.0) ** 3, LONGEST)
    pools = sum(2 * len(standing[s.name].pods) for s in ordered if s.queries or s.reads)
    locked = sum(arriving[s.name] * _locked(s, strain) for s in ordered)
    wanted = queries * seconds + pools + locked
    refused = max(0.0, 1 - stores.connections / wanted) if wanted else 0.0
    asked = _Asked(seconds, refused, strain)
    services = dict[str, Figures]()
    for service in reversed(ordered):
        services[service.name] = _figures(
            service, standing[service.name], arriving[service.name], services, asked
        )
    return Flow(
        {service.name: services[service.name] for service in ordered},
        *(queries, seconds, min(wanted, float(stores.connections)), reads),
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    seconds: float
    refused: float
    strain: Strain


def _arriving(
    ordered: Sequence[Service], standing: Mapping[str, Standing], demand: Mapping[str, float]
) -> dict[str, float]:
    arriving = {service.name: demand.get(service.name, 0.0) for service in ordered}
    for service in ordered:
        served = arriving[service.name] * (1 - _refused(service, standing, arriving))
        for callee, share in (*service.calls.items(), *service.later.items()):
            arriving[callee] += served * share
    return arriving


def _busy(service: Service, standing: Standing, arriving: float) -> float:
    capacity = len(standing.pods) * service.rps / standing.mean.cpu
    return arriving / capacity if capacity else math.inf


def _refused(
    service: Service, standing: Mapping[str, Standing], arriving: Mapping[str, float]
) -> float:
    busy = _busy(service, standing[service.name], arriving[service.name])
    return max(0.0, 1 - 1 / busy) if busy else 0.0


def _locked(service: Service, strain: Strain) -> float:
    return max((strain.locked.get(table, 0.0) for table in service.writes), default=0.0)


def _figures(
    service: Service,
    standing: Standing,
    rps: float,
    called: Mapping[str, Figures],
    asked: _Asked,
) -> Figures:
    if not standing.pods:
        return Figures(rps, 0.0, {NOBODY: 1.0} if rps else {}, 0.0, OWN)
    traits, busy = standing.mean, _busy(service, standing, rps)
    own = (service.seconds + traits.seconds) / (1 - min(busy, MOST_BUSY))
    misses = service.reads * (1 - asked.strain.hits)
    asks = service.queries * traits.queries + misses
    times = {
        OWN: own + service.reads * COLD_CACHE,
        DATABASE: asks * asked.seconds,
        LOCK: _locked(service, asked.strain),
        **{name: share * called[name].seconds for name, share in service.calls.items()},
    }
    seconds = sum(times.values())
    failed = {
        OWN: traits.errors,
        REFUSED: max(0.0, 1 - 1 / busy) if busy else 0.0,
        TIMEOUT: _late(seconds, service.patience),
        DATA: asked.strain.spoiled.get(service.name, 0.0),
        NO_CONNECTION: asked.refused * min(asks, 1.0),
    }
    for name, share in service.calls.items():
        failed[CALLED + name] = min(share, 1.0) * called[name].errors
    slowest = max(times, key=lambda part: times[part])
    lasts = min(seconds, service.patience)
    return Figures(rps, lasts, _one_after_the_other(failed), min(busy, 1.0), slowest)


def _late(seconds: float, patience: float) -> float:
    """Return the share of requests that take longer than their caller waits."""
    if seconds <= 0:
        return 0.0
    return 1 - lognormal(patience, seconds)


def lognormal(limit: float, mean: float, spread: float = 0.45) -> float:
    """Return the share of requests that take less than the limit, given what they take on average.

    Times of requests are about log-normal; the median is mean / exp(spread^2 / 2).
    """
    median = mean / math.exp(spread**2 / 2)
    return 0.5 * (1 + math.erf(math.log(limit / median) / (spread * math.sqrt(2))))


def _one_after_the_other(failed: Mapping[str, float]) -> dict[str, float]:
    """Return the shares so that a request fails of one thing only."""
    left, shares = 1.0, dict[str, float]()
    for kind, share in failed.items():
        if share > NOT_SEEN:
            shares[kind] = left * share
            left *= 1 - share
    return shares


def usual(service: Service) -> Standing:
    """Return a service as it stands when all is well."""
    return Standing([GOOD] * service.replicas)
