"""Delivery over HTTP: signed requests to the addresses the app was given."""

import hashlib
import hmac
import itertools
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout

from sandbox.deliveries.transport import (
    ACK_SECONDS,
    BAD_STATUS,
    REDIRECTED,
    TIMED_OUT,
    UNREACHABLE,
    Answer,
    Parcel,
)
from sandbox.wire import parsed
from sandbox.workspace import Workspace

SUCCESS = range(200, 300)
MOVED = {301, 302, 307, 308}
MOST_REDIRECTS = 2
FORM = "application/x-www-form-urlencoded"
THIS_MACHINE = {"127.0.0.1", "localhost"}


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return Slack's signature of a request body."""
    signed = f"v0:{timestamp}:".encode() + body
    return "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


@dataclass(slots=True)
class Addresses:
    """Where the app takes what; of several for the same, each has its turn.

    Where an address of its own is not given, `events` stands for `commands` and
    `interactivity`, and `interactivity` for `options`.
    """

    events: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    interactivity: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)

    def of(self, parcel: Parcel) -> list[str]:
        """Return the addresses for this payload."""
        if parcel.kind == "slash_commands":
            return self.commands or self.events
        if parcel.kind == "interactive":
            asks = parcel.payload.get("type") == "block_suggestion"
            return (asks and self.options) or self.interactivity or self.events
        return self.events


class HttpDelivery:
    """Post payloads to the app's request URLs; if there are several, to one after the other."""

    def __init__(self, workspace: Workspace, session: ClientSession) -> None:
        self.addresses = Addresses()
        self._turn = itertools.count()
        self._workspace = workspace
        self._session = session

    async def send(self, parcel: Parcel) -> Answer:
        """Deliver a parcel and wait for a 2xx."""
        clock = self._workspace.clock
        started = clock.now()
        answer = Answer(acked=False, ms=0, failure=UNREACHABLE)
        urls = self.addresses.of(parcel)
        try:
            if urls and parcel.cut != "before":
                url = urls[next(self._turn) % len(urls)]
                answer = await clock.limit(self._post(url, parcel), ACK_SECONDS)
        except TimeoutError:
            answer = Answer(acked=False, ms=0, failure=TIMED_OUT)
        except ClientError:
            answer = Answer(acked=False, ms=0, failure=UNREACHABLE)
        if parcel.cut == "after":
            answer = Answer(acked=False, ms=0, failure=UNREACHABLE)
        if parcel.loses_ack and answer.acked:
            await clock.sleep(started + ACK_SECONDS - clock.now())
            answer = Answer(acked=False, ms=0, failure=TIMED_OUT)
        return replace(answer, ms=round((clock.now() - started) * 1000, 3))

    async def verify(self, url: str) -> str:
        """Challenge a new address as Slack does; return what is wrong with it, if anything."""
        challenge = secrets.token_urlsafe(32)
        payload = {"challenge": challenge, "type": "url_verification"}
        payload["token"] = "sandbox-verification-token"
        try:
            posting = self._post(url, Parcel("events_api", payload))
            answer = await self._workspace.clock.limit(posting, ACK_SECONDS)
        except TimeoutError:
            return "no answer within 3 seconds"
        except ClientError as error:
            return f"the address cannot be reached: {type(error).__name__}"
        if answer.status != 200:  # noqa: PLR2004 - Slack asks for this one
            return f"the answer has status {answer.status}, not 200"
        return "" if _challenge(answer.body) == challenge else "the answer is not the challenge"

    async def _post(self, url: str, parcel: Parcel) -> Answer:
        content_type, body = _encoded(parcel)
        headers = {"Content-Type": content_type, **self._signed(body), **_retried(parcel)}
        status = None
        for _ in range(MOST_REDIRECTS + 1):
            async with self._session.post(
                url, data=body, headers=headers, allow_redirects=False, timeout=ClientTimeout(None)
            ) as response:
                if response.status not in MOVED:
                    return await _answer(response)
                status = response.status
                url = urljoin(url, response.headers.get("Location", ""))
                if urlsplit(url).hostname not in THIS_MACHINE:
                    return Answer(acked=False, ms=0, status=status, failure=UNREACHABLE)
        return Answer(acked=False, ms=0, status=status, failure=REDIRECTED)

    def _signed(self, body: bytes) -> Mapping[str, str]:
        timestamp = str(int(self._workspace.clock.now()))
        return {
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._workspace.seed.signing_secret, timestamp, body),
        }


async def _answer(response: ClientResponse) -> Answer:
    acked = response.status in SUCCESS
    return Answer(
        acked=acked,
        ms=0,
        status=response.status,
        body=await _body(response),
        failure="" if acked else BAD_STATUS,
        wants_no_retry=response.headers.get("x-slack-no-retry") == "1",
    )


def _encoded(parcel: Parcel) -> tuple[str, bytes]:
    if parcel.kind == "events_api":
        return "application/json", json.dumps(parcel.payload).encode()
    if parcel.kind == "slash_commands":
        return FORM, urlencode(parcel.payload).encode()
    return FORM, urlencode({"payload": json.dumps(parcel.payload)}).encode()


def _retried(parcel: Parcel) -> Mapping[str, str]:
    if not parcel.retry:
        return {}
    return {
        "X-Slack-Retry-Num": str(parcel.retry),
        "X-Slack-Retry-Reason": parcel.retry_reason,
    }


async def _body(response: ClientResponse) -> Any:
    text = (await response.read()).decode(errors="replace")
    if response.content_type != "application/json" or not text:
        return text or None
    try:
        return parsed(text)
    except ValueError:
        return text


def _challenge(body: object) -> str:
    if isinstance(body, dict):
        return str(body.get("challenge", ""))
    text = body.strip() if isinstance(body, str) else ""
    found: Sequence[str] = parse_qs(text).get("challenge", [text])
    return found[0]
