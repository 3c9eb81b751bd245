"""The one way anything happens: command, facts, jobs, one commit."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from weakref import WeakValueDictionary

from bot.domain.alarming import of_group
from bot.domain.alert_commands import FoldInto, OpenApart, SplitOff, TakeOver
from bot.domain.authority import Authority
from bot.domain.commands import Absorb, Command, Declare, Merge
from bot.domain.decisions import decide
from bot.domain.errors import Refused
from bot.domain.facts import Fact
from bot.domain.incident import Incident, evolve
from bot.domain.jobs import Job, Reply, answer, reaction
from bot.domain.owing import asked, claimed, owed
from bot.domain.status import TRANSITIONS
from bot.domain.visibility import visible
from bot.ports import Claim, Clock, Commit, Conflict, Rules, Store, Unavailable

from .homes import Homes
from .numbers import Numbers

PATIENCE = timedelta(seconds=2)
TRIES = 100  # to end a job, before it is left to its lease

Learned = Sequence[Fact] | Command


def declared_already(incident: str) -> Refused:
    """Return the refusal of a second incident from one message."""
    return Refused(f"{incident} was declared from that message already: `/incident {incident}`.")


class Incidents:
    """Decides commands and commits what they made true."""

    def __init__(
        self, store: Store, rules: Rules, clock: Clock, patience: timedelta = PATIENCE
    ) -> None:
        self._store = store
        self._rules = rules
        self._clock = clock
        self._patience = patience.total_seconds()
        self._known: dict[str, Incident] = {}
        self._numbers = Numbers(store)
        self._homes = Homes(store, clock)
        self._turns = WeakValueDictionary[str, asyncio.Lock]()

    async def handle(self, incident: str | None, command: Command, request_key: str) -> Incident:
        """Decide and commit before the deadline; None means a new incident.

        A request key that is spent changes nothing and gives the same incident. Raises Refused,
        Unavailable (nothing was saved) or TimeoutError (it may have been).
        """
        async with asyncio.timeout(self._patience):
            async with self._turn(incident or request_key):  # the same request twice takes turns
                if incident is None:
                    return await self._declare(command, request_key)
                return await self._handle(incident, command, request_key)

    async def merge(self, incident: str, into: str, by: Authority, request_key: str) -> Incident:
        """Let another incident go on for this one, in one commit; return the one that goes on.

        Raises as `handle` does.
        """
        first, second = sorted((incident, into))
        async with asyncio.timeout(self._patience), self._turn(first):
            if first == second:
                return await self._merge(incident, into, by, request_key)
            async with self._turn(second):
                return await self._merge(incident, into, by, request_key)

    async def split(
        self, incident: str, alerts: tuple[str, str], by: Authority, request_key: str
    ) -> Incident:
        """Open an incident for one of another's groups of alerts, named by source and key.

        Return the new one. Raises as `handle` does.
        """
        async with asyncio.timeout(self._patience), self._turn(incident):
            while True:
                if spent_on := await self._store.owner("request", request_key):
                    return await self.current(spent_on)
                before, now = await self.current(incident), self._clock.now()
                apart = OpenApart(by, tuple(of_group(before, *alerts)))
                with suppress(Conflict):
                    async with self._numbers.reserved(now) as new:
                        off = SplitOff(by, *alerts, new)
                        changes = self._decided([(before, off), (Incident(new), apart)])
                        ordered = sorted(changes, key=lambda change: change[0].id != new)
                        return (await self._commit_all(ordered, request_key=request_key))[0]
                await asyncio.sleep(0)  # the deadline may come

    async def settle(self, job: Job, learned: Learned) -> Incident:
        """End a job and write down what it learned, or what follows from it, in one commit.

        Raises Refused if what it learned belongs to another incident, and Fenced or Unavailable.
        """
        async with self._turn(job.incident or job.key):
            for _ in range(TRIES):
                before = await self.current(job.incident)
                facts = self._facts(before, learned)
                try:
                    return await self._commit(before, facts, finishes=(job,))
                except Conflict as conflict:
                    if conflict.claim:
                        msg = f"{' '.join(conflict.claim)} belongs to another incident."
                        raise Refused(msg) from conflict
                await asyncio.sleep(0)
            raise Unavailable("others were always first")

    async def owe_answer(self, reply: Reply, request_key: str) -> None:
        """Promise words to a person or a channel; promising twice is promising once."""
        await self.owe(answer(reply, request_key, self._clock.now()), request_key)

    async def owe_look(self, incident: str, reply: Reply, request_key: str) -> None:
        """Promise to look at the reactions under a message."""
        await self.owe(reaction(incident, reply, request_key, self._clock.now()), request_key)

    async def owe(self, job: Job, request_key: str) -> None:
        """Promise what no fact owes; promising twice is promising once."""
        await self._owe(Commit(jobs=(job,), request_key=f"{request_key}/{job.kind}"))

    async def owe_home(self, person: str) -> None:
        """Promise somebody a Home that shows what is known now, and follows what changes."""
        await self._owe(await self._homes.opened(person))

    async def owe_homes(self, *, everybody: bool) -> None:
        """Promise a fresh Home to who looked at theirs lately, or to everybody who has one."""
        if changed := await self._homes.changed(everybody=everybody):
            await self._owe(changed)

    async def current(self, incident: str) -> Incident:
        """Return the incident as it stands, folding only what is new."""
        known = self._known.get(incident, Incident(incident))
        for fact in await self._store.history(incident, known.seq):
            known = evolve(known, fact)
        self._remember(known)
        return known

    async def in_channel(self, channel: str, thread: str = "") -> str | None:
        """Return the id of the incident whose thread this is, or else whose channel."""
        if not channel:
            return None
        owner = await self._store.owner("thread", f"{channel}/{thread}") if thread else None
        return owner or await self._store.owner("channel", channel)

    async def spent_on(self, request_key: str) -> str | None:
        """Return the incident that this very request was about, if it was heard before."""
        return await self._store.owner("request", request_key)

    async def _handle(self, incident: str, command: Command, request_key: str) -> Incident:
        while True:
            spent_on = await self._store.owner("request", request_key)
            if spent_on is not None:
                return await self.current(spent_on)
            before = await self.current(incident)
            facts = decide(before, command, self._rules.policy(), self._clock.now())
            try:
                return await self._commit(
                    before, facts, request_key=request_key, claims=asked(command, incident)
                )
            except Conflict as conflict:
                if conflict.claim in asked(command, incident):
                    raise
            await asyncio.sleep(0)  # the deadline may come

    async def _merge(self, incident: str, into: str, by: Authority, request_key: str) -> Incident:
        while True:
            if await self._store.owner("request", request_key) is not None:
                return await self.current(into)
            ending, going_on = await self.current(incident), await self.current(into)
            end: Command = Merge(by, going_on)
            go_on: Command = Absorb(by, ending)
            if ending.suggestion and ending.status is None:
                end, go_on = FoldInto(by, going_on), TakeOver(by, ending.firing)
            ended, gone_on = self._decided([(ending, end), (going_on, go_on)])
            with suppress(Conflict):
                return (await self._commit_all([gone_on, ended], request_key=request_key))[0]
            await asyncio.sleep(0)  # the deadline may come

    def _decided(
        self, wishes: Sequence[tuple[Incident, Command]]
    ) -> Sequence[tuple[Incident, Sequence[Fact]]]:
        policy, now = self._rules.policy(), self._clock.now()
        return [(incident, decide(incident, wish, policy, now)) for incident, wish in wishes]

    async def _declare(self, command: Command, request_key: str) -> Incident:
        while True:
            spent_on = await self._store.owner("request", request_key)
            if spent_on is not None:
                return await self.current(spent_on)
            now = self._clock.now()
            try:
                async with self._numbers.reserved(now) as incident:
                    before = Incident(incident)
                    facts = decide(before, command, self._rules.policy(), now)
                    return await self._commit(
                        before, facts, request_key=request_key, claims=asked(command, incident)
                    )
            except Conflict as conflict:
                if conflict.claim in asked(command, ""):
                    raise
                command = await self._unless_declared(command, conflict)
            await asyncio.sleep(0)  # the deadline may come

    async def _unless_declared(self, command: Command, conflict: Conflict) -> Command:
        """Refuse a second incident from one message; any other conflict is over soon.

        Of a first one that they may not know of they hear nothing: theirs has no message then.
        """
        if not conflict.claim or conflict.claim[0] != "thread":
            return command
        declared = await self._store.owner(*conflict.claim) or ""
        if isinstance(command, Declare) and not visible(await self.current(declared), command.by):
            return replace(command, origin=None)
        raise declared_already(declared) from conflict

    def _turn(self, incident: str) -> asyncio.Lock:
        """Return what orders the commits of one incident, so that none is sent back by another."""
        return self._turns.setdefault(incident, asyncio.Lock())

    async def _owe(self, commit: Commit) -> None:
        async with asyncio.timeout(self._patience):
            with suppress(Conflict):
                await self._store.commit(commit)

    def _facts(self, before: Incident, learned: Learned) -> Sequence[Fact]:
        if isinstance(learned, Sequence):
            return learned
        try:
            return decide(before, learned, self._rules.policy(), self._clock.now())
        except Refused:
            return ()  # time went on: what was due is no longer needed

    async def _commit(
        self,
        before: Incident,
        facts: Sequence[Fact],
        finishes: Sequence[Job] = (),
        request_key: str | None = None,
        claims: Mapping[Claim, str] | None = None,
    ) -> Incident:
        changes = [(before, facts)]
        return (await self._commit_all(changes, finishes, request_key, claims or {}))[0]

    async def _commit_all(
        self,
        changes: Sequence[tuple[Incident, Sequence[Fact]]],
        finishes: Sequence[Job] = (),
        request_key: str | None = None,
        asked_for: Mapping[Claim, str] = MappingProxyType({}),
    ) -> Sequence[Incident]:
        policy, afters = self._rules.policy(), list[Incident]()
        jobs, claims = list[Job](), dict(asked_for)
        for before, facts in changes:
            after = before
            for fact in facts:
                earlier, after = after, evolve(after, fact)
                jobs += owed(earlier, fact, after, policy)
                claims |= claimed(fact, after)
            afters.append(after)
        streams = {before.id: (before.seq, facts) for before, facts in changes if before.id}
        await self._store.commit(
            Commit(streams, claims, jobs=jobs, finishes=finishes, request_key=request_key)
        )
        return afters

    def _remember(self, incident: Incident) -> None:
        if incident.suggested or (incident.status and TRANSITIONS[incident.status]):
            self._known[incident.id] = incident
        else:
            self._known.pop(incident.id, None)
