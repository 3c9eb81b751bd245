"""The shop's life in steps: demand, load, memory, and what everybody says and counts of it."""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from .counting import Counters, Series, count_cache, count_database, count_requests
from .flow import Flow, Standing, Strain, flow
from .holdings import Holdings
from .pods import Body, Pod, Pods
from .releases import GOOD, Traits
from .shop import DEMAND, FRONT, NAMESPACE, Service, Stores
from .story import Demand, Flood, LongQuery, Nonsense, Scenario

SPOILED_IN = 90.0  # seconds until a version has written over most of what it spoils
DAY = 86400.0
TIDIES_FROM, TIDYING = 0.75, 7.0  # of the memory; times as much work once it is full
OOM = "OOMKilled"
OOM_EXIT = 137


class Queries(Protocol):
    """The sessions of the database."""

    def begin(self, query: LongQuery, at: float) -> int:
        """Begin somebody's query; return its process id."""

    def runs(self, pid: int) -> bool:
        """Say whether that query still runs."""


class Voices(Protocol):
    """Where services say what they do."""

    def say(self, service: Service, at: float, flow: Flow, traits: Sequence[Traits]) -> None:
        """Write the log lines of a step."""

    def died(self, service: Service, at: float, pod: str) -> None:
        """Write the last line of a container that ran out of memory."""


@dataclass(frozen=True, slots=True)
class Around:
    """What the shop lives in."""

    pods: Pods
    queries: Queries
    series: Series
    voices: Voices


class Life:
    """Lives a scenario, `speed` times as fast as the clock; story second 0 is at `begun`."""

    def __init__(
        self,
        shop: Mapping[str, Service],
        stores: Stores,
        scenario: Scenario,
        around: Around,
        *,
        rng: random.Random,
    ) -> None:
        self.shop, self.stores, self.scenario = shop, stores, scenario
        self.holdings = Holdings(stores.memory)
        self.flow: Flow | None = None
        self._around = around
        self._rng = rng
        self._traits = {release.image: release.traits for release in scenario.releases}
        self._counters = Counters(around.series)
        self._bodies = dict[str, Body]()
        self._begun = dict[str, tuple[LongQuery, int]]()
        self._wobble = 0.0

    def traits(self, image: str) -> Traits:
        """Return how an image behaves."""
        return self._traits.get(image, GOOD)

    def _as_it_is(self, service: Service, pod: Pod) -> Traits:
        """Return how a pod behaves now: the fuller its memory, the longer it tidies up."""
        traits, body = self.traits(pod.image), self._bodies.get(pod.uid)
        full = body.memory / service.limit if body else 0.0
        tidying = max(0.0, full - TIDIES_FROM) / (1 - TIDIES_FROM)
        return replace(traits, cpu=traits.cpu * (1 + TIDYING * tidying))

    def step(self, at: float, story: float, dt: float, waited: float) -> Flow:
        """Live `dt` seconds of the story up to a moment; the clock went on by `waited`."""
        pods = {name: self._around.pods.pods(NAMESPACE, name) for name in self.shop}
        self._weigh(story, dt, at)
        standing = {
            name: Standing([self._as_it_is(self.shop[name], p) for p in theirs if p.ready])
            for name, theirs in pods.items()
        }
        demand = {FRONT: self._demand(at, story)}
        now = flow(self.shop, standing, demand, self._strain(standing, dt), self.stores)
        self._told(at, story, now, pods, waited)
        for service in self.shop.values():
            self._bodies_of(service, pods[service.name], now, (at, dt, waited))
            traits = standing[service.name].pods
            self._around.voices.say(service, at, now, traits)
        self._forget(pods)
        self.flow = now
        return now

    def _demand(self, at: float, story: float) -> float:
        """Return how many customers come: more by day, never quite alike."""
        daily = 1 + 0.2 * math.sin(2 * math.pi * (at % DAY / DAY - 0.3))
        self._wobble = 0.85 * self._wobble + self._rng.gauss(0.0, 0.02)
        factor = 1.0
        for each in self.scenario.happenings:
            if isinstance(each, Demand) and story >= each.at:
                factor += (each.factor - 1) * min(1.0, (story - each.at) / each.rise)
        return DEMAND * daily * factor * (1 + self._wobble)

    def _weigh(self, story: float, dt: float, at: float) -> None:
        for each in self.scenario.happenings:
            if isinstance(each, LongQuery) and story >= each.at and each.user not in self._begun:
                self._begun[each.user] = each, self._around.queries.begin(each, at)
            if isinstance(each, Flood) and each.at <= story < each.at + each.takes:
                prefix = each.keys.removesuffix("*")
                self.holdings.fill(prefix, each.megabytes * min(dt / each.takes, 1.0))
        self.holdings.step(dt)

    def _strain(self, standing: Mapping[str, Standing], dt: float) -> Strain:
        burden, locked = 0.0, dict[str, float]()
        for query, pid in self._begun.values():
            if self._around.queries.runs(pid):
                burden += query.burden
                for table, seconds in query.locks.items():
                    locked[table] = locked.get(table, 0.0) + seconds * self._rng.uniform(0.8, 1.2)
        for service, stands in standing.items():
            self._spoil(service, stands, dt)
        carts = self.holdings.family("cart:").spoiled
        hits = self.holdings.hits(self.stores.usual_hits)
        return Strain(min(burden, 0.9), locked, hits, {"checkout": 0.35 * carts})

    def _spoil(self, service: str, standing: Standing, dt: float) -> None:
        for traits in standing.pods:
            if traits.spoils and service in self.shop:
                self.holdings.spoil(traits.spoils, dt / SPOILED_IN / len(standing.pods))

    def _told(
        self, at: float, story: float, now: Flow, pods: Mapping[str, Sequence[Pod]], waited: float
    ) -> None:
        counters = self._counters
        for service in self.shop.values():
            figures = now.services[service.name]
            ready = [pod for pod in pods[service.name] if pod.ready]
            for pod in pods[service.name]:
                labels = {"job": service.name, "service": service.name, "pod": pod.name}
                counters.gauge(at, "up", {**labels, "namespace": NAMESPACE}, float(pod.ready))
            for pod in ready:
                life = (f"{pod.uid}/{pod.restarts}", pod.name)
                requests = figures.rps * waited / len(ready)
                count_requests(counters, service, life, at, (figures, requests))
        count_database(counters, now, at, waited, self.stores.connections)
        hits = self.holdings.hits(self.stores.usual_hits)
        reads = now.reads * waited
        count_cache(counters, at, (reads * hits, reads * (1 - hits)), self._held())
        self._queue(at, story, now)

    def _held(self) -> Mapping[str, float]:
        mega = 1024.0 * 1024.0
        return {
            "redis_memory_used_bytes": self.holdings.used * mega,
            "redis_memory_max_bytes": self.holdings.memory * mega,
            "redis_db_keys": float(sum(family.keys for family in self.holdings.families)),
            "redis_evicted_keys_total": sum(family.evicted for family in self.holdings.families),
        }

    def _queue(self, at: float, story: float, now: Flow) -> None:
        mails = now.services["mail"]
        waiting = mails.rps * mails.seconds + self._rng.uniform(0, 3)
        told = {"mail_queue_length": ({"job": "mail", "service": "mail"}, waiting)}
        for each in self.scenario.happenings:
            if isinstance(each, Nonsense) and each.at <= story < each.until:
                told[each.metric] = (dict(each.labels), each.value + self._rng.uniform(-99, 99))
        for name, (labels, value) in told.items():
            self._counters.gauge(at, name, labels, round(value))

    def _bodies_of(
        self,
        service: Service,
        pods: Sequence[Pod],
        now: Flow,
        times: tuple[float, float, float],
    ) -> None:
        at, dt, waited = times
        figures, ready = now.services[service.name], sum(pod.ready for pod in pods)
        for pod in pods:
            if pod.started_at is None:
                continue
            body = self._bodies.get(pod.uid)
            if body is None or body.started_at != pod.started_at:
                body = self._bodies[pod.uid] = Body(pod.started_at, service.memory * 0.8)
            traits = self.traits(pod.image)
            share = figures.rps / ready / (service.rps * 0.4) if ready and pod.ready else 0.0
            body.memory += traits.leak * share * dt / 60 * self._rng.uniform(0.9, 1.1)
            warm = service.memory * self._rng.uniform(0.97, 1.03)
            if not traits.leak:
                body.memory += (warm - body.memory) * min(1.0, dt / 120)
            body.cpu = 0.05 + (0.8 * figures.busy if pod.ready else 0.0)
            self._use(service, pod, body, at, waited)
            if body.memory > service.limit:
                self._die(service, pod, at)

    def _use(self, service: Service, pod: Pod, body: Body, at: float, waited: float) -> None:
        labels = {"namespace": NAMESPACE, "pod": pod.name, "container": service.name}
        used = min(body.memory, service.limit)
        self._around.pods.use(NAMESPACE, pod.name, cpu=body.cpu, memory=used)
        counters, life = self._counters, f"{pod.uid}/{pod.restarts}"
        told = {"service": service.name, **labels}
        counters.gauge(at, "container_memory_working_set_bytes", told, used * 1024 * 1024)
        limit = service.limit * 1024 * 1024
        counters.gauge(at, "container_spec_memory_limit_bytes", told, limit)
        spent = body.cpu * waited
        counters.count(life, at, "container_cpu_usage_seconds_total", told, spent)
        name = "kube_pod_container_status_restarts_total"
        counters.gauge(at, name, told, float(pod.restarts))

    def _die(self, service: Service, pod: Pod, at: float) -> None:
        del self._bodies[pod.uid]
        self._around.voices.died(service, at, pod.name)
        self._around.pods.killed(NAMESPACE, pod.name, reason=OOM, exit_code=OOM_EXIT, now=at)

    def _forget(self, pods: Mapping[str, Sequence[Pod]]) -> None:
        there = {pod.uid: pod.restarts for theirs in pods.values() for pod in theirs}
        self._bodies = {uid: body for uid, body in self._bodies.items() if uid in there}
        lives = {f"{uid}/{restarts}" for uid, restarts in there.items()}
        self._counters.forget(frozenset({*lives, "db", "cache"}))
