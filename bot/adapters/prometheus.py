"""The Metrics port: a Prometheus server, or whatever answers its queries."""

import asyncio
import math
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from prometheus_api_client import PrometheusConnect
from prometheus_api_client.exceptions import PrometheusApiClientException
from requests import PreparedRequest, RequestException, Response, Session
from urllib3 import Retry

from bot.domain.errors import Refused
from bot.ports import Unavailable
from bot.sources import Sample

from .threads import Threads

T = TypeVar("T")

AT_ONCE = 4
PATIENCE = timedelta(seconds=8)
CONNECT = timedelta(seconds=3)
BAD_QUERY = {400, 422}
LONGEST = 300  # characters of what it says


class Prometheus:
    """Asks by HTTP, with these headers, a few queries at a time; nothing is asked twice."""

    def __init__(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        patience: timedelta = PATIENCE,
        *,
        proxies: bool = True,
    ) -> None:
        self._patience = patience.total_seconds()
        self._limit = {"timeout": f"{self._patience:g}s"}  # the server gives up when we do
        self._threads = Threads("prometheus", AT_ONCE)
        session = Session()
        session.trust_env = proxies
        session.hooks["response"] = [_refused]
        session.auth = partial(_signed, headers or {})
        self._connection = PrometheusConnect(
            url.rstrip("/"),
            session=session,
            retry=Retry(total=0),
            timeout=(min(CONNECT, patience).total_seconds(), self._patience),
            method="POST",
        )

    async def now(self, query: str) -> Sequence[tuple[Mapping[str, str], float]]:
        """Return the labels and the value of each series that there is."""
        ask = partial(self._connection.custom_query, query, params=self._limit)
        return _read(_now, await self._ask(ask))

    async def during(
        self, query: str, begin: datetime, end: datetime, step: timedelta
    ) -> Sequence[Sample]:
        """Return the sum over all series at each step that has one."""
        ask = partial(
            self._connection.custom_query_range,
            query,
            start_time=begin,
            end_time=end,
            step=f"{step.total_seconds():g}",
            params=self._limit,
        )
        return _read(_during, await self._ask(ask))

    async def _ask(self, ask: Callable[[], Any]) -> Any:
        try:
            async with asyncio.timeout(self._patience):
                return await self._threads.run(ask)
        except TimeoutError as error:
            raise Unavailable("the metrics took too long to answer") from error
        except PrometheusApiClientException as error:
            msg = f"the metrics did not answer ({str(error).split(' (')[0]})"
            raise Unavailable(msg) from error
        except (RequestException, KeyError, TypeError, ValueError) as error:
            msg = f"the metrics did not answer ({type(error).__name__})"
            raise Unavailable(msg) from error


def _signed(headers: Mapping[str, str], request: PreparedRequest) -> PreparedRequest:
    request.headers.update(headers)
    return request


def _refused(response: Response, **_: object) -> None:
    """Refuse with the server's own words what it says is a bad query."""
    if response.status_code not in BAD_QUERY:
        return
    try:
        said = response.json()["error"]
    except (ValueError, KeyError, TypeError):
        return
    raise Refused("The metrics refuse the query: {quote}", quote=str(said)[:LONGEST])


def _read(read: Callable[[Any], T], answer: Any) -> T:
    try:
        return read(answer)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise Refused("The query gives something else than numbers.") from error


def _now(answer: Any) -> Sequence[tuple[Mapping[str, str], float]]:
    if answer and not isinstance(answer[0], Mapping):  # a plain number: its time, and it
        answer = [{"metric": {}, "value": answer}]
    found = [(series["metric"], float(series["value"][1])) for series in answer]
    return [(labels, value) for labels, value in found if math.isfinite(value)]


def _during(answer: Any) -> Sequence[Sample]:
    sums = dict[float, float]()
    for series in answer:
        for at, text in series["values"]:
            if math.isfinite(value := float(text)):
                sums[float(at)] = sums.get(float(at), 0.0) + value
    return [Sample(datetime.fromtimestamp(at, UTC), sums[at]) for at in sorted(sums)]
