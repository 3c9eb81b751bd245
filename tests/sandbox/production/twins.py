"""A shop whose cluster and database are the simplest that can be acted on."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sandbox.production.flow import Flow
from sandbox.production.life import Around, Life
from sandbox.production.pods import Pod
from sandbox.production.releases import Traits, image
from sandbox.production.scenarios import SCENARIOS
from sandbox.production.shop import EVERYTHING, SHOP, Service
from sandbox.production.story import Act, LongQuery

STEP = 10.0
T = 1_767_225_600.0  # 2026-01-01
BASE = 20.0  # seconds until a pod is ready


@dataclass(slots=True)
class SimplePod:
    name: str
    uid: str
    image: str
    started_at: float | None
    restarts: int = 0
    now: float = 0.0

    @property
    def ready(self) -> bool:
        return self.started_at is not None and self.now >= self.started_at + BASE


@dataclass
class SimpleCluster:
    """Replaces all pods of a deployment one after the other; what is killed starts again."""

    now: float = T
    theirs: dict[str, list[SimplePod]] = field(default_factory=dict)
    killings: list[tuple[float, str]] = field(default_factory=list)
    _count: int = 0

    def pods(self, namespace: str, deployment: str) -> Sequence[Pod]:
        for pod in self.theirs.get(deployment, []):
            pod.now = self.now
        return self.theirs.get(deployment, [])

    def killed(self, namespace: str, pod: str, *, reason: str, exit_code: int, now: float) -> None:
        for each in (p for theirs in self.theirs.values() for p in theirs if p.name == pod):
            each.restarts += 1
            each.started_at = now
            self.killings.append((now, pod))

    def use(self, namespace: str, pod: str, *, cpu: float, memory: float) -> None:
        assert cpu >= 0
        assert memory > 0

    def run(self, deployment: str, runs: str, replicas: int, *, old: float = 0.0) -> None:
        theirs = self.theirs.setdefault(deployment, [])
        for n in range(max(replicas, len(theirs))):
            if n >= replicas:
                theirs.pop()
                continue
            if n < len(theirs) and theirs[n].image == runs:
                continue
            self._count += 1
            started = self.now - old + n * 8
            pod = SimplePod(f"{deployment}-{self._count}", f"u{self._count}", runs, started)
            theirs[n : n + 1] = [pod]

    def restart(self, deployment: str) -> None:
        runs, replicas = self.theirs[deployment][0].image, len(self.theirs[deployment])
        self.theirs[deployment] = [
            SimplePod("", "", "old", self.now - 999) for _ in self.theirs[deployment]
        ]
        self.run(deployment, runs, replicas)


class SimpleQueries:
    def __init__(self) -> None:
        self.running = dict[int, LongQuery]()

    def begin(self, query: LongQuery, at: float) -> int:
        self.running[len(self.running) + 100] = query
        return len(self.running) + 99

    def runs(self, pid: int) -> bool:
        return pid in self.running


class Samples:
    def __init__(self) -> None:
        self.last = dict[str, float]()

    def append(self, name: str, labels: Mapping[str, str], at: float, value: float) -> None:
        self.last[name] = value


class Silent:
    def say(self, service: Service, at: float, flow: Flow, traits: Sequence[Traits]) -> None:
        """Nobody listens."""

    def died(self, service: Service, at: float, pod: str) -> None:
        """Nobody listens."""


class Simple:
    """A scenario lived with the simplest surroundings."""

    def __init__(self, scenario: str, seed: int = 1) -> None:
        self.scenario = SCENARIOS[scenario]
        self.cluster, self.queries, self.samples = SimpleCluster(), SimpleQueries(), Samples()
        around = Around(self.cluster, self.queries, self.samples, Silent())
        rng = random.Random(seed)
        self.life = Life(SHOP, EVERYTHING, self.scenario, around, rng=rng)
        self.story = min([0.0, *(r.at for r in self.scenario.releases if r.at >= 0)]) - 300
        self.done = list[Flow]()
        self._due = sorted(self.scenario.releases, key=lambda release: release.at)
        for service in SHOP.values():
            self.cluster.run(service.name, image(service.name, 1), service.replicas, old=999)
        while self._due and self._due[0].at <= self.story:
            release = self._due.pop(0)
            replicas = SHOP[release.service].replicas
            self.cluster.run(release.service, release.image, replicas, old=999)

    def live(self, seconds: float) -> Sequence[Flow]:
        """Live on; return what it was like."""
        lived = []
        for _ in range(int(seconds / STEP)):
            self.story += STEP
            self.cluster.now += STEP
            while self._due and self._due[0].at <= self.story:
                release = self._due.pop(0)
                self.cluster.run(release.service, release.image, SHOP[release.service].replicas)
            lived.append(self.life.step(self.cluster.now, self.story, STEP, STEP))
        self.done.extend(lived)
        return lived

    def act(self, act: Act) -> None:
        """Do something to production."""
        match act.verb:
            case "rollback":
                replicas = len(self.cluster.theirs[act.target])
                self.cluster.run(act.target, image(act.target, 1), replicas)
            case "restart":
                self.cluster.restart(act.target)
            case "scale":
                runs = self.cluster.theirs[act.target][0].image
                self.cluster.run(act.target, runs, int(act.to))
            case "terminate":
                self.queries.running = {
                    pid: q for pid, q in self.queries.running.items() if q.user != act.target
                }
            case "flush":
                self.life.holdings.flush(act.target)
            case verb:
                raise AssertionError(verb)
