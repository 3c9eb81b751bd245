"""The APIs around the queries: the sandbox answers as a real Prometheus and Alertmanager do."""

import random
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientSession

from sandbox.clock import Clock
from sandbox.metrics.alertmanager import Receiver
from sandbox.metrics.api import Api
from sandbox.metrics.listening import Listening
from sandbox.metrics.monitoring import Monitoring
from sandbox.metrics.routing import Route
from sandbox.metrics.rules import Rules
from sandbox.metrics.series import Store
from tests.prometheus import alertmanager, prometheus
from tests.sandbox.metrics.data import BEGAN, NOW, filled, openmetrics

pytestmark = pytest.mark.server
SPAN = {"start": str(BEGAN), "end": str(NOW)}
ASKED: list[tuple[str, Mapping[str, str]]] = [
    ("query", {}),
    ("query", {"query": "up", "time": "soon"}),
    ("query", {"query": "up", "time": "2025-10-09T09:00:00Z"}),
    ("query", {"query": "up", "time": str(NOW), "timeout": "8s"}),
    ("query", {"query": "up", "time": str(NOW), "timeout": "soon"}),
    ("query_range", {"query": "up", **SPAN}),
    ("query_range", {"query": "up", **SPAN, "step": "0"}),
    ("query_range", {"query": "up", **SPAN, "step": "-5m"}),
    ("query_range", {"query": "up", **SPAN, "step": "5m"}),
    ("query_range", {"query": "up", **SPAN, "step": "0.1"}),
    ("query_range", {"query": "up", "start": str(NOW), "end": str(BEGAN), "step": "5"}),
    ("query_range", {"query": "up", "end": str(NOW), "step": "5"}),
    ("labels", SPAN),
    ("labels", {**SPAN, "match[]": "pod_info"}),
    ("label/pod/values", SPAN),
    ("label/__name__/values", SPAN),
    ("label/pod/values", {**SPAN, "match[]": 'pod_info{zone="south"}'}),
    ("label/nothing/values", SPAN),
    ("label/a-b/values", SPAN),
    ("series", SPAN),
    ("series", {**SPAN, "match[]": "pod_info"}),
    ("series", {**SPAN, "match[]": "pod_info{"}),
    ("series", {**SPAN, "match[]": "pod_info[5m]"}),
    ("alerts", {}),
    ("rules", {}),
]


@pytest.fixture(scope="module")
def real() -> Iterator[str]:
    with prometheus("global: {}\n", past=openmetrics()) as url:
        yield url


@pytest.fixture(scope="module")
def really_quiet() -> Iterator[str]:
    with alertmanager() as url:
        yield url


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


@pytest.mark.parametrize(("path", "given"), ASKED)
async def test_prometheus_api(
    path: str, given: Mapping[str, str], real: str, http: ClientSession
) -> None:
    store = filled()
    found = list[tuple[int, Any]]()
    async with Listening(Api(store, Rules(store, (), str), Clock()).application()) as ours:
        for url in (ours.url, real):
            async with http.get(f"{url}/api/v1/{path}", params=given) as answer:
                found.append((answer.status, without_words(await answer.json())))
    assert found[0] == found[1]


def without_words(body: dict[str, Any]) -> dict[str, Any]:
    """Return it with no more of an error's words than which parameter they are about."""
    return {**body, "error": body["error"].split(":")[0]} if "error" in body else body


@asynccontextmanager
async def quiet() -> AsyncIterator[str]:
    """Give the address of the sandbox's Alertmanager."""
    nobody, chance = Receiver("http://127.0.0.1:1"), random.Random(3)
    async with Monitoring(Clock(), Store(), (), Route(), nobody, chance=chance) as found:
        yield found.alertmanager_url


def silence(**changed: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    told = {
        "matchers": [{"name": "alertname", "value": "Down", "isRegex": False, "isEqual": True}],
        "startsAt": now.isoformat(),
        "endsAt": (now + timedelta(hours=1)).isoformat(),
        "createdBy": "ana",
        "comment": "known",
        **changed,
    }
    return {key: value for key, value in told.items() if value is not None}


NOBODY = "00000000-0000-4000-8000-000000000000"
POSTED: list[Any] = [
    {},
    [],
    silence(comment=None),
    silence(matchers=[]),
    silence(matchers=[{"name": "a", "value": "", "isRegex": False}]),
    silence(matchers=[{"name": "a", "value": ".*", "isRegex": True}]),
    silence(matchers=[{"name": "a", "value": "(", "isRegex": True}]),
    silence(matchers=[{"name": "a-b", "value": "c", "isRegex": False}]),
    silence(matchers=[{"name": "a", "value": "c"}]),
    silence(endsAt="2020-01-01T00:00:00Z"),
    silence(endsAt="soon"),
    silence(startsAt="2999-01-01T00:00:00Z"),
    silence(id=NOBODY),
    silence(),
]


@pytest.mark.parametrize("body", POSTED)
async def test_silences_are_taken_and_refused_alike(
    body: Any, really_quiet: str, http: ClientSession
) -> None:
    found = list[tuple[int, str]]()
    async with quiet() as ours:
        for url in (ours, really_quiet):
            async with http.post(f"{url}/api/v2/silences", json=body) as answer:
                told = await answer.json()
                found.append((answer.status, type(told).__name__))
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "silence/nonsense"),
        ("GET", f"silence/{NOBODY}"),
        ("DELETE", f"silence/{NOBODY}"),
        ("DELETE", "silence/nonsense"),
        ("GET", "alerts"),
        ("GET", "alerts?filter=nonsense"),
        ("GET", "alerts/groups"),
        ("GET", "silences?filter=a%3Db"),
        ("GET", "nothing"),
    ],
)
async def test_alertmanager_api(
    method: str, path: str, really_quiet: str, http: ClientSession
) -> None:
    statuses = list[int]()
    async with quiet() as ours:
        for url in (ours, really_quiet):
            async with http.request(method, f"{url}/api/v2/{path}") as answer:
                statuses.append(answer.status)
    assert statuses[0] == statuses[1]


async def test_a_silence_looks_alike(really_quiet: str, http: ClientSession) -> None:
    looks = list[Any]()
    async with quiet() as ours:
        for url in (ours, really_quiet):
            async with http.post(f"{url}/api/v2/silences", json=silence()) as answer:
                id_ = (await answer.json())["silenceID"]
            async with http.get(f"{url}/api/v2/silence/{id_}") as answer:
                told = await answer.json()
            looks.append({**told, **dict.fromkeys(("id", "startsAt", "endsAt", "updatedAt"))})
    assert looks[0] == looks[1]
