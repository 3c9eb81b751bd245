"""Jobs in their lanes, in memory: which is first, when it is due, who holds it."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import heappop, heappush

from bot.domain.jobs import NATURES, PICTURES, Job, Kind

RESTING = 256  # resting pictures, before those that have rested are forgotten


@dataclass(frozen=True, slots=True)
class Leased:
    """A lease: which claim it is, and when it ends."""

    fence: int
    until: datetime


@dataclass(frozen=True, slots=True, order=True)
class Turn:
    """When the first job of a lane could be claimed; void once the lane has changed."""

    rank: tuple[int, datetime]
    number: int
    lane: str


class Lanes:
    """Finds the next job without looking at the others."""

    def __init__(self) -> None:
        self.fences = 0
        self._lanes: defaultdict[str, dict[str, Job]] = defaultdict(dict)
        self._lane_of: dict[str, str] = {}
        self._leases: dict[str, Leased] = {}
        self._rest: dict[str, datetime] = {}
        self._turns: dict[str, int] = {}  # by lane, the number of the one that is not void
        self._numbers = 0
        self._later: defaultdict[Kind, list[tuple[datetime, int, str]]] = defaultdict(list)
        self._now: defaultdict[Kind, list[Turn]] = defaultdict(list)

    def fence(self, job: Job) -> int:
        """Return the number of the claim that holds the job, -1 if none does."""
        held = self._leases.get(job.key)
        return held.fence if held else -1

    def lane(self, job: Job) -> str:
        """Return the lane that the job is in, or would be."""
        return self._lane_of.get(job.key, job.lane)

    def owe(self, job: Job) -> None:
        """Add a job, want a picture again, or take back one that was held."""
        lane = self._lane_of.setdefault(job.key, job.lane)
        held = self._lanes[lane].get(job.key)
        wanted = max(job.wanted_seq, held.wanted_seq) if held else job.wanted_seq
        if job.fence:
            self._leases.pop(job.key, None)
            self._lanes[lane][job.key] = _own(replace(job, wanted_seq=wanted, fence=0))
        elif held:
            self._lanes[lane][job.key] = replace(held, wanted_seq=wanted)
        else:
            due = max(job.due, self._rest.pop(job.key, job.due))
            self._lanes[lane][job.key] = _own(replace(job, due=due))
        self._line_up(lane)

    def finish(self, job: Job) -> None:
        """End a job; a picture that shows too little is owed again."""
        lane = self._lane_of.pop(job.key)
        held = self._lanes[lane].pop(job.key)
        if not self._lanes[lane]:
            del self._lanes[lane]
        self._leases.pop(job.key, None)
        if held.wanted_seq > job.wanted_seq:
            self.owe(replace(held, due=job.due, attempts=0, fence=0))
        elif job.kind in PICTURES:
            self._rest[job.key] = job.due
        self._line_up(lane)

    def forget_rests(self, at: datetime) -> None:
        """Forget which pictures rested, once there are many."""
        if len(self._rest) > RESTING:
            self._rest = {key: until for key, until in self._rest.items() if until > at}

    def claimable(
        self, lanes: int, at: datetime, parked: Collection[Kind], busy: Collection[str] = ()
    ) -> list[Job]:
        """Return the first jobs of the most urgent lanes as they are once leased."""
        self._come_due(at)
        seen: list[tuple[Kind, Turn]] = []
        found: list[Job] = []
        while len(found) < lanes and (best := self._best(parked)):
            kind, turn = best
            heappop(self._now[kind])
            seen.append(best)
            job = self._first(turn.lane)
            if turn.lane not in busy and self._when(job) <= at:
                fence = self.fences + len(found) + 1
                found.append(replace(job, attempts=job.attempts + 1, fence=fence))
        for kind, turn in seen:
            heappush(self._now[kind], turn)
        return found

    def lease(self, jobs: Sequence[Job], until: datetime) -> None:
        """Note that these jobs were started."""
        for job in jobs:
            owed = self._lanes[job.lane].get(job.key, job)  # it may be wanted again meanwhile
            started = replace(owed, attempts=job.attempts, fence=job.fence)
            self._lanes[job.lane][job.key] = _own(started)
            self._leases[job.key] = Leased(job.fence, until)
            self.fences = max(self.fences, job.fence)
            self._line_up(job.lane)

    def renew(self, jobs: Sequence[Job], until: datetime) -> list[Job]:
        """Hold jobs longer; return those that are not held any more."""
        lost = [job for job in jobs if self.fence(job) != job.fence]
        for job in jobs:
            if job not in lost:
                self._leases[job.key] = Leased(job.fence, until)
                self._line_up(self._lane_of[job.key])
        return lost

    def free(self) -> None:
        """End every lease: whoever held them is gone. What they started counts as an attempt."""
        held = [self._lane_of[key] for key in self._leases]
        self._leases.clear()
        for lane in held:
            self._line_up(lane)

    def next_due(self, parked: Collection[Kind]) -> datetime | None:
        """Return when a job can next be claimed."""
        best = self._best(parked)
        now = [self._when(self._first(best[1].lane))] if best else []
        later = []
        for kind, turns in self._later.items():
            while turns and self._turns.get(turns[0][2]) != turns[0][1]:
                heappop(turns)
            if turns and kind not in parked:
                later.append(turns[0][0])
        return min(now + later, default=None)

    def jobs(self) -> Iterator[Job]:
        """Yield every job owed, each lane in order."""
        for lane in self._lanes.values():
            yield from lane.values()

    def rests(self) -> dict[str, datetime]:
        """Return until when pictures rest."""
        return dict(self._rest)

    def rest(self, key: str, until: datetime) -> None:
        """Let a picture rest."""
        self._rest[key] = until

    def _first(self, lane: str) -> Job:
        return next(iter(self._lanes[lane].values()))

    def _when(self, job: Job) -> datetime:
        held = self._leases.get(job.key)
        return max(job.due, held.until) if held else job.due

    def _line_up(self, lane: str) -> None:
        """Give the lane a new turn; the one that it had is void."""
        if lane not in self._lanes:
            self._turns.pop(lane, None)
            return
        self._numbers += 1
        self._turns[lane] = self._numbers
        first = self._first(lane)
        heappush(self._later[first.kind], (self._when(first), self._numbers, lane))

    def _come_due(self, at: datetime) -> None:
        for kind, turns in self._later.items():
            while turns and turns[0][0] <= at:
                _, number, lane = heappop(turns)
                if self._turns.get(lane) == number:
                    rank = (NATURES[kind].priority, self._first(lane).due)
                    heappush(self._now[kind], Turn(rank, number, lane))

    def _best(self, parked: Collection[Kind]) -> tuple[Kind, Turn] | None:
        """Return the most urgent turn that is due and not void."""
        tops = []
        for kind, turns in self._now.items():
            while turns and self._turns.get(turns[0].lane) != turns[0].number:
                heappop(turns)
            if turns and kind not in parked:
                tops.append((turns[0], kind))
        if not tops:
            return None
        turn, kind = min(tops)
        return kind, turn


def _own(job: Job) -> Job:
    """Return a job whose words nobody else can change."""
    reply = job.reply
    return replace(job, reply=replace(reply, message=deepcopy(reply.message))) if reply else job
