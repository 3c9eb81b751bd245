"""What becomes of a request with alerts: who may send it, what it may be, and the answer."""

import asyncio
import hmac
import json
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog
from aiohttp import web

from bot.domain.alerts import Group, Outcome
from bot.ports import Clock, Telemetry, Unavailable
from bot.usecases.watchdogs import Watchdogs
from handlers.payloads import readable

from .mistakes import Malformed
from .pace import Pace, seconds
from .pagerduty import signed

log = structlog.get_logger()

ARRIVING = 10.0  # seconds, for a body
TAKING = 4.0  # seconds, for all that is in it: PagerDuty waits for 5
LATER = timedelta(seconds=5)
NOTHING = "Nothing was taken."

T = TypeVar("T")
Take = Callable[[Group], Awaitable[Outcome]]
Translate = Callable[[Any, datetime], Sequence[Group]]


@dataclass(frozen=True, slots=True)
class Limits:
    """What each source may send at most."""

    body_bytes: int = 1_000_000
    per_second: int = 600
    at_once: int = 1200


@dataclass(frozen=True, slots=True)
class Source:
    """Who sends alerts, how they are read, and what proves who sent them.

    `setting` is the variable that its token comes from; without token and secret it is not let in.
    """

    name: str
    translate: Translate
    setting: str
    token: str | None = None
    secret: str | None = None  # what the sender signs with


@dataclass(frozen=True, slots=True)
class Inside:
    """What is behind the doors."""

    take: Take
    watchdogs: Watchdogs
    limits: Callable[[], Limits]
    telemetry: Telemetry
    clock: Clock
    arriving: float = ARRIVING
    taking: float = TAKING


class Turned(Exception):
    """Turned away: the status, and in words what to do."""

    def __init__(self, status: int, words: str, **headers: str) -> None:
        super().__init__(words)
        self.status = status
        self.body: dict[str, object] = {"error": words}
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def response(self) -> web.Response:
        """Return the answer."""
        return web.json_response(self.body, status=self.status, headers=self.headers)


@dataclass(slots=True)
class Door:
    """The door of one source. It answers 200 only when all that was told has been kept."""

    source: Source
    inside: Inside
    pace: Pace = field(init=False)

    def __post_init__(self) -> None:
        self.pace = Pace(self.inside.clock)

    async def answer(self, request: web.Request) -> web.Response:
        """Answer whatever happens."""
        began = time.perf_counter()
        try:
            groups = await self._owned_up(self._told(request))
            response = web.json_response({"groups": groups})
        except Turned as turned:
            response = turned.response()
        outcome = "taken" if response.status == web.HTTPOk.status_code else str(response.status)
        took = time.perf_counter() - began
        self.inside.telemetry.handled(f"alerts/{self.source.name}", outcome, took)
        return response

    async def _told(self, request: web.Request) -> Sequence[Mapping[str, object]]:
        return await self._take(await self._read(request))

    async def _read(self, request: web.Request) -> Sequence[Group]:
        self._admit(request)
        raw = await self._body(request)
        if (secret := self.source.secret) and not signed(
            raw, request.headers.get("X-PagerDuty-Signature", ""), secret
        ):
            raise Turned(401, f"X-PagerDuty-Signature is not that of this body. {NOTHING}")
        try:
            return self.source.translate(parsed(raw), self.inside.clock.now())
        except Malformed as malformed:
            turned = Turned(422, f"This is not what {self.source.name} sends. {NOTHING}")
            turned.body["mistakes"] = malformed.listed()
            log.warning("alerts refused", source=self.source.name, mistakes=malformed.listed())
            raise turned from None

    def _admit(self, request: web.Request) -> None:
        """Turn away whoever may not send, or sends what cannot be read, or too fast."""
        source = self.source
        if request.method != "POST":
            raise Turned(405, f"Send alerts with POST. {NOTHING}", Allow="POST")
        if not (source.token or source.secret):
            words = f"This door is closed: set {source.setting} and start me again. {NOTHING}"
            raise Turned(404, words)
        if source.token and not _bears(request, source.token):
            words = f"Send `Authorization: Bearer` with what is in {source.setting}. {NOTHING}"
            raise Turned(401, words, WWW_Authenticate="Bearer")
        kind = request.content_type
        if kind != "application/json" and not kind.endswith("+json"):
            raise Turned(415, f"Send Content-Type: application/json. {NOTHING}")
        limits = self.inside.limits()
        if wait := self.pace.wait(limits.per_second, limits.at_once):
            words = f"More than {limits.per_second} requests a second. {NOTHING}"
            raise Turned(429, words, Retry_After=seconds(wait))

    async def _body(self, request: web.Request) -> bytes:
        most = self.inside.limits().body_bytes
        too_long = Turned(413, f"More than {most} bytes. {NOTHING}")
        if (request.content_length or 0) > most:
            raise too_long
        body = bytearray()
        try:
            async with asyncio.timeout(self.inside.arriving):
                async for part in request.content.iter_any():
                    body += part
                    if len(body) > most:
                        raise too_long
        except TimeoutError:
            raise Turned(408, f"The body took too long to arrive. {NOTHING}") from None
        except (web.RequestPayloadError, web.PayloadAccessError, ConnectionError):
            raise Turned(400, f"The body cannot be read. {NOTHING}") from None
        return bytes(body)

    async def _take(self, groups: Sequence[Group]) -> Sequence[Mapping[str, object]]:
        try:
            async with asyncio.timeout(self.inside.taking):
                return await self._take_each(groups)
        except Unavailable as error:
            words = f"Not everything could be saved: {error}. Tell me again."
            raise Turned(503, words, Retry_After=seconds(error.retry_after or LATER)) from None
        except TimeoutError:
            words = "It is not known whether everything was saved. Tell me again."
            raise Turned(503, words, Retry_After=seconds(LATER)) from None

    async def _take_each(self, groups: Sequence[Group]) -> Sequence[Mapping[str, object]]:
        """Take every group that can be; if one cannot, the source has to tell all of them again.

        What is told twice is one thing, so nothing is lost by that, and nothing doubled.
        """
        answers, broken = list[Mapping[str, object]](), list[Turned]()
        for group in groups:
            try:
                answers.append(await self._owned_up(self._take_one(group)))
            except Turned as turned:
                broken.append(turned)
        if broken:
            raise broken[0]
        return answers

    async def _take_one(self, group: Group) -> Mapping[str, object]:
        rest = self.inside.watchdogs.without(group)
        if rest is None:
            return {"key": group.key, "result": "watchdog", "incident": None}
        outcome = await self.inside.take(rest)
        return {"key": group.key, "result": outcome.result, "incident": outcome.incident}

    async def _owned_up(self, work: Awaitable[T]) -> T:
        """Return what it gives; a fault of ours is turned away with what my log calls it."""
        try:
            return await work
        except (Turned, Unavailable, TimeoutError):
            raise
        except Exception:
            reference = uuid.uuid4().hex[:8]
            log.exception("alerts failed", source=self.source.name, reference=reference)
            words = f"Something of mine broke; my log has it as {reference}. Tell me again."
            turned = Turned(500, words)
            turned.body["reference"] = reference
            raise turned from None


def parsed(raw: bytes) -> Any:
    """Read JSON, or turn it away."""
    try:
        return readable(json.loads(raw, parse_constant=_no_number))
    except (ValueError, RecursionError):
        raise Turned(400, f"The body is not JSON. {NOTHING}") from None


def _no_number(name: str) -> None:
    raise ValueError(name)


def _bears(request: web.Request, token: str) -> bool:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    same = hmac.compare_digest(given.strip().encode("utf-8", "replace"), token.encode())
    return same and scheme.lower() == "bearer"
