"""The Practice port, in memory."""

from collections.abc import Sequence

from bot.domain.catalogue import Measures, Service
from bot.ports import Clock
from bot.sources import Outset, Scenario, Stage
from tests.fakes.sources import FakeAddresses, FakeLogs, FakeMetrics

SCENARIOS = (Scenario("bad-deploy", "orders fail"), Scenario("overload", "everything is slow"))
SHOP = {
    "shop": Service(
        "shop",
        owners=("UEVE",),  # a drill knows nobody, whatever it is told
        on_call=("UEVE",),
        user_groups=("SEVE",),
        bridge="https://example.com/bridge",
        links={"runbook": "https://example.com/runbook"},
        health="http://127.0.0.1:1/health",
        measures=Measures(failed="rate(failed)"),
    ),
    "payments": Service("payments", on_call=("UEVE",)),
}


class FakePractice:
    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.known: Sequence[Scenario] = SCENARIOS
        self.failures: list[Exception] = []
        self.started: list[Outset] = []
        self.running: dict[str, Stage] = {}
        self.stopped: list[str] = []
        self.broken: dict[str, str] = {}

    async def scenarios(self) -> Sequence[Scenario]:
        self._perhaps_fail()
        return self.known

    async def start(self, outset: Outset) -> Stage:
        self._perhaps_fail()
        self.started.append(outset)
        stage = Stage(
            SHOP,
            ("kubectl --kubeconfig /tmp/drill/kubeconfig get pods",),
            *(FakeMetrics(self.clock), FakeAddresses(), FakeLogs()),
        )
        self.running[outset.incident] = stage
        return stage

    async def trouble(self, incident: str) -> str | None:
        return self.broken.get(incident)

    async def stop(self, incident: str) -> None:
        self.running.pop(incident, None)
        self.stopped.append(incident)

    def _perhaps_fail(self) -> None:
        if self.failures:
            raise self.failures.pop(0)
