"""Delivery over HTTP: signed requests to the address the app was given."""

import hashlib
import hmac
import itertools
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout

from sandbox.transport import ACK_SECONDS, BAD_STATUS, TIMED_OUT, UNREACHABLE, Answer, Parcel
from sandbox.workspace import Workspace

SUCCESS = range(200, 300)
FORM = "application/x-www-form-urlencoded"


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return Slack's signature of a request body."""
    signed = f"v0:{timestamp}:".encode() + body
    return "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


class HttpDelivery:
    """Post payloads to the app's request URL; if there are several, to one after the other."""

    def __init__(self, workspace: Workspace, session: ClientSession) -> None:
        self.urls: list[str] = []
        self._turn = itertools.count()
        self._workspace = workspace
        self._session = session

    async def send(self, parcel: Parcel) -> Answer:
        """Deliver a parcel and wait for a 2xx."""
        clock = self._workspace.clock
        started = clock.now()
        answer = Answer(acked=False, ms=0, failure=UNREACHABLE)
        try:
            if self.urls:
                url = self.urls[next(self._turn) % len(self.urls)]
                answer = await clock.limit(self._post(url, parcel), ACK_SECONDS)
        except TimeoutError:
            answer = Answer(acked=False, ms=0, failure=TIMED_OUT)
        except ClientError:
            answer = Answer(acked=False, ms=0, failure=UNREACHABLE)
        ms = round((clock.now() - started) * 1000, 3)
        return Answer(
            answer.acked, ms, answer.status, answer.body, answer.failure, answer.wants_no_retry
        )

    async def _post(self, url: str, parcel: Parcel) -> Answer:
        content_type, body = _encoded(parcel)
        headers = {"Content-Type": content_type, **self._signed(body), **_retried(parcel)}
        async with self._session.post(
            url, data=body, headers=headers, allow_redirects=False, timeout=ClientTimeout(None)
        ) as response:
            acked = response.status in SUCCESS
            return Answer(
                acked=acked,
                ms=0,
                status=response.status,
                body=await _body(response),
                failure="" if acked else BAD_STATUS,
                wants_no_retry=response.headers.get("x-slack-no-retry") == "1",
            )

    def _signed(self, body: bytes) -> Mapping[str, str]:
        timestamp = str(int(self._workspace.clock.now()))
        return {
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._workspace.seed.signing_secret, timestamp, body),
        }


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
    text = await response.text()
    if response.content_type != "application/json" or not text:
        return text or None
    try:
        return json.loads(text)
    except ValueError:
        return text
