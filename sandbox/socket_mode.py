"""Socket Mode: the app calls in, and each payload goes down one of its connections."""

import asyncio
import itertools
import json
from dataclasses import dataclass
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.transport import ACK_SECONDS, TIMED_OUT, UNREACHABLE, Answer, Parcel
from sandbox.wire import Json
from sandbox.workspace import Workspace

MOST_CONNECTIONS = 10
FORBIDDEN = 403
ABOUT_AN_HOUR = 3600
ANSWERABLE = {"slash_commands", "view_submission", "block_suggestion"}


@dataclass(frozen=True, slots=True, eq=False)
class Connection:
    """One socket the app has open."""

    socket: web.WebSocketResponse
    request: web.Request


class SocketMode:
    """Keep the app's connections and share the payloads out among them."""

    def __init__(self, workspace: Workspace) -> None:
        self.connections: list[Connection] = []
        self._workspace = workspace
        self._turn = itertools.count()
        self._awaited: dict[str, asyncio.Future[Any]] = {}

    async def link(self, request: web.Request) -> web.StreamResponse:
        """Hold one connection, for whoever brings an unused ticket."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._workspace.tickets:
            return web.Response(status=FORBIDDEN, text="invalid_ticket")
        self._workspace.tickets.remove(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if len(self.connections) >= MOST_CONNECTIONS:
            await _say_goodbye(socket, "too_many_websockets")
            await socket.close()
            return socket
        connection = Connection(socket, request)
        try:
            await socket.send_json(self._hello(len(self.connections) + 1))
            self.connections.append(connection)
            self._workspace.changes.bump()
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
            await connection.socket.send_json(_envelope(parcel, envelope_id))
            body = await clock.limit(self._awaited[envelope_id], ACK_SECONDS)
        except ConnectionError:
            return Answer(acked=False, ms=_since(started, clock.now()), failure=UNREACHABLE)
        except TimeoutError:
            return Answer(acked=False, ms=_since(started, clock.now()), failure=TIMED_OUT)
        finally:
            del self._awaited[envelope_id]
        body = body if _answerable(parcel) else None
        return Answer(acked=True, ms=_since(started, clock.now()), body=body)

    def cut(self) -> None:
        """Break every connection without a word."""
        for connection in list(self.connections):
            self._forget(connection)
            if connection.request.transport is not None:
                connection.request.transport.abort()

    async def refresh(self) -> None:
        """Ask the app to reconnect everywhere."""
        for connection in list(self.connections):
            await _say_goodbye(connection.socket, "refresh_requested")

    async def close(self) -> None:
        """Close every connection."""
        for connection in list(self.connections):
            await connection.socket.close()

    def _forget(self, connection: Connection) -> None:
        if connection in self.connections:
            self.connections.remove(connection)
            self._workspace.changes.bump()

    def _hello(self, count: int) -> Json:
        return {
            "type": "hello",
            "num_connections": count,
            "debug_info": {"host": "sandbox", "approximate_connection_time": ABOUT_AN_HOUR},
            "connection_info": {"app_id": self._workspace.seed.app},
        }

    async def _listen(self, socket: web.WebSocketResponse) -> None:
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                continue
            said = _parsed(frame.data)
            awaited = self._awaited.get(str(said.get("envelope_id")))
            if awaited is not None and not awaited.done():
                awaited.set_result(said.get("payload"))


async def _say_goodbye(socket: web.WebSocketResponse, reason: str) -> None:
    goodbye = {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
    await socket.send_json(goodbye)


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
        said = json.loads(text)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _since(started: float, now: float) -> float:
    return round((now - started) * 1000, 3)
