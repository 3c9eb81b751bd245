"""What every listener may ask."""

from dataclasses import dataclass, replace

from bot.domain.authority import Authority
from bot.domain.standing import Standing
from bot.ports import Clock, Rules
from bot.render import Wording
from bot.usecases.board import Board
from bot.usecases.declarations import Declarations
from bot.usecases.drills import Drills
from bot.usecases.health import Health
from bot.usecases.incidents import Incidents
from bot.usecases.people import People
from bot.usecases.story import Stories
from bot.usecases.transcripts import Transcripts

from .payloads import Payload, channel, person, thread
from .reading.names import mentions_as_names


@dataclass(frozen=True, slots=True)
class Desk:
    """The inside, as seen from the door."""

    incidents: Incidents
    declarations: Declarations
    board: Board
    transcripts: Transcripts
    stories: Stories
    health: Health
    people: People
    rules: Rules
    wording: Wording
    clock: Clock
    drills: Drills

    def authority(self, body: Payload) -> Authority:
        """Return who sent the payload, and what vouches for them."""
        who = person(body)
        outside = self.people.standing(who) is Standing.OUTSIDER
        return replace(self.rules.authority(who), from_outside=outside)

    def named(self, text: str) -> str:
        """Return what somebody typed with people by their names, where those are known."""
        return self.people.named(mentions_as_names(text))

    async def here(self, body: Payload) -> str | None:
        """Return the incident of the room it came from, if its sender may know of that."""
        found = await self.incidents.in_channel(channel(body), thread(body))
        known = found and await self.board.incident(found, self.authority(body))
        return found if known else None
