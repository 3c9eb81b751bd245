"""Drills: begun by people, and told of with how long they took."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.authority import BOT, Authority
from bot.domain.commands import Declare
from bot.domain.errors import Refused
from bot.domain.facts import Shelved
from bot.domain.incident import Incident
from bot.domain.practice import Step, practised, times
from bot.domain.status import OPEN
from bot.ports import Store
from bot.sources import Scenario

from .board import Board
from .declarations import Declarations, Made
from .stages import Stages

AT_ONCE = 3  # each is a process
EARLIER = 5  # drills that are told of


@dataclass(frozen=True, slots=True)
class Past:
    """A drill, and how long people took."""

    incident: Incident
    times: Sequence[Step]


class Drills:
    """Begins drills, and remembers those there were."""

    def __init__(
        self, store: Store, board: Board, declarations: Declarations, stages: Stages
    ) -> None:
        self._store = store
        self._board = board
        self._declarations = declarations
        self._stages = stages

    def scenarios(self) -> Sequence[Scenario]:
        """Return what can be practised; Refused if that is not known, or nothing can be."""
        return self._stages.scenarios()

    async def begin(self, by: Authority, name: str, key: str) -> Made:
        """Begin a drill; the same person's same again is what was just begun.

        Raises Refused if there is no such scenario or too much is practised already, and as
        `Incidents.handle` does.
        """
        wanted, known = name.strip().lower(), self.scenarios()
        scenario = next((s for s in known if s.name == wanted), None)
        if scenario is None:
            names = ", ".join(f"`{s.name}`" for s in known)
            msg = f"There is no scenario `{{quote}}`. Practise one of: {names}. Nothing was done."
            raise Refused(msg, quote=name)
        await self._see_that_there_is_room(by, scenario.name)
        command = Declare(by, scenario.about or scenario.name, practice=scenario.name)
        made = await self._declarations.declare(command, key)
        self._stages.ring()
        return made

    async def _see_that_there_is_room(self, by: Authority, scenario: str) -> None:
        under_way = practised(await self._board.open_incidents(BOT))
        mine = any((i.practice, i.declared_by) == (scenario, by.person) for i in under_way)
        if len(under_way) >= AT_ONCE and not mine:
            msg = (
                f"{len(under_way)} drills are under way, and no more fit on this machine. "
                "Nothing was done. `/incident resolve` ends one."
            )
            raise Refused(msg)

    async def earlier(self, viewer: Authority, but: str = "") -> Sequence[Past]:
        """Return the last drills that are over, the newest first, with their times."""
        known = [i for i in practised(await self._board.every(viewer)) if i.id != but]
        over = [incident for incident in known if incident.status not in OPEN]
        return [await self.past(incident) for incident in over[:EARLIER]]

    async def past(self, incident: Incident) -> Past:
        """Return a drill with its times, as far as it has come."""
        facts = await self._store.history(incident.id)
        told = [fact for fact in facts if not isinstance(fact, Shelved)]
        return Past(incident, times(incident.id, told))
