"""The tester's hands: the control API over real HTTP."""

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import ClientSession

from sandbox.server import Sandbox
from sandbox.wire import Json


class Hands:
    """Act in a workspace through its control API."""

    def __init__(self, session: ClientSession, sandbox: Sandbox) -> None:
        self._session = session
        self._url = f"{sandbox.url}/control"

    async def do(self, act: str, **fields: Any) -> Json:
        """Do something that must be possible."""
        status, answer = await self.attempt(act, **fields)
        assert status == 200, answer
        return answer

    async def attempt(self, act: str, **fields: Any) -> tuple[int, Json]:
        """Do something that may be refused."""
        async with self._session.post(f"{self._url}/{act}", json=fields) as response:
            return response.status, await response.json()

    async def see(self, window: str, **query: str) -> Any:
        """Look through one of the windows."""
        status, seen = await self.look(window, **query)
        assert status == 200, seen
        return seen

    async def look(self, window: str, **query: str) -> tuple[int, Any]:
        """Look through a window that may be closed."""
        async with self._session.get(f"{self._url}/{window}", params=query) as response:
            return response.status, await response.json()

    async def forget_faults(self) -> None:
        """Cancel ordered trouble."""
        async with self._session.delete(f"{self._url}/faults") as response:
            assert response.status == 200

    async def until(self, window: str, fits: Callable[[Any], bool], **query: str) -> Any:
        """Look until what is seen fits."""
        async with asyncio.timeout(5):
            while True:
                version = (await self.see("state"))["version"]
                seen = await self.see(window, **query)
                if fits(seen):
                    return seen
                await self.see("wait", version=str(version), timeout="5")

    async def heard(self, kind: str) -> Json:
        """Return the newest event of a kind, or of a subtype, once it was sent."""

        def events(sent: list[Json]) -> list[Json]:
            told = [one["payload"]["event"] for one in sent if one["type"] == "events_api"]
            return [event for event in told if kind in {event["type"], event.get("subtype")}]

        sent = await self.until("deliveries", lambda sent: bool(events(sent)))
        return events(sent)[-1]
