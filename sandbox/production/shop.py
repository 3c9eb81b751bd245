"""The shop: who calls whom, and what each of them can carry."""

from collections.abc import Mapping
from dataclasses import dataclass, field

NAMESPACE = "shop"
DATABASE, CACHE = "db", "cache"
DEMAND = 90.0  # requests a second on an ordinary afternoon


@dataclass(frozen=True, slots=True)
class Service:
    """A deployment: per request it calls others, asks the database, reads the cache.

    `rps` is what one pod carries, `seconds` a request without load, memory in megabytes; callers
    give up after `patience` seconds. What is called `later` is a queue that nobody waits for.
    """

    name: str
    does: str
    replicas: int
    rps: float
    seconds: float
    memory: float
    limit: float
    calls: Mapping[str, float] = field(default_factory=dict)
    later: Mapping[str, float] = field(default_factory=dict)
    queries: float = 0.0
    reads: float = 0.0
    patience: float = 2.0
    starts_in: float = 6.0
    writes: tuple[str, ...] = ()  # tables


@dataclass(frozen=True, slots=True)
class Stores:
    """What the database and the cache can carry: queries a second, connections, megabytes."""

    queries: float = 110.0
    query_seconds: float = 0.004
    connections: int = 100
    memory: float = 256.0
    usual_hits: float = 0.93


_ALL = (
    Service(
        *("web", "the pages that customers see", 3, 120.0, 0.02, 190.0, 512.0),
        calls={"catalog": 0.8, "checkout": 0.08},
        patience=4.0,
    ),
    Service(
        *("catalog", "products and their prices", 3, 100.0, 0.015, 210.0, 512.0),
        reads=3.0,
        patience=1.5,
    ),
    Service(
        *("checkout", "carts and orders", 3, 6.0, 0.06, 240.0, 512.0),
        calls={"payments": 1.0, "inventory": 1.0},
        later={"mail": 1.0},
        queries=2.0,
        reads=1.0,
        patience=3.0,
        writes=("orders",),
    ),
    Service(
        *("payments", "takes the money", 2, 9.0, 0.12, 160.0, 384.0),
        queries=0.5,
        writes=("payments",),
    ),
    Service(
        *("inventory", "what is in stock", 2, 16.0, 0.02, 150.0, 384.0),
        queries=1.0,
        writes=("stock",),
    ),
    Service("mail", "confirms orders by mail", 1, 25.0, 0.05, 120.0, 256.0, patience=30.0),
)
SHOP: Mapping[str, Service] = {service.name: service for service in _ALL}
FRONT = "web"
EVERYTHING = Stores()


def callers_first(shop: Mapping[str, Service]) -> tuple[Service, ...]:
    """Return the services so that each stands before all that it calls."""
    left, ordered = dict(shop), list[Service]()
    while left:
        called = {name for s in left.values() for name in (*s.calls, *s.later)}
        free = [service for name, service in left.items() if name not in called]
        ordered.extend(free)
        for service in free:
            del left[service.name]
    return tuple(ordered)


def needs(service: Service) -> tuple[str, ...]:
    """Return the names of all that it cannot do without."""
    asks = (DATABASE,) if service.queries or service.reads else ()
    reads = (CACHE,) if service.reads else ()
    return (*service.calls, *service.later, *asks, *reads)
