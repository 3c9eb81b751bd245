"""What the production panel on the page shows."""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .flow import Flow
from .holdings import Holdings
from .pods import Pod
from .releases import Release
from .shop import CACHE, DATABASE, Service, Stores, needs

KEPT = 120  # steps that are shown


class History:
    """The last steps of each service."""

    def __init__(self) -> None:
        self._steps = defaultdict[str, deque[Mapping[str, float]]](lambda: deque(maxlen=KEPT))

    def add(self, at: float, flow: Flow) -> None:
        """Keep a step."""
        for name, figures in flow.services.items():
            told = {"rps": figures.rps, "errors": figures.errors, "seconds": figures.seconds}
            self._steps[name].append({"at": at, **told})

    def of(self, service: str) -> Sequence[Mapping[str, float]]:
        """Return the steps of a service, the oldest first."""
        return tuple(self._steps[service])


def service_shown(
    service: Service,
    flow: Flow,
    history: History,
    deployment: Mapping[str, Any],
    pods: Iterable[Mapping[str, Any]],
) -> Mapping[str, Any]:
    """Return what is shown of a service."""
    figures = flow.services[service.name]
    return {
        "name": service.name,
        "does": service.does,
        "calls": list(needs(service)),
        "rps": figures.rps,
        "errors": figures.errors,
        "seconds": figures.seconds,
        "history": list(history.of(service.name)),
        "deployment": deployment,
        "pods": list(pods),
    }


def pod_shown(pod: Pod, service: Service, memory: float, reason: str) -> Mapping[str, Any]:
    """Return what is shown of a pod."""
    return {
        "name": pod.name,
        "version": version(pod.image),
        "ready": pod.ready,
        "phase": "Running" if pod.started_at is not None else "Pending",
        "reason": reason,
        "restarts": pod.restarts,
        "memory": memory,
        "limit": service.limit,
    }


def stores_shown(flow: Flow, holdings: Holdings, stores: Stores) -> Sequence[Mapping[str, Any]]:
    """Return what is shown of the database and the cache."""
    return [
        {
            "name": DATABASE,
            "kind": "database",
            "figures": {
                "queries a second": flow.queries,
                "seconds a query": flow.query_seconds,
                "connections": flow.connections,
                "of at most": stores.connections,
            },
        },
        {
            "name": CACHE,
            "kind": "cache",
            "figures": {
                "megabytes": holdings.used,
                "of at most": holdings.memory,
                "hits": holdings.hits(stores.usual_hits),
            },
        },
    ]


def release_shown(release: Release, at: float) -> Mapping[str, Any]:
    """Return what is shown of a deployment."""
    return {
        "at": at,
        "service": release.service,
        "version": f"v{release.version}",
        "author": release.author,
        "summary": release.summary,
    }


def version(runs: str) -> str:
    """Return the version of an image."""
    return runs.rpartition(":")[2]
