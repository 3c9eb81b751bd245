"""Trouble on order, the same again for the same seed: calls and deliveries that go wrong."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Coroutine, Iterable
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.changes import Changes
from sandbox.clock import Clock
from sandbox.errors import BAD_REQUEST
from sandbox.orders import Fault, order_of
from sandbox.rates import too_soon
from sandbox.wire import Json

BROKEN = {"http_500": (500, "Internal Server Error"), "http_503": (503, "Service Unavailable")}
SPENT_KEPT = 100


class Faults:
    """Keep the trouble that was ordered, and make it."""

    def __init__(self, clock: Clock, changes: Changes) -> None:
        self._clock = clock
        self._changes = changes
        self._ordered: list[Fault] = []
        self._spent: deque[Fault] = deque(maxlen=SPENT_KEPT)
        self._closing = asyncio.Event()
        self._let_go = asyncio.Event()

    def order(self, given: Json) -> Json:
        """Take an order for trouble, and tell how it was understood."""
        fault = order_of(given)
        self._ordered.append(fault)
        return fault.shown()

    def shown(self) -> list[Json]:
        """Return the orders, what is left of each and what it struck; spent ones come first."""
        return [fault.shown() for fault in (*self._spent, *self._ordered)]

    def forget(self) -> None:
        """Cancel all orders, and let what is held go on."""
        self._ordered.clear()
        self._spent.clear()
        self._let_go.set()
        self._let_go = asyncio.Event()

    def close(self) -> None:
        """Let go of everything that hangs or is held."""
        self._closing.set()
        self.forget()

    def due(self, name: str, when: str, given: Json) -> Fault | None:
        """Return the trouble that this call is in at this moment, using it up by one."""
        if not self._ordered:
            return None
        return self._struck((f for f in self._ordered if f.meets_call(name, when, given)), name)

    def due_delivery(self, kind: str, payload: Json, delivery: str) -> Fault | None:
        """Return the trouble that this delivery is in, using it up by one."""
        if not self._ordered:
            return None
        meant = (fault for fault in self._ordered if fault.meets_delivery(kind, payload))
        return self._struck(meant, f"{kind} {delivery}")

    async def goes_on(self, fault: Fault) -> bool:
        """Spend the time that the trouble costs; tell whether the call goes on afterwards."""
        match fault.kind:
            case "slow":
                await self.pause(fault.seconds)
            case "hold":
                await self._let_go.wait()
            case _:
                return False
        return True

    async def pause(self, seconds: float) -> None:
        """Let time pass, but no longer than the workspace is there."""
        with contextlib.suppress(TimeoutError):
            await self._clock.limit(self._closing.wait(), seconds)

    async def unless_forgotten(self, event: Coroutine[Any, Any, Any]) -> None:
        """Await the event, or that all orders are cancelled."""
        both = [asyncio.ensure_future(event), asyncio.ensure_future(self._let_go.wait())]
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in both:
                task.cancel()
            await asyncio.gather(*both, return_exceptions=True)

    async def answer(
        self, fault: Fault, request: web.Request, *, plain: bool = False
    ) -> web.Response:
        """Answer in the troubled way; where Slack's errors are `plain` text, in such."""
        if fault.kind == "ratelimited":
            return too_soon(fault.retry_after)
        if fault.kind in BROKEN:
            status, words = BROKEN[fault.kind]
            page = f"<html><body>{words}</body></html>"
            return web.Response(status=status, text=page, content_type="text/html")
        if fault.kind == "hang":
            await self._closing.wait()
        elif fault.kind == "drop" and request.transport is not None:
            request.transport.abort()
        if plain:
            return web.Response(status=BAD_REQUEST, text=fault.error)
        return web.json_response({"ok": False, "error": fault.error})

    def around(self, place: str, handler: Handler) -> Handler:
        """Return the handler of a place that is no Web API method, with trouble on order."""

        async def handle(request: web.Request) -> web.StreamResponse:
            given = {**request.query, **request.match_info}
            before = self.due(place, "before", given)
            if before is not None and not await self.goes_on(before):
                return await self.answer(before, request, plain=True)
            response = await handler(request)
            after = self.due(place, "after", given)
            if after is not None and not await self.goes_on(after):
                return await self.answer(after, request, plain=True)
            return response

        return handle

    def _struck(self, meant: Iterable[Fault], what: str) -> Fault | None:
        for fault in meant:
            if fault.strikes(what):
                self._changes.bump()
                if fault.times == 0:
                    self._ordered.remove(fault)
                    self._spent.append(fault)
                return fault
        return None
