"""What is private leaks nowhere: whatever is done with it, others see nothing of it."""

import asyncio
import itertools
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.authority import Authority, Source
from bot.domain.commands import ChangeStatus, Declare, Join, MakePrivate
from bot.domain.errors import Refused
from bot.domain.incident import Post
from bot.domain.severity import Severity
from bot.domain.status import Status
from bot.ports import NotAllowed, Unavailable
from bot.render import TEMPLATES
from bot.usecases.exporter import Exporter
from handlers.verbs import PLANNED, VERBS
from tests import payloads
from tests.eavesdropping import Muse, WatchedChat
from tests.fakes.chat import LostAnswer, Room
from tests.fakes.ledger import Disk, FakeLedger
from tests.fakes.opening import Opened, opening
from tests.samples import ANA, BO, EVE, SECURITY
from tests.world import World

DAN = Authority("UDAN", Source.SLACK)  # was in it, and left
INSIDERS = [ANA, BO, SECURITY]
NOBODYS = "INC-20260115-999"
DAY = 24 * 3600
TYPED = sorted({*VERBS, *PLANNED})
ABOUT_ONE = sorted({*TYPED} - {"declare"})
DRAWN = "".join(path.read_text() for path in TEMPLATES.rglob("*.j2"))
WORDS = {"declare_text", "run"}  # what these carry would have been typed
CLICKED = sorted({*re.findall(r'"action_id": "(\w+)"', DRAWN)} - WORDS)


@dataclass
class Life:
    """A world with a private and a public incident, and those who are not in the private one."""

    world: World
    chat: WatchedChat
    opened: Opened
    rnd: Random
    secrets: list[str] = field(default_factory=list)
    known_before: list[str] = field(default_factory=list)
    since: dict[str, int] = field(default_factory=dict)
    id: str = ""
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def secret(self) -> str:
        self.secrets.append(f"hush{next(self.numbers)}x")
        return self.secrets[-1]

    async def private_room(self) -> str:
        incident = await self.world.desk.incidents.current(self.id)
        return incident.channel or "CNONE"

    async def does(self, command: Any, incident: str) -> None:
        with suppress(Refused):
            key = f"does {next(self.numbers)}"
            await self.world.desk.incidents.handle(incident, command, key)

    async def begin(self, *, later: bool) -> None:
        """Declare both; the one is private from the beginning, or becomes so after some time."""
        origin = Post("CGENERAL", "7.7") if self.rnd.random() < 0.5 else None
        private = Declare(
            *(
                ANA,
                f"{self.secret()} is leaking\n{self.secret()}",
                self.rnd.choice([None, *Severity]),
            ),
            private=not later,
            services=(self.secret(),),
            invited=("UBO",),
            origin=origin,
        )
        handle = self.world.desk.incidents.handle
        for words in ("search is slow", "mail is late"):
            await handle(None, Declare(EVE, words, Severity.P2), words)
        self.id = (await handle(None, private, "the private one")).id
        await self.world.work()
        if later:
            await self.goes_on(8, [*INSIDERS, DAN, EVE])
            await self.pause(0)
            self.known_before = self.secrets
            self.secrets = []
            self.since = dict.fromkeys(("UEVE", "UDAN"), len(self.chat.outputs))
            await self.does(Join(ANA), self.id)
            await self.does(MakePrivate(ANA, ("UBO",)), self.id)
            assert (await self.world.desk.incidents.current(self.id)).audience is not None
        else:
            self.since = {"UEVE": 0}
            await self.comes_and_goes()
        await self.pause(self.rnd.choice([0, 9]))

    async def comes_and_goes(self) -> None:
        """Let Dan take part, and leave."""
        channel = await self.private_room()
        for event, by in ((payloads.joined, "UDAN"),):
            await self.world.slack(event(channel, by=by, event_id=f"E{next(self.numbers)}"))
        self.chat.rooms[channel].people.add("UDAN")
        await self.goes_on(6, [ANA, BO, DAN])
        self.chat.rooms[channel].people.discard("UDAN")
        left = payloads.left(channel, by="UDAN", event_id=f"E{next(self.numbers)}")
        await self.world.slack(left)
        self.since["UDAN"] = len(self.chat.outputs)

    async def goes_on(self, steps: int, people: list[Authority]) -> None:
        """Let people do whatever comes into their minds, and things go wrong."""
        room = await self.private_room()
        names = [one.person for one in people]
        muse = Muse(self.rnd, self.secret, names, lambda: room, self.world.clock.now)
        for _ in range(steps):
            by = self.rnd.choice(people)
            match self.rnd.randint(0, 9):
                case 0:
                    self.chat.failures = [self.rnd.choice(WRONG)]
                    self.chat.fails_only = self.rnd.choice(["", "post", "edit", "to ", "invite"])
                case 1 | 2:
                    await self.pause(self.rnd.choice([0, 3, 60, 3600]))
                case 3:
                    await self.types(
                        by.person, f"{self.rnd.choice(ABOUT_ONE)} {self.id} {self.secret()}"
                    )
                case 4:
                    told = payloads.said(
                        self.secret(), by=by.person, channel=room, channel_type="group"
                    )
                    told["event_id"] = f"E{next(self.numbers)}"
                    await self.world.slack(told)
                case _:
                    await self.does(muse.command(by), self.id)

    async def pause(self, seconds: float) -> None:
        await self.world.work(seconds)

    async def types(self, by: str, text: str, channel: str = "CGENERAL") -> str:
        """Return everything that comes of a command for whoever typed it."""
        before, forms = len(self.chat.outputs), len(self.opened)
        typed = payloads.command(text, by=by, channel=channel, trigger=f"t{next(self.numbers)}")
        answer = (await self.world.slack(typed)).body or ""
        await self.world.work()
        heard = [output.text for output in self.chat.seen_by(by, before) if output.where == by]
        return "\n".join([answer, *heard, *map(str, self.opened[forms:])])

    async def clicks(self, by: str, action: str) -> None:
        """Click on a button that names the incident, or choose it."""
        chosen: dict[str, Any] = {"selected_option": {"value": self.id}, "block_id": "pick:status"}
        when = f"{next(self.numbers)}.1"
        await self.world.slack(
            payloads.click(self.id, by=by, action=action, action_ts=when, **chosen)
        )

    async def looks_everywhere(self, by: str) -> list[str]:
        """Return what somebody finds who tries every door without naming the incident."""
        found = []
        for verb in TYPED:
            where = self.rnd.choice(["CGENERAL", "CINCIDENTS"])
            found.append(await self.types(by, verb, where))
        for event in (payloads.home_opened, payloads.shortcut):
            sent = event(by=by)
            sent |= {"event_id": f"E{next(self.numbers)}"} if "event" in sent else {}
            sent |= {"trigger_id": f"t{next(self.numbers)}"} if "trigger_id" in sent else {}
            await self.world.slack(sent)
        await self.pause(9)
        return [*found, str(self.chat.homes.get(by))]


WRONG = [Refused("no"), NotAllowed("not here"), Unavailable("busy"), LostAnswer()]


@asynccontextmanager
async def living(rnd: Random) -> AsyncIterator[Life]:
    async with opening() as opened:
        chat = WatchedChat()
        world = World(client=opened.client, chat=chat)
        world.rules.fixed = replace(
            world.rules.fixed, operators="COPS", on_call_people=("UEVE", "UDAN", "UBO")
        )
        chat.rooms["COPS"] = Room("operators", ours=False, people={"UEVE"})
        chat.rooms["CGENERAL"].people.add("UDAN")
        yield Life(world, chat, opened, rnd)


async def nothing_leaks(life: Life) -> None:
    hidden = [*life.secrets, *life.known_before]
    rooms = [f"<#{c}>" for c, room in life.chat.rooms.items() if room.name and room.private]
    for person, since in life.since.items():
        for output in life.chat.seen_by(person, since):
            leaked = [word for word in (*hidden, *rooms) if word in output.text]
            assert not leaked, (person, output)
            assert life.id not in output.text, (person, output)


async def nobody_finds_it(life: Life) -> None:
    hidden = [*life.secrets, *life.known_before]
    for person in life.since:
        for found in await life.looks_everywhere(person):
            assert not [word for word in (*hidden, life.id) if word in found], (person, found)
        for verb in life.rnd.sample(ABOUT_ONE, 6):
            for text in (f"{verb} {{}}", f"{verb} {{}} P1", f"{verb} P1 {{}}"):
                asked = await life.types(person, text.format(life.id))
                of_nothing = await life.types(person, text.format(NOBODYS))
                assert asked.replace(life.id, NOBODYS) == of_nothing, (
                    person,
                    text,
                    asked,
                    of_nothing,
                )
        before = len(life.chat.outputs)
        for action in CLICKED:
            await life.clicks(person, action)
        await life.pause(9)
        for output in life.chat.seen_by(person, before):
            assert not [word for word in hidden if word in output.text], (person, output)


async def the_event_log_keeps_quiet(life: Life) -> None:
    disk = Disk()
    await Exporter(life.world.store, FakeLedger(disk), life.world.clock).catch_up()
    lines = (disk.bytes or b"").decode()
    assert life.id in lines
    assert not [word for word in life.secrets if word in lines]


async def played(rnd: Random, *, later: bool) -> None:
    async with living(rnd) as life:
        await life.begin(later=later)
        await life.goes_on(25, INSIDERS)
        await life.pause(60)
        told = [output.text for output in life.chat.seen_by("UANA")]
        hidden = [*life.secrets, *life.known_before]
        assert any(word in text for word in hidden for text in told)  # they speak of it
        await nothing_leaks(life)
        await nobody_finds_it(life)
        for status in (Status.RESOLVED, Status.CLOSED):
            await life.does(ChangeStatus(ANA, status), life.id)
            await life.pause(8 * DAY)
        await nobody_finds_it(life)
        await the_event_log_keeps_quiet(life)


@given(rnd=st.randoms(use_true_random=False), later=st.booleans())
@settings(max_examples=6, deadline=None)
def test_who_is_not_in_it_sees_nothing_of_a_private_incident(rnd: Random, *, later: bool) -> None:
    asyncio.run(played(rnd, later=later))
