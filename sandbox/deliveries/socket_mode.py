"""Socket Mode: the app calls in, and each payload goes down one of its connections."""

import asyncio
import contextlib
import itertools
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.deliveries.transport import ACK_SECONDS, TIMED_OUT, UNREACHABLE, Answer, Parcel
from sandbox.wire import Json, parsed, written
from sandbox.workspace import Workspace

MOST_CONNECTIONS = 10
FORBIDDEN = 403
ABOUT_AN_HOUR = 3600
DEBUG_LIFE = 360.0
NOTICE = 10.0  # seconds between the warning and the end
ANSWERABLE = {"slash_commands", "view_submission", "block_suggestion"}
REASONS = ("warning", "refresh_requested", "link_disabled", "too_many_websockets")


@dataclass(slots=True, eq=False)
class Connection:
    """One socket the app has open."""

    socket: web.WebSocketResponse
    request: web.Request
    endings: set[asyncio.Task[None]] = field(default_factory=set)

    def then(self, work: Coroutine[None, None, None]) -> None:
        """Do something beside listening, for as long as the connection is there."""
        task = asyncio.create_task(work)
        self.endings.add(task)
        task.add_done_callback(self.endings.discard)

    def abort(self) -> None:
        """Break the connection without a word."""
        if self.request.transport is not None:
            self.request.transport.abort()


class SocketMode:
    """Keep the app's connections and share the payloads out among them."""

    def __init__(self, workspace: Workspace) -> None:
        self.connections: list[Connection] = []
        self.opened = 0
        self._workspace = workspace
        self._turn = itertools.count()
        self._awaited: dict[str, asyncio.Future[Any]] = {}

    async def link(self, request: web.Request) -> web.StreamResponse:
        """Hold one connection, for whoever brings an unused ticket."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._workspace.tickets or not self._workspace.takes_sockets:
            return web.Response(status=FORBIDDEN, text="invalid_ticket")
        self._workspace.tickets.remove(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if len(self.connections) >= MOST_CONNECTIONS:
            await _say_goodbye(socket, "too_many_websockets")
            await socket.close()
            return socket
        connection = Connection(socket, request)
        life = DEBUG_LIFE if request.query.get("debug_reconnects") == "true" else 0
        life = life or self._workspace.seed.connection_seconds
        try:
            await socket.send_str(written(self._hello(len(self.connections) + 1, life)).decode())
            self.connections.append(connection)
            self.opened += 1
            self._workspace.changes.bump()
            if life:
                connection.then(self._recycled(connection, life))
            await self._listen(socket)
        finally:
            self._forget(connection)
        return socket

    async def send(self, parcel: Parcel) -> Answer:
        """Deliver a parcel down the connection whose turn it is."""
        clock, envelope_id = self._workspace.clock, self._workspace.name_new("E")
        started = clock.now()
        if not self.connections:
            return Answer(acked=False, ms=0, failure=UNREACHABLE)
        connection = self.connections[next(self._turn) % len(self.connections)]
        self._awaited[envelope_id] = asyncio.get_running_loop().create_future()
        try:
            await self._down(connection, parcel, envelope_id)
            body = await clock.limit(self._awaited[envelope_id], ACK_SECONDS)
        except ConnectionError:
            return Answer(acked=False, ms=_since(started, clock.now()), failure=UNREACHABLE)
        except TimeoutError:
            return Answer(acked=False, ms=_since(started, clock.now()), failure=TIMED_OUT)
        finally:
            del self._awaited[envelope_id]
        if parcel.loses_ack:
            await clock.sleep(started + ACK_SECONDS - clock.now())
            return Answer(acked=False, ms=_since(started, clock.now()), failure=TIMED_OUT)
        body = body if _answerable(parcel) else None
        return Answer(acked=True, ms=_since(started, clock.now()), body=body)

    def cut(self) -> None:
        """Break every connection without a word."""
        for connection in list(self.connections):
            self._break(connection)

    async def disconnect(self, reason: str) -> None:
        """Tell every connection that it ends, and why; what the app does not close, ends."""
        if reason == "link_disabled":
            self._workspace.takes_sockets = False
        for connection in list(self.connections):
            await _say_goodbye(connection.socket, reason)
            connection.then(self._ended(connection, reason))

    async def close(self) -> None:
        """Close every connection."""
        for connection in list(self.connections):
            await connection.socket.close()

    async def _down(self, connection: Connection, parcel: Parcel, envelope_id: str) -> None:
        if parcel.cut != "before":
            envelope = written(_envelope(parcel, envelope_id)).decode()
            await connection.socket.send_str(envelope)
        if parcel.cut:
            self._break(connection)
            raise ConnectionResetError

    async def _ended(self, connection: Connection, reason: str) -> None:
        if reason in {"warning", "refresh_requested"}:
            await self._workspace.clock.sleep(NOTICE)
        if reason == "warning":
            await _say_goodbye(connection.socket, "refresh_requested")
        await connection.socket.close()

    async def _recycled(self, connection: Connection, life: float) -> None:
        await self._workspace.clock.sleep(max(0.0, life - NOTICE))
        await _say_goodbye(connection.socket, "warning")
        await self._ended(connection, "warning")

    def _break(self, connection: Connection) -> None:
        self._forget(connection)
        connection.abort()

    def _forget(self, connection: Connection) -> None:
        for ending in connection.endings - {asyncio.current_task()}:
            ending.cancel()
        if connection in self.connections:
            self.connections.remove(connection)
            self._workspace.changes.bump()

    def _hello(self, count: int, life: float) -> Json:
        return {
            "type": "hello",
            "num_connections": count,
            "debug_info": {
                "host": "sandbox",
                "approximate_connection_time": int(life) or ABOUT_AN_HOUR,
            },
            "connection_info": {"app_id": self._workspace.seed.app},
        }

    async def _listen(self, socket: web.WebSocketResponse) -> None:
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            said = _parsed(message.data)
            awaited = self._awaited.get(str(said.get("envelope_id")))
            if awaited is not None and not awaited.done():
                awaited.set_result(said.get("payload"))


async def _say_goodbye(socket: web.WebSocketResponse, reason: str) -> None:
    goodbye = {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
    # Who has gone already need not be told.
    with contextlib.suppress(ConnectionError):
        await socket.send_str(written(goodbye).decode())


def _envelope(parcel: Parcel, envelope_id: str) -> Json:
    envelope = {
        "type": parcel.kind,
        "envelope_id": envelope_id,
        "accepts_response_payload": _answerable(parcel),
        "payload": parcel.payload,
    }
    if parcel.kind == "events_api":
        retry = {"retry_attempt": parcel.retry, "retry_reason": parcel.retry_reason}
        return {**envelope, **retry}
    return envelope


def _answerable(parcel: Parcel) -> bool:
    return parcel.kind in ANSWERABLE or parcel.payload.get("type") in ANSWERABLE


def _parsed(text: str) -> Json:
    try:
        said = parsed(text)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _since(started: float, now: float) -> float:
    return round((now - started) * 1000, 3)
