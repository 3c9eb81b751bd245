"""The cluster's API over HTTP or HTTPS, on this machine only."""

import asyncio
import ssl
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

import yaml
from aiohttp import hdrs, web

from sandbox.cluster import certificate, discovery, tables
from sandbox.cluster.access import UNKNOWN, User, authorize
from sandbox.cluster.api import Answer
from sandbox.cluster.cluster import Cluster
from sandbox.cluster.kinds import REVIEWS, Kind
from sandbox.cluster.refusals import Refused
from sandbox.cluster.requests import LARGEST, Address, Call, address, kind_of, verb
from sandbox.cluster.subresources import answer_scale, evict, log, review
from sandbox.cluster.watching import Watch
from sandbox.wire import Json, written

BEARER = "Bearer "
JSON = "application/json"
OPTIONS = {
    *("allowWatchBookmarks", "continue", "dryRun", "fieldManager", "fieldSelector"),
    *("fieldValidation", "force", "gracePeriodSeconds", "labelSelector", "limit"),
    *("orphanDependents", "pretty", "propagationPolicy", "resourceVersion", "timeout"),
    *("resourceVersionMatch", "sendInitialEvents", "timeoutSeconds", "watch", "exact", "export"),
    "includeObject",
}


class ClusterServer:
    """Serve a cluster's API; `url` says where, `kubeconfig` tells clients how to come in."""

    def __init__(self, cluster: Cluster, *, port: int = 0, tls: bool = False) -> None:
        self._cluster = cluster
        self._wanted = port
        self._tls = tls
        self._stack = AsyncExitStack()
        self._certificate = ""
        self._ends = asyncio.Event()
        self.port = 0

    @property
    def url(self) -> str:
        """Return where the API is."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def certificate(self) -> str:
        """Return the certificate that clients have to trust, or nothing without TLS."""
        return self._certificate

    async def __aenter__(self) -> Self:
        application = web.Application(client_max_size=LARGEST)
        application.router.add_route("*", "/{path:.*}", self._handle)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        secure = await asyncio.to_thread(self._secured) if self._tls else None
        site = web.TCPSite(runner, "127.0.0.1", self._wanted, ssl_context=secure)
        await site.start()
        self.port = runner.addresses[0][1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ends.set()
        await self._stack.aclose()

    def kubeconfig(self, token: str, namespace: str = "default") -> str:
        """Return a file that lets kubectl and other clients in with a token."""
        where: Json = {"server": self.url}
        if self._tls:
            where["certificate-authority-data"] = certificate.encoded(self._certificate)
        context = {"cluster": "sandbox", "user": "user", "namespace": namespace}
        return yaml.safe_dump(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "clusters": [{"name": "sandbox", "cluster": where}],
                "users": [{"name": "user", "user": {"token": token}}],
                "contexts": [{"name": "sandbox", "context": context}],
                "current-context": "sandbox",
            }
        )

    def _secured(self) -> ssl.SSLContext:
        made = certificate.made(self._cluster.clock.now())
        self._certificate = made.certificate
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with TemporaryDirectory(prefix="cluster-") as folder:
            place = Path(folder) / "both.pem"
            place.touch(mode=0o600)
            place.write_text(made.key + made.certificate)
            context.load_cert_chain(place)
        return context

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        try:
            return await self._answered(request)
        except Refused as error:
            return _json(error.status(), error.code)
        except web.HTTPRequestEntityTooLarge:
            said = f"the body is larger than {LARGEST} bytes"
            return _json(Refused(413, said, "RequestEntityTooLarge").status(), 413)

    async def _answered(self, request: web.Request) -> web.StreamResponse:
        cluster = self._cluster
        cluster.store.now = max(cluster.store.now, cluster.clock.now())
        if request.path in ("/healthz", "/livez", "/readyz"):
            return web.Response(text="ok")
        user = self._user(request)
        at = address(request.path)
        if at is None:
            return self._document(request)
        call = Call(
            user,
            verb(request.method, at, request.query),
            at,
            _options(request, at),
            request.content_type if hdrs.CONTENT_TYPE in request.headers else "",
            await request.read(),
        )
        return await self._call(request, call)

    def _user(self, request: web.Request) -> User:
        given = request.headers.get(hdrs.AUTHORIZATION, "")
        if not given:
            return User("system:anonymous", ("system:unauthenticated",))
        user = self._cluster.users.get(given.removeprefix(BEARER))
        if user is None or not given.startswith(BEARER):
            raise UNKNOWN
        return user

    def _document(self, request: web.Request) -> web.Response:
        found = discovery.document(self._cluster.kinds, request.path)
        if found is None:
            words = "the server could not find the requested resource; it serves /api, /apis, "
            raise Refused(404, f"{words}/healthz, /openapi/v3 and /version")
        if request.method != "GET":
            said = "the server does not allow this method on the requested resource"
            raise Refused(405, said)
        return _json(found)

    async def _call(self, request: web.Request, call: Call) -> web.StreamResponse:
        api, sub = self._cluster.api, call.address.subresource
        if call.verb == "watch":
            return await self._watch(request, call)
        if call.address.group == REVIEWS:
            authorize(api.store, call.user, call.verb, call.address)
            kind = kind_of(api.kinds, call.address)
            return self._shown(request, review(api.store, kind, call))
        if sub in ("scale", "eviction", "log"):
            return self._part(request, call)
        return self._shown(request, api.answer(call))

    def _part(self, request: web.Request, call: Call) -> web.StreamResponse:
        api = self._cluster.api
        verbs = {"scale": call.verb, "eviction": "create", "log": "get"}
        allowed = {"POST": "create", "GET": "get"}.get(request.method, call.verb)
        if verbs[call.address.subresource] != allowed and call.address.subresource != "scale":
            api.judged(replace(call, verb=allowed))
            said = "the server does not allow this method on the requested resource"
            raise Refused(405, said)
        kind = api.judged(call)
        match call.address.subresource:
            case "scale":
                return self._shown(request, answer_scale(api, kind, call))
            case "eviction":
                return self._shown(request, evict(api, kind, call))
            case _:
                text = log(self._cluster, api.found(kind, call), call)
                return web.Response(text=text, content_type="text/plain")

    def _shown(self, request: web.Request, answer: Answer) -> web.Response:
        body = answer.body
        if answer.kind is not None and tables.wanted(request.headers.get(hdrs.ACCEPT, "")):
            body = tables.table(answer.kind, body, self._cluster.store.now)
        response = _json(body, answer.code)
        for words in answer.warnings:
            response.headers.add("Warning", f'299 - "{words.replace(chr(34), chr(92) + chr(34))}"')
        return response

    async def _watch(self, request: web.Request, call: Call) -> web.StreamResponse:
        api = self._cluster.api
        kind = api.judged(call)
        watch = Watch(self._cluster, kind, call, api.matches(kind, call), self._ends)
        response = web.StreamResponse(headers={hdrs.CONTENT_TYPE: JSON})
        await response.prepare(request)
        as_table = tables.wanted(request.headers.get(hdrs.ACCEPT, ""))
        try:
            async for event in watch.events():
                told = self._tabled(kind, event) if as_table else event
                await response.write(written(told) + b"\n")
        except ConnectionResetError:
            return response  # who watched has gone
        await response.write_eof()
        return response

    def _tabled(self, kind: Kind, event: Json) -> Json:
        if event["type"] in ("ERROR", "BOOKMARK"):
            return event
        shown = tables.table(kind, event["object"], self._cluster.store.now)
        return {**event, "object": shown}


def _options(request: web.Request, at: Address) -> dict[str, str]:
    options = dict(request.query)
    if at.subresource != "log" and (unknown := set(options) - OPTIONS):
        raise Refused(400, f"unknown query parameters: {', '.join(sorted(unknown))}")
    return options


def _json(body: Json, code: int = 200) -> web.Response:
    return web.Response(body=written(body), status=code, content_type=JSON)
