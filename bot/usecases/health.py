"""Watches what the bot depends on; a part that fails is told, and never stops the others."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.domain.errors import Refused
from bot.domain.jobs import Reply
from bot.ports import Clock, Notifier, Rules, Telemetry, Unavailable
from bot.render import Wording

from .incidents import Incidents
from .waiting import Bell

log = structlog.get_logger()

PATIENCE = 10.0  # seconds, for one check
ALARM_AFTER = timedelta(seconds=60)
STARTING, FAILING = timedelta(milliseconds=100), timedelta(seconds=5)  # until the next look


@dataclass(frozen=True, slots=True)
class Probe:
    """How to see whether a part works: `check` raises Unavailable or Refused if it does not.

    A part that is `needed` makes the bot unready once it has failed for `patience`. Whoever has
    to know is told after each check whether the part answers at all: it is `back`, or `lost`.
    Who is in `doubt` has it checked sooner.
    """

    part: str
    check: Callable[[], Awaitable[None]]
    needed: bool = False
    patience: timedelta = timedelta()
    every: timedelta = timedelta(seconds=15)
    back: Callable[[], None] | None = None
    lost: Callable[[], None] | None = None
    doubt: Bell | None = None


@dataclass(slots=True)
class Finding:
    """What is known of a part so far."""

    worked: bool = False
    trouble: str | None = None
    since: datetime | None = None
    overdue: bool = False
    told: bool = False
    alarmed: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """How a part is: whether it was seen working, what is wrong with it and since when."""

    name: str
    worked: bool
    trouble: str | None
    since: datetime | None = None


class Health:
    """Says what is wrong, to probes, to operators in their channel, and off the chat."""

    def __init__(
        self,
        incidents: Incidents,
        rules: Rules,
        notifier: Notifier,
        wording: Wording,
        clock: Clock,
    ) -> None:
        self._incidents = incidents
        self._rules = rules
        self._notifier = notifier
        self._wording = wording
        self._clock = clock
        self._findings: dict[str, Finding] = {}
        self._needed: set[str] | None = None
        self._was_ready = False

    def ready(self) -> bool:
        """Say whether the bot can do its work."""
        if self._needed is None:
            return False
        return all(
            self._findings[p].worked and not self._findings[p].overdue for p in self._needed
        )

    def troubles(self) -> Mapping[str, str]:
        """Return what does not work, by part."""
        if self._needed is None:
            return {"start": "not finished"}
        troubles = {p: f.trouble for p, f in self._findings.items() if f.trouble}
        needed = {p: self._findings[p] for p in self._needed or ()}
        return {p: "not seen working yet" for p, f in needed.items() if not f.worked} | troubles

    def parts(self) -> Sequence[Part]:
        """Return how every part is, those that do not work first."""
        known = self._findings.items()
        parts = [Part(part, f.worked, f.trouble, f.since) for part, f in known]
        return sorted(parts, key=lambda part: part.trouble is None)

    async def watch(self, probes: Sequence[Probe], telemetry: Telemetry) -> None:
        """Check every part again and again until cancelled."""
        for probe in probes:
            self._findings[probe.part] = Finding()
        self._needed = {probe.part for probe in probes if probe.needed}
        async with asyncio.TaskGroup() as watching:
            for probe in probes:
                watching.create_task(self._watch(probe, telemetry))

    async def check(self, probe: Probe) -> None:
        """Check one part once."""
        try:
            async with asyncio.timeout(PATIENCE):
                await probe.check()
        except (Unavailable, Refused, TimeoutError) as error:
            if probe.lost and not _answered(error):
                probe.lost()
            await self.report(probe.part, str(error) or "no answer", probe)
        except Exception:
            log.exception("check failed", part=probe.part)
            await self.report(probe.part, "the check itself failed, see the log", probe)
        else:
            if probe.back:
                probe.back()
            await self.report(probe.part, None, probe)

    async def report(self, part: str, trouble: str | None, probe: Probe | None = None) -> None:
        """Note how a part is, and tell the operators when that changed."""
        finding = self._findings.setdefault(part, Finding())
        now = self._clock.now()
        if trouble is None:
            await self._recovered(part, finding, now)
            return
        news = probe is None and trouble != finding.trouble  # told by somebody, not seen again
        if finding.since is None or news:
            finding.since, finding.told, finding.overdue = now, False, False
            log.warning("part failed", part=part, trouble=trouble)
        finding.trouble = trouble
        failing = now - finding.since
        finding.overdue = failing >= (probe.patience if probe else timedelta())
        if finding.overdue and not finding.told:
            finding.told = await self._tell(part, trouble, finding.since)
        if probe and probe.needed and not finding.alarmed and failing >= ALARM_AFTER:
            finding.alarmed = await self._alarm(part, trouble)

    async def _recovered(self, part: str, finding: Finding, now: datetime) -> None:
        if finding.since:
            log.info("part works again", part=part)
        if finding.told:
            await self._tell(part, None, now)
        self._findings[part] = Finding(worked=True)

    async def _watch(self, probe: Probe, telemetry: Telemetry) -> None:
        while True:
            await self.check(probe)
            self._note_readiness(telemetry)
            finding = self._findings[probe.part]
            soon = FAILING if finding.worked else STARTING
            wait = min(probe.every, soon) if finding.trouble else probe.every
            now = self._clock.now()
            await self._clock.sleep_until(now + min(wait, FAILING))
            if probe.doubt:
                await probe.doubt.wait(now + wait)
            else:
                await self._clock.sleep_until(now + wait)

    def _note_readiness(self, telemetry: Telemetry) -> None:
        ready = self.ready()
        telemetry.ready(ready=ready)
        if ready is not self._was_ready:
            log.info("ready" if ready else "not ready", troubles=dict(self.troubles()))
        self._was_ready = ready

    async def _tell(self, part: str, trouble: str | None, at: datetime) -> bool:
        """Promise the operators to tell them; False if even that could not be kept."""
        channel = self._rules.policy().operators
        if channel is None or part == "operators":
            return True
        words = self._wording.message("health", part=part, trouble=trouble)
        key = f"health/{part}/{at.isoformat()}/{'failed' if trouble else 'works'}"
        try:
            await self._incidents.owe_answer(Reply("", channel, words), key)
        except (Unavailable, TimeoutError):
            log.warning("operators not told", part=part)
            return False
        return True

    async def _alarm(self, part: str, trouble: str) -> bool:
        try:
            await self._notifier.alarm(self._wording.line("alarm", part=part, trouble=trouble))
        except Unavailable as error:
            log.warning("alarm not given", part=part, trouble=str(error))
            return False
        return True


def _answered(error: Unavailable | Refused | TimeoutError) -> bool:
    """Say whether the part answered all the same: it refused, or it asked to wait."""
    if isinstance(error, Unavailable):
        return error.retry_after is not None
    return isinstance(error, Refused)
