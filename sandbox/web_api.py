"""The door of the Web API: tokens, scopes, faults and a record of every call."""

from dataclasses import dataclass
from email.utils import formatdate

from aiohttp import hdrs, web

from sandbox.access import require_scope
from sandbox.arguments import Arguments, arguments
from sandbox.errors import SlackError
from sandbox.faults import Faults
from sandbox.methods.registry import METHODS, Method
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


class WebApi:
    """Answer Web API calls."""

    def __init__(self, workspace: Workspace, faults: Faults) -> None:
        self.calls: list[Call] = []
        self._workspace = workspace
        self._faults = faults

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one call, unless it is in trouble."""
        name = request.match_info["method"]
        try:
            args = await arguments(request)
        except SlackError as error:
            return self._response(error.reply())
        token = _token(request, args)
        fault = self._faults.due(name, "before")
        if fault is not None:
            self._record(name, args, {"ok": False, "error": fault.code}, fault.kind)
            return await self._faults.answer(fault, request)
        reply = self._reply(name, token, args)
        fault = self._faults.due(name, "after")
        self._record(name, args, reply, fault.kind if fault else None)
        if fault is not None:
            return await self._faults.answer(fault, request)
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
        if not token:
            raise SlackError("not_authed")
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

    def _record(self, name: str, args: Arguments, reply: Json, fault: str | None) -> None:
        now = self._workspace.clock.now()
        call = Call(name, args.given, now, reply["ok"], reply.get("error"), fault)
        self.calls.append(call)
        self._workspace.changes.bump()


def _token(request: web.Request, args: Arguments) -> str:
    given = args.given.pop("token", "")
    header = request.headers.get(hdrs.AUTHORIZATION, "")
    return header.removeprefix(BEARER) if header.startswith(BEARER) else str(given)
