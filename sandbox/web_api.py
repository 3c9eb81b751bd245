"""The door of the Web API: tokens, scopes, faults and a record of every call."""

from dataclasses import dataclass
from email.utils import formatdate
from functools import partial

from aiohttp import hdrs, web

from sandbox.access import require_scope
from sandbox.arguments import Arguments, arguments
from sandbox.errors import SlackError
from sandbox.faults import Fault, Faults
from sandbox.methods.method import Method
from sandbox.methods.registry import METHODS
from sandbox.wire import Json
from sandbox.workspace import Workspace

BEARER = "Bearer "


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


class WebApi:
    """Answer Web API calls."""

    def __init__(self, workspace: Workspace, faults: Faults) -> None:
        self.calls: list[Call] = []
        self._workspace = workspace
        self._faults = faults

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one call, unless it is in trouble."""
        name, caller = request.match_info["method"], request.match_info.get("caller", "")
        try:
            args = await arguments(request)
        except SlackError as error:
            return self._response(error.reply())
        token = _token(request, args)
        record = partial(self._record, name, caller, args)
        fault = self._faults.due(name, "before", args.given)
        if fault is not None:
            record({"ok": False, "error": fault.code}, fault)
            if fault.kind != "hold":
                return await self._faults.answer(fault, request)
            await self._faults.held()
        reply = self._reply(name, token, args)
        fault = self._faults.due(name, "after", args.given)
        record(reply, fault)
        if fault is not None:
            if fault.kind != "hold":
                return await self._faults.answer(fault, request)
            await self._faults.held()
        return self._response(reply)

    def _reply(self, name: str, token: str, args: Arguments) -> Json:
        try:
            method = METHODS.get(name)
            if method is None:
                raise SlackError("unknown_method")  # noqa: TRY301 - one door, one way to refuse
            self._admit(token, method)
            return {"ok": True, **method.run(self._workspace, args)}
        except SlackError as error:
            return error.reply()

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
        require_scope(self._workspace, *method.scopes)

    def _response(self, reply: Json) -> web.Response:
        headers = {
            hdrs.DATE: formatdate(self._workspace.clock.now(), usegmt=True),
            "x-oauth-scopes": ",".join(self._workspace.seed.scopes),
        }
        return web.json_response(reply, headers=headers)

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
