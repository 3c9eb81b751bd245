"""What every Metrics promises, and what a real server may do to the real one."""

import asyncio
import math
import re
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.adapters.clock import SystemClock
from bot.adapters.prometheus import AT_ONCE, Prometheus
from bot.domain.errors import Refused
from bot.ports import Unavailable
from bot.sources import Metrics, Sample
from sandbox.clock import Clock
from sandbox.metrics.api import Api
from sandbox.metrics.listening import Listening
from sandbox.metrics.rules import Rules
from sandbox.metrics.series import Store
from tests.fakes.sources import FakeMetrics
from tests.prometheus import ON_PROMETHEUS, prometheus

MINUTE = timedelta(minutes=1)
BEGAN = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=20)
BAD = "sum(rate"
PAST = [
    "# TYPE failing gauge",
    *(
        f'failing{{pod="{pod}"}} {value(minute)} {(BEGAN + minute * MINUTE).timestamp():.0f}'
        for pod, value in (("a", float), ("b", lambda _: 2.0), ("c", lambda _: math.nan))
        for minute in range(30)
        if pod != "b" or minute >= 10
    ),
]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with prometheus(past=PAST) as url:
        yield url


@asynccontextmanager
async def production() -> AsyncIterator[str]:
    """Give the address of the sandbox's Prometheus, with the same past."""
    store = Store()
    for line in PAST[1:]:
        pod, value, at = re.findall(r'"(.)"} (\S+) (\S+)', line)[0]
        store.append("failing", {"pod": pod}, float(at), float(value))
    rules = Rules(store, (), lambda: "")
    async with Listening(Api(store, rules, Clock()).application()) as server:
        yield server.url


@pytest.fixture(params=["memory", "sandbox", ON_PROMETHEUS])
async def metrics(request: pytest.FixtureRequest) -> AsyncIterator[Metrics]:
    if request.param == "prometheus":
        yield Prometheus(request.getfixturevalue("address"))
    elif request.param == "sandbox":
        async with production() as url:
            yield Prometheus(url)
    else:
        yield in_memory()


def in_memory() -> Metrics:
    metrics = FakeMetrics(SystemClock())

    def minute(at: datetime) -> float | None:
        found = (at - BEGAN) / MINUTE
        return float(int(found)) if found >= 0 else None

    metrics.gives(
        "failing",
        ({"__name__": "failing", "pod": "a"}, minute),
        ({"__name__": "failing", "pod": "b"}, lambda at: 2.0 if (minute(at) or 0) >= 10 else None),
        ({"__name__": "failing", "pod": "c"}, lambda _: math.nan),
    )
    metrics.gives("1 + 1", ({}, lambda _: 2.0))
    metrics.gives("vector(1) / 0", ({}, lambda _: math.inf))
    metrics.troubles[BAD] = Refused("The metrics refuse the query: {quote}", quote="parse error")
    return metrics


async def test_each_series_that_there_is_has_a_value_now(metrics: Metrics) -> None:
    found = {labels["pod"]: value for labels, value in await metrics.now("failing")}
    assert set(found) == {"a", "b"}
    assert 20 <= found["a"] <= 22
    assert found["b"] == 2
    assert await metrics.now("nothing_of_that_name") == []
    assert [value for _, value in await metrics.now("1 + 1")] == [2.0]
    assert list(await metrics.now("vector(1) / 0")) == []


async def test_over_time_there_is_the_sum_of_all_series_where_there_is_any(
    metrics: Metrics,
) -> None:
    begin = BEGAN - 2 * MINUTE
    found = await metrics.during("failing", begin, BEGAN + 11 * MINUTE, MINUTE)
    sums = [*map(float, range(10)), 12.0, 13.0]
    assert found == [Sample(BEGAN + i * MINUTE, total) for i, total in enumerate(sums)]


async def test_a_bad_query_is_refused(metrics: Metrics) -> None:
    with pytest.raises(Refused, match="parse error"):
        await metrics.now(BAD)
    with pytest.raises(Refused, match="parse error"):
        await metrics.during(BAD, BEGAN, BEGAN + MINUTE, MINUTE)


@pytest.mark.parametrize("query", ["failing[5m]", '"words"'])
async def test_what_gives_no_numbers_is_refused_in_the_sandbox(query: str) -> None:
    async with production() as url:
        with pytest.raises(Refused, match="something else than numbers"):
            await Prometheus(url).now(query)


@pytest.mark.server
@pytest.mark.parametrize("query", ["failing[5m]", '"words"'])
async def test_what_gives_no_numbers_is_refused(address: str, query: str) -> None:
    with pytest.raises(Refused, match="something else than numbers"):
        await Prometheus(address).now(query)


@asynccontextmanager
async def answering(answer: web.Response | None, seen: list[web.Request]) -> AsyncIterator[str]:
    """Give an address that answers always the same; None never answers."""

    async def respond(request: web.Request) -> web.Response:
        seen.append(request)
        if answer is None:
            await asyncio.Event().wait()
        return answer or web.Response()

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", respond)
    async with TestServer(app, shutdown_timeout=0) as server:
        yield str(server.make_url("/prefix/"))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (web.json_response({"error": "query timed out"}, status=503), "HTTP Status Code 503"),
        (web.Response(status=401), "HTTP Status Code 401"),
        (web.Response(status=400, text="<html>"), "HTTP Status Code 400"),
        (web.json_response(["what"], status=400), "HTTP Status Code 400"),
        (web.Response(text="<html>"), "JSONDecodeError"),
        (web.json_response({"status": "success"}), "KeyError"),
        (web.json_response([]), "TypeError"),
    ],
)
async def test_whatever_else_goes_wrong_is_unavailable_and_asked_once(
    answer: web.Response, said: str
) -> None:
    seen = list[web.Request]()
    async with answering(answer, seen) as url:
        with pytest.raises(Unavailable, match=said):
            await Prometheus(url).now("up")
    assert [request.path for request in seen] == ["/prefix/api/v1/query"]


async def test_nobody_there_is_unavailable() -> None:
    with pytest.raises(Unavailable, match="ConnectionError"):
        await Prometheus("http://127.0.0.1:1").now("up")


async def test_it_says_who_it_is_whatever_the_machine_knows_of_that_host(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login other password other\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    seen = list[web.Request]()
    async with answering(web.json_response({"data": {"result": []}}), seen) as url:
        assert await Prometheus(url, {"Authorization": "Bearer t0k"}).now("up") == []
    assert seen[0].headers["Authorization"] == "Bearer t0k"


async def test_calls_that_were_given_up_never_become_many() -> None:
    seen = list[web.Request]()
    async with answering(None, seen) as url:
        metrics = Prometheus(url, patience=timedelta(seconds=0.5))
        calls = [asyncio.ensure_future(metrics.now("up")) for _ in range(50)]
        await asyncio.wait(calls, timeout=0.1)
        for call in calls[::2]:
            call.cancel()
        asked = await asyncio.gather(*calls, return_exceptions=True)
        busy = [t for t in threading.enumerate() if t.name == "prometheus"]
        for thread in busy:  # who connects while the server goes is nobody's to close
            await asyncio.to_thread(thread.join, 5)
    assert {type(error) for error in asked[1::2]} == {Unavailable}
    assert len(busy) <= AT_ONCE
    assert len(seen) <= 2 * AT_ONCE  # each place was free again once
    assert not any(thread.is_alive() for thread in busy)
