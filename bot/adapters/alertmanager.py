"""The Silencer port: an Alertmanager, by its API v2."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from http import HTTPStatus
from typing import Any

import aiohttp
from yarl import URL

from bot.domain.errors import Refused
from bot.ports import Unavailable
from bot.sources import Silence

PATIENCE = aiohttp.ClientTimeout(total=10)
AT_ONCE = "2000-01-01T00:00:00Z"  # it begins now by its own clock, whatever ours says
LONGEST = 300  # characters of what it says
OVER = {"expired"}
BAD_WISH = {HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY}


class Alertmanager:
    """Asks by HTTP, with these headers; a cluster of them shares what one is told."""

    def __init__(self, url: str, headers: Mapping[str, str] | None = None) -> None:
        self._url = URL(url.rstrip("/") + "/api/v2/")
        self._headers = headers

    async def silence(
        self, labels: Mapping[str, str], until: datetime, by: str, comment: str
    ) -> str:
        """Keep alerts with exactly these labels quiet, and return what it is called."""
        wanted = {
            "matchers": [
                {"name": name, "value": value, "isRegex": False, "isEqual": True}
                for name, value in labels.items()
            ],
            "startsAt": AT_ONCE,
            "endsAt": until.isoformat(),
            "createdBy": by,
            "comment": comment,
        }
        async with self._asked("POST", "silences", json=wanted) as response:
            return str((await _given(response))["silenceID"])

    async def silences(self) -> Sequence[Silence]:
        """Return what is kept quiet now."""
        async with self._asked("GET", "silences") as response:
            given = await _given(response)
            return [
                Silence(s["id"], datetime.fromisoformat(s["endsAt"]), s["comment"])
                for s in given
                if s["status"]["state"] not in OVER
            ]

    async def lift(self, silence: str) -> None:
        """End it; one that has ended stays so."""
        if silence in {s.id for s in await self.silences()}:
            async with self._asked("DELETE", f"silence/{silence}") as response:
                await _given(response)

    @asynccontextmanager
    async def _asked(
        self, method: str, path: str, **given: Any
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        try:
            async with (
                aiohttp.ClientSession(
                    timeout=PATIENCE, trust_env=True, headers=self._headers
                ) as session,
                session.request(
                    method, self._url / path, allow_redirects=False, **given
                ) as response,
            ):
                yield response
        except TimeoutError as error:
            raise Unavailable("Alertmanager took too long to answer") from error
        except (aiohttp.ClientError, KeyError, TypeError, ValueError) as error:
            msg = f"Alertmanager did not answer as it should ({type(error).__name__})"
            raise Unavailable(msg) from error


async def _given(response: aiohttp.ClientResponse) -> Any:
    """Return what was answered; raise what it says of itself if it is not that."""
    if response.status in BAD_WISH:
        said = await response.json(content_type=None)
        words = said["message"] if isinstance(said, Mapping) else said
        raise Refused("Alertmanager refuses it: {quote}", quote=str(words)[:LONGEST])
    if response.status != HTTPStatus.OK:
        msg = f"Alertmanager did not take it (HTTP {response.status})"
        raise Unavailable(msg)
    return await response.json() if response.content_type == "application/json" else None
