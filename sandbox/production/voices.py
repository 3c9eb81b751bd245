"""What the services write into their logs: some of what they answered, in words they would use."""

import random
from collections.abc import Iterator, Sequence
from typing import Protocol

from .flow import (
    CALLED,
    DATA,
    LOCK,
    OWN,
    Figures,
    Flow,
)
from .releases import Traits
from .shop import DATABASE, Service

MOST, QUIET = 6, 0.3  # error lines a step; the chance of a line when all is well
PATHS = {
    "web": ("GET /", "GET /products/{n}", "POST /order"),
    "catalog": ("GET /v1/products/{n}", "GET /v1/prices/{n}"),
    "checkout": ("POST /v1/orders", "GET /v1/carts/{n}"),
    "payments": ("POST /v1/charges",),
    "inventory": ("POST /v1/reservations", "GET /v1/stock/{n}"),
    "mail": ("POST /v1/mails",),
}


class Paper(Protocol):
    """Where lines are written."""

    def write(self, service: str, at: float, level: str, text: str, **fields: str) -> None:
        """Write a line into a service's log."""


class Voices:
    """Writes what services would, a few lines of each kind."""

    def __init__(self, paper: Paper, rng: random.Random) -> None:
        self._paper = paper
        self._rng = rng

    def say(self, service: Service, at: float, flow: Flow, traits: Sequence[Traits]) -> None:
        """Write the lines of a step."""
        figures = flow.services[service.name]
        for kind, share in figures.failed.items():
            lines = min(figures.rps * share, MOST)
            for _ in range(int(lines + self._rng.random())):
                text = _complaint(kind, service, figures, flow, traits)
                self._paper.write(service.name, at, "error", text, **self._request(service))
        if self._rng.random() < QUIET:
            took = f"{figures.seconds * self._rng.uniform(0.6, 1.6) * 1000:.0f} ms"
            fields = self._request(service)
            self._paper.write(service.name, at, "info", f"200 in {took}", **fields)

    def died(self, service: Service, at: float, pod: str) -> None:
        """Write the last that a container says which has no memory left."""
        text = f"out of memory: cannot allocate 8388608 bytes (limit {service.limit:.0f} MB)"
        self._paper.write(service.name, at, "fatal", text, pod=pod)

    def _request(self, service: Service) -> dict[str, str]:
        path = self._rng.choice(PATHS[service.name]).format(n=self._rng.randrange(1000, 9999))
        return {"request": path, "trace": f"{self._rng.getrandbits(64):016x}"}


def _complaint(
    kind: str, service: Service, figures: Figures, flow: Flow, traits: Sequence[Traits]
) -> str:
    if kind.startswith(CALLED):
        return _of_called(kind.removeprefix(CALLED), flow)
    match kind:
        case "own" | "data":
            return next(_own_words(kind, traits))
        case "timeout" if figures.slowest == LOCK:
            return f'lock timeout: waited for relation "{service.writes[0]}", statement canceled'
        case "timeout" if figures.slowest == DATABASE:
            return f"timeout: query took longer than {service.patience:g} s"
        case "timeout" if figures.slowest != OWN:
            return f"timeout: waited {service.patience:g} s for {figures.slowest}"
        case "timeout":
            return f"timeout: request took longer than {service.patience:g} s"
        case "refused":
            return "503: too many requests waiting, this one was turned away"
        case "connections":
            return "FATAL: too many connections for role shop"
        case _:
            return "no pod is ready"


def _own_words(kind: str, traits: Sequence[Traits]) -> Iterator[str]:
    yield from (each.says for each in traits if each.says)
    if kind == DATA:
        yield "ValueError: unknown cart format 2"
    yield "internal error"


def _of_called(name: str, flow: Flow) -> str:
    worst = max(flow.services[name].failed.items(), key=lambda each: each[1])[0]
    match worst:
        case "nobody":
            return f"connection refused: {name}:8080"
        case "timeout":
            return f"timeout: {name} did not answer in time (504)"
        case "own" | "data":
            return f"{name} answered 500"
        case _:
            return f"{name} answered 503"
