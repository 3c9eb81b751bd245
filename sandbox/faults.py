"""Trouble on order: Web API calls that fail the way Slack's sometimes do."""

import asyncio
from dataclasses import dataclass

from aiohttp import web

from sandbox.errors import ControlError
from sandbox.methods.registry import METHODS
from sandbox.wire import Json

KINDS = ("ratelimited", "error", "http_500", "hang", "hold", "drop")
MOMENTS = ("before", "after")
TOO_MANY = 429
BROKEN = 500


@dataclass(slots=True)
class Fault:
    """One kind of trouble that a method has a few times."""

    method: str
    kind: str
    when: str
    times: int
    retry_after: int
    error: str
    where: Json

    @property
    def code(self) -> str:
        """Return the error the app will have seen."""
        return self.error if self.kind == "error" else self.kind

    def applies(self, method: str, when: str, args: Json) -> bool:
        """Tell whether this call, at this moment, is in trouble."""
        meant = self.method in {method, "*"} and self.where.items() <= args.items()
        return self.times > 0 and meant and self.when == when


class Faults:
    """Keep the trouble that was ordered, and make it."""

    def __init__(self) -> None:
        self._ordered: list[Fault] = []
        self._closing = asyncio.Event()
        self._let_go = asyncio.Event()

    def order(self, given: Json) -> None:
        """Take an order for trouble."""
        fault = Fault(
            str(given.get("method", "")),
            str(given.get("kind", "")),
            given.get("when", "before"),
            given.get("times", 1),
            given.get("retry_after", 1),
            str(given.get("error", "fatal_error")),
            given.get("where", {}),
        )
        if fault.method not in {*METHODS, "*"}:
            raise ControlError("there is no such method", fault.method)
        if fault.kind not in KINDS or fault.when not in MOMENTS:
            raise ControlError("kind is one of", ", ".join((*KINDS, "when", *MOMENTS)))
        if not isinstance(fault.times, int) or not isinstance(fault.retry_after, int):
            raise ControlError("times and retry_after are whole numbers")
        if not isinstance(fault.where, dict):
            raise ControlError("where is the arguments that the call must have")
        self._ordered.append(fault)

    def forget(self) -> None:
        """Cancel all orders, and let the calls that are held go on."""
        self._ordered.clear()
        self._let_go.set()
        self._let_go = asyncio.Event()

    async def held(self) -> None:
        """Return once all orders are cancelled."""
        await self._let_go.wait()

    def due(self, method: str, when: str, args: Json) -> Fault | None:
        """Return the trouble this call is in, using it up by one."""
        for fault in self._ordered:
            if fault.applies(method, when, args):
                fault.times -= 1
                return fault
        return None

    async def answer(self, fault: Fault, request: web.Request) -> web.Response:
        """Answer the call in the troubled way."""
        match fault.kind:
            case "ratelimited":
                headers = {"Retry-After": str(fault.retry_after)}
                body = {"ok": False, "error": "ratelimited"}
                return web.json_response(body, status=TOO_MANY, headers=headers)
            case "http_500":
                page = "<html><body>Internal Server Error</body></html>"
                return web.Response(status=BROKEN, text=page, content_type="text/html")
            case "hang":
                await self._closing.wait()
            case "drop" if request.transport is not None:
                request.transport.abort()
        return web.json_response({"ok": False, "error": fault.error})

    def close(self) -> None:
        """Let go of the calls that hang or are held."""
        self._closing.set()
        self.forget()
