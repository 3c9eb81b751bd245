"""A small Alertmanager: takes alerts, keeps some quiet, and posts the others to one address."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from aiohttp import ClientError, ClientSession, ClientTimeout
from aiohttp.hdrs import AUTHORIZATION, CONTENT_TYPE

from sandbox.clock import Clock

from .groups import Groups
from .notices import Notice, Told
from .routing import Route
from .silences import Silences

TAKEN = range(200, 300)


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who is told: an address, what opens it, and for how many seconds it may think."""

    url: str
    token: str = ""
    name: str = "incidents"
    patience: float = 10.0


class Alertmanager:
    """Tells a receiver what it has not been told; what could not be told is told again."""

    def __init__(
        self,
        clock: Clock,
        session: ClientSession,
        route: Route,
        receiver: Receiver,
        silences: Silences,
    ) -> None:
        self.url = ""  # where it is; its server says so
        self.receiver = receiver
        self.silences = silences
        self.route = route
        self.groups = Groups(route, silences)
        self.trouble = ""  # why the last telling failed
        self._clock = clock
        self._session = session
        self._sending = set[asyncio.Task[None]]()

    def advance(self, alerts: Sequence[Told], now: float) -> None:
        """Take what fires and what is over, and begin to tell what is due."""
        self.groups.receive(alerts, now)
        for notice in self.groups.due(now):
            task = asyncio.ensure_future(self._tell(notice))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    async def settled(self) -> None:
        """Return once nothing is being told."""
        while self._sending:
            await asyncio.gather(*self._sending)

    async def close(self) -> None:
        """End what is being told."""
        for task in self._sending:
            task.cancel()
        await asyncio.gather(*self._sending, return_exceptions=True)

    async def _tell(self, notice: Notice) -> None:
        try:
            posting = self._post(notice)
            self.trouble = await self._clock.limit(posting, self.receiver.patience)
        except TimeoutError:
            self.trouble = f"no answer within {self.receiver.patience:g} seconds"
        except (ClientError, OSError) as error:
            self.trouble = f"{type(error).__name__}: {error}"
        if self.trouble:
            self.groups.failed(notice, self._clock.now())
        else:
            self.groups.sent(notice, self._clock.now())

    async def _post(self, notice: Notice) -> str:
        """Return what went wrong, if anything."""
        told = self.receiver
        headers = {CONTENT_TYPE: "application/json", "User-Agent": "Alertmanager/0.25.0"}
        if told.token:
            headers[AUTHORIZATION] = f"Bearer {told.token}"
        async with self._session.post(
            told.url,
            data=orjson.dumps(notice.body(told.name, self.url)),
            headers=headers,
            allow_redirects=False,
            timeout=ClientTimeout(None),
        ) as answer:
            return "" if answer.status in TAKEN else f"HTTP {answer.status}"
