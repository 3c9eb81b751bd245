"""The practice productions of drills: each drill has one of its own while it is under way."""

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from zlib import crc32

import structlog

from bot.domain.alert_commands import TakeAlerts
from bot.domain.alerts import Group, Outcome, Result, severity_of
from bot.domain.authority import BOT, Authority
from bot.domain.catalogue import Service
from bot.domain.commands import NoteStage
from bot.domain.discretion import discreet_alerts
from bot.domain.errors import Refused
from bot.domain.incident import Incident
from bot.domain.policy import Policy
from bot.domain.practice import SOURCE, policy_of, practised
from bot.domain.status import OPEN
from bot.ports import Clock, Lease, Rules, Store, Unavailable
from bot.sources import Outset, Practice, Scenario

from .board import Board
from .incidents import Incidents
from .waiting import Bell, in_time
from .watch import Sources, Watch

log = structlog.get_logger()

LEASE = timedelta(seconds=30)
LOOK = timedelta(seconds=2)  # how often drills that are under way are looked at
IDLE = timedelta(seconds=15)  # and how often it is looked whether there are any
ASKED = timedelta(minutes=5)  # how often it is asked which scenarios there are
STARTING = timedelta(seconds=40)

Catalogues = dict[str, Mapping[str, Service]]  # by drill
OFF = "Drills are switched off here: docs/drills.md says how to switch them on."
NOT_YET = "I am still asking what can be practised. Try again in a moment."


class Practised:
    """The Rules port, with what is known of the practice productions that run."""

    def __init__(self, rules: Rules, catalogues: Catalogues) -> None:
        self._rules = rules
        self._catalogues = catalogues

    def policy(self) -> Policy:
        """Return the policy in force."""
        policy = self._rules.policy()
        return replace(policy, practice=dict(self._catalogues)) if self._catalogues else policy

    def authority(self, person: str) -> Authority:
        """Return what is known of the person now."""
        return self._rules.authority(person)


@dataclass(frozen=True, slots=True)
class OfOne:
    """The Rules port, as the rules are for one incident."""

    rules: Rules
    incident: Incident

    def policy(self) -> Policy:
        """Return the policy that counts for it."""
        return policy_of(self.incident, self.rules.policy())

    def authority(self, person: str) -> Authority:
        """Return what is known of the person now."""
        return self.rules.authority(person)


class Stages:
    """Starts what drills need and stops it again; one of several bots does.

    A drill reaches, and is reached by, nothing but its own production.
    """

    def __init__(  # noqa: PLR0913, PLR0917 -- one of each that it needs
        self,
        store: Store,
        incidents: Incidents,
        board: Board,
        rules: Rules,
        clock: Clock,
        practice: Practice | None,
        catalogues: Catalogues,
    ) -> None:
        self._store = store
        self._incidents = incidents
        self._board = board
        self._rules = rules
        self._clock = clock
        self._practice = practice
        self._catalogues = catalogues
        self._bell = Bell(clock)
        self._scenarios: Sequence[Scenario] = ()
        self._asked: datetime | None = None
        self._trouble = NOT_YET if practice else OFF
        self._sources: dict[str, Sources] = {}
        self._tokens: dict[str, str] = {}
        self._given_up: set[str] = set()
        self._idle = False
        self._held_until = datetime.min.replace(tzinfo=UTC)
        self.address: Callable[[str], str] = "/alerts/drill/{}".format  # of whose door this is

    def scenarios(self) -> Sequence[Scenario]:
        """Return what can be practised; Refused if that is not known, or nothing can be."""
        if not self._scenarios:
            raise Refused(self._trouble)
        return self._scenarios

    def ring(self) -> None:
        """Look at once which drills there are."""
        self._bell.ring()

    def sources_of(self, incident: Incident, production: Sources | None) -> Sources | None:
        """Return what may be asked about an incident; of a drill, its own production only."""
        if incident.practice is None:
            return production
        return self._sources.get(incident.id)

    def token(self, incident: str) -> str | None:
        """Return what proves that somebody tells of the alerts of this drill's production."""
        return self._tokens.get(incident)

    async def take(self, incident: str, group: Group) -> Outcome:
        """Take alerts of a drill's production; whatever they are about, they are this drill's.

        What is worth a note only is passed over: such tell that the production works. Raises
        Unavailable (nothing was saved) or TimeoutError.
        """
        rules = policy_of(Incident(incident, practice=""), self._rules.policy()).alerts
        bad = tuple(alert for alert in group.alerts if severity_of(alert.labels, rules))
        if not bad:
            return Outcome(Result.NOTED)
        own = discreet_alerts(replace(group, source=SOURCE, key=incident, alerts=bad))
        try:
            await self._incidents.handle(incident, TakeAlerts(BOT, own), _key(incident))
        except Refused:  # it is none any more
            return Outcome(Result.COUNTED)
        return Outcome(Result.JOINED, incident)

    async def run(self) -> None:
        """Keep the productions of the drills that are under way until cancelled."""
        if self._practice is None:
            return
        async with asyncio.TaskGroup() as tasks:
            while True:
                await self._ask(self._practice)
                for incident in await self._to_start():
                    tasks.create_task(self._play(self._practice, incident))
                await self._bell.wait(self._clock.now() + (IDLE if self._idle else LOOK))

    async def _ask(self, practice: Practice) -> None:
        now = self._clock.now()
        if self._asked and now < self._asked + ASKED:
            return
        self._asked = now
        try:
            self._scenarios = await in_time(practice.scenarios(), now + STARTING, self._clock)
        except (Unavailable, Refused, TimeoutError) as error:
            why = str(error) or "no answer"
            self._trouble = f"What can be practised is not known: {why}"
            log.warning("scenarios not known", trouble=why)

    async def _to_start(self) -> Sequence[Incident]:
        """Return the drills whose production is to be started; nobody else will start it."""
        self._idle = False
        try:
            await self._board.check()
            known = practised(await self._board.open_incidents(BOT))
            self._given_up &= {i.id for i in known}
            self._idle = not known
            wanted = [i for i in known if i.room and i.id not in self._given_up]
            if not wanted or not await self._holds():
                return ()
        except (Unavailable, TimeoutError) as error:
            log.warning("drills not looked at", trouble=str(error))
            return ()
        new = [i for i in wanted if i.id not in self._catalogues]
        self._catalogues.update({i.id: {} for i in new})
        return new

    async def _holds(self) -> bool:
        now = self._clock.now()
        lease = Lease(now, now + LEASE)
        held = await self._store.hold("drills", lease)
        self._held_until = lease.until if held else now
        return held

    async def _play(self, practice: Practice, incident: Incident) -> None:
        """Run a drill's production until the drill is over, and say why if it ends before."""
        try:
            trouble = await self._played(practice, incident)
        finally:
            for known in (self._tokens, self._sources, self._catalogues):
                known.pop(incident.id, None)
            await practice.stop(incident.id)
        if trouble:
            self._given_up.add(incident.id)
            log.warning("drill without production", incident=incident.id, trouble=trouble)
            await self._note(incident, NoteStage(BOT, trouble=trouble))

    async def _played(self, practice: Practice, incident: Incident) -> str | None:
        began = self._clock.now()
        token = self._tokens[incident.id] = secrets.token_urlsafe(32)
        outset = Outset(
            *(incident.id, incident.practice or "", crc32(incident.id.encode())),
            *(incident.declared_at or began, self.address(incident.id), token),
        )
        try:
            stage = await in_time(practice.start(outset), began + STARTING, self._clock)
        except (Unavailable, Refused, TimeoutError) as error:
            return str(error) or "it took too long to start"
        sources = Sources(stage.addresses, stage.logs, stage.metrics)
        self._sources[incident.id] = sources
        self._catalogues[incident.id] = stage.services
        await self._note(incident, NoteStage(BOT, tuple(stage.ways)))
        return await self._kept(practice, incident, sources)

    async def _kept(self, practice: Practice, incident: Incident, sources: Sources) -> str | None:
        """Look at the production again and again; return why it ended, if it did by itself."""
        rules, take = OfOne(self._rules, incident), partial(self.take, incident.id)
        watch = Watch(
            *(self._store, rules, sources, take, self._clock),
            lease=f"watch/{incident.id}",
        )
        every, looked = rules.policy().practice_watch.every, self._clock.now()
        while await self._goes_on(incident):
            now = self._clock.now()
            if now >= looked + every:
                looked = now
                await watch.look()
            if trouble := await practice.trouble(incident.id):
                return trouble
            await self._clock.sleep_until(now + LOOK)
        return None

    async def _goes_on(self, incident: Incident) -> bool:
        """Say whether the drill is under way, and its production ours to keep."""
        try:
            found = await self._incidents.current(incident.id)
        except Unavailable:
            return self._clock.now() <= self._held_until
        return found.status in OPEN and self._clock.now() <= self._held_until

    async def _note(self, incident: Incident, command: NoteStage) -> None:
        try:
            await self._incidents.handle(incident.id, command, _key(incident.id))
        except (Unavailable, TimeoutError, Refused) as error:
            log.warning("stage not noted", incident=incident.id, trouble=str(error))


def _key(incident: str) -> str:
    return f"drill/{incident}/{secrets.token_hex(8)}"
