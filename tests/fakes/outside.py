"""The Notifier, Telemetry and Rules ports."""

from collections.abc import Mapping

from bot.domain.authority import Authority, Source
from bot.domain.policy import Policy

GROUPS = {"on-call": ["UCY"], "security": ["USUE"]}


class FakeNotifier:
    def __init__(self) -> None:
        self.alarms: list[str] = []
        self.failures: list[Exception] = []

    async def alarm(self, text: str) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.alarms.append(text)


class FakeTelemetry:
    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []
        self.is_ready: bool | None = None

    def handled(self, payload: str, outcome: str, seconds: float) -> None:
        self.seen.append((payload, outcome))

    def paid(self, job: str, outcome: str) -> None:
        self.seen.append((job, outcome))

    def ready(self, *, ready: bool) -> None:
        self.is_ready = ready


class FixedRules:
    def __init__(
        self, policy: Policy | None = None, groups: Mapping[str, list[str]] | None = None
    ) -> None:
        self.fixed = policy or Policy()
        self.groups = GROUPS if groups is None else groups

    def policy(self) -> Policy:
        return self.fixed

    def authority(self, person: str) -> Authority:
        groups = frozenset(name for name, people in self.groups.items() if person in people)
        return Authority(person, Source.SLACK, groups)
