"""The door of the Web API: tokens, scopes, rates, faults and a record of every call."""

from collections import deque
from dataclasses import dataclass
from email.utils import formatdate

from aiohttp import hdrs, web

from sandbox.access import require_scope
from sandbox.arguments import BEARER, Arguments, arguments
from sandbox.errors import TOO_MANY, RateLimited, SlackError
from sandbox.faults import Faults
from sandbox.methods.method import Method
from sandbox.methods.registry import METHODS
from sandbox.orders import Fault
from sandbox.rates import Rates
from sandbox.shapes import Shapes
from sandbox.wire import Json, written
from sandbox.workspace import Workspace

KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Call:
    """A Web API call and how it went."""

    method: str
    args: Json
    at: float
    ok: bool
    error: str | None
    fault: str | None
    caller: str

    def shown(self) -> Json:
        """Return the call as the window shows it."""
        return {name: getattr(self, name) for name in self.__slots__}


class WebApi:
    """Answer Web API calls."""

    def __init__(self, workspace: Workspace, faults: Faults, rates: Rates, shapes: Shapes) -> None:
        self.calls: deque[Call] = deque(maxlen=KEPT)
        self._workspace = workspace
        self._faults = faults
        self._rates = rates
        self._shapes = shapes
        self._date = (0, "")

    def routes(self) -> list[web.RouteDef]:
        """Return the addresses of the methods, for any bot and for those told apart by a name."""
        paths = ("/api/{method}", "/from/{caller}/api/{method}")
        return [route(path, self.handle) for path in paths for route in (web.get, web.post)]

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one call, unless it is in trouble."""
        name = request.match_info["method"]
        try:
            args = await arguments(request)
        except SlackError as error:
            return self._response(error.reply())
        if self._shapes.recording:
            await self._shapes.call(name, request)
        token = _token(request, args)
        caller = request.match_info.get("caller", "")
        before = self._faults.due(name, "before", args.given)
        if before is not None:
            if before.kind != "slow":
                failed = {"ok": False, "error": before.code}
                self._record(name, caller, args, failed, before)
            if not await self._faults.goes_on(before):
                return await self._faults.answer(before, request)
        wait, reply = self._reply(name, token, args)
        after = self._faults.due(name, "after", args.given)
        slow = before if before is not None and before.kind == "slow" else None
        self._record(name, caller, args, reply, after or slow)
        if after is not None and not await self._faults.goes_on(after):
            return await self._faults.answer(after, request)
        return self._response(reply, wait)

    def _reply(self, name: str, token: str, args: Arguments) -> tuple[int, Json]:
        """Return the seconds to wait, 0 if none, and the answer."""
        try:
            method = METHODS.get(name)
            if method is None:
                raise SlackError("unknown_method")  # noqa: TRY301 - one door, one way to refuse
            self._admit(token, method)
            if wait := self._rates.call(name, method.tier, args.given):
                raise RateLimited(wait)  # noqa: TRY301 - likewise
            require_scope(self._workspace, *method.scopes)
            return 0, {"ok": True, **method.run(self._workspace, args)}
        except RateLimited as error:
            return error.retry_after, error.reply()
        except SlackError as error:
            return 0, error.reply()

    def _admit(self, token: str, method: Method) -> None:
        seed = self._workspace.seed
        if method.is_public:
            return
        if not token:
            raise SlackError("not_authed")
        if token in self._workspace.revoked:
            raise SlackError("token_revoked")
        if token not in {seed.bot_token, seed.app_token}:
            raise SlackError("invalid_auth")
        if (token == seed.app_token) is not method.for_app_token:
            raise SlackError("not_allowed_token_type")

    def _response(self, reply: Json, wait: int = 0) -> web.Response:
        headers = {
            hdrs.CONTENT_TYPE: "application/json; charset=utf-8",
            hdrs.DATE: self._now(),
            "x-oauth-scopes": ",".join(self._workspace.seed.scopes),
        }
        if wait:
            headers["Retry-After"] = str(wait)
        return web.Response(body=written(reply), status=TOO_MANY if wait else 200, headers=headers)

    def _now(self) -> str:
        second = int(self._workspace.clock.now())
        if self._date[0] != second:
            self._date = (second, formatdate(second, usegmt=True))
        return self._date[1]

    def _record(
        self, name: str, caller: str, args: Arguments, reply: Json, fault: Fault | None
    ) -> None:
        now, kind = self._workspace.clock.now(), fault.kind if fault else None
        call = Call(name, args.given, now, reply["ok"], reply.get("error"), kind, caller)
        self.calls.append(call)
        self._workspace.changes.bump()


def _token(request: web.Request, args: Arguments) -> str:
    given = args.given.pop("token", "")
    header = request.headers.get(hdrs.AUTHORIZATION, "")
    return header.removeprefix(BEARER) if header.startswith(BEARER) else str(given)
