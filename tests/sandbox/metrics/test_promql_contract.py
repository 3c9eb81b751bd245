"""The same queries of the same past: the sandbox answers what a real Prometheus answers."""

import math
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from aiohttp import ClientSession

from sandbox.clock import Clock
from sandbox.metrics.api import Api
from sandbox.metrics.listening import Listening
from sandbox.metrics.rules import Rules
from tests.prometheus import prometheus
from tests.sandbox.metrics.data import BEGAN, NOW, STEP, filled, openmetrics

pytestmark = pytest.mark.server
REQUESTS = "http_requests_total"
FAILED = f'sum(rate({REQUESTS}{{app="checkout",code=~"5.."}}[5m]))'
QUERIES = f"""
{FAILED}
sum(rate({REQUESTS}{{app="checkout"}}[5m]))
{FAILED} / sum(rate({REQUESTS}[5m])) > 0.02
{REQUESTS}
{REQUESTS}{{code!="200", pod=~"a|b"}}
{REQUESTS}{{code!~"5.*"}} offset 10m
{REQUESTS} offset -10m
{{__name__=~"up|odd"}}
{{pod="a"}}
up == 0
up == bool 0
(up) == 0
rate({REQUESTS}[1m])
rate({REQUESTS}[20s])
irate({REQUESTS}[5m])
increase({REQUESTS}[10m])
increase({REQUESTS}[31m] offset 3m)
delta(memory_bytes[10m])
idelta(memory_bytes[10m])
deriv(memory_bytes[10m])
predict_linear(memory_bytes[10m], 3600)
changes(sparse[15m])
resets({REQUESTS}{{pod="a"}}[50m])
avg_over_time(memory_bytes[5m])
min_over_time(memory_bytes[5m])
max_over_time(memory_bytes[5m])
sum_over_time(sparse[5m])
count_over_time(up[7m])
stddev_over_time(memory_bytes[5m])
stdvar_over_time(sparse[5m])
quantile_over_time(0.9, memory_bytes[5m])
last_over_time(sparse[5m])
present_over_time(sparse[5m])
absent_over_time(nothing{{a="b"}}[5m])
max_over_time(rate({REQUESTS}[1m])[10m:30s])
avg_over_time(up[10m:])
rate({REQUESTS}[5m:1m] offset 2m)
sum by (pod) ({REQUESTS})
sum({REQUESTS}) without (code, app)
avg by (code) ({REQUESTS})
min({REQUESTS}) by (app)
max without (pod) ({REQUESTS})
count by (zone) (pod_info)
group by (zone) (pod_info)
stddev by (code) ({REQUESTS})
stdvar({REQUESTS})
count_values("value", up)
quantile(0.5, {REQUESTS})
quantile(2, {REQUESTS})
topk(2, memory_bytes)
bottomk(1, memory_bytes) by (pod)
topk(0, memory_bytes)
sum(nothing)
max(odd)
min(odd{{is=~"nan|inf"}})
topk(9, odd)
memory_bytes / 1024 / 1024
memory_bytes * 2 ^ 3 ^ 0.5 % 7 - -1
-memory_bytes
- 2 ^ 2
2 ^ 3 ^ 2
1 + 1
7 % -3
1 / 0
-1 / 0
0 / 0
1 > bool 2
vector(1) / 0
vector(1)
scalar(up{{instance="a"}}) + 1
scalar(up)
time() - 5
time() - timestamp(sparse)
timestamp(up + 0)
hour()
day_of_week(vector(1700000000))
minute(vector(1700000000))
month(vector(1700000000))
year(vector(1700000000)) + days_in_month(vector(1700000000)) + day_of_month(vector(1700000000))
abs(odd)
ceil(sparse)
floor(sparse)
round(sparse, 0.1)
round(odd)
sgn(odd)
exp(sparse)
ln(sparse)
log2(memory_bytes)
log10(odd)
sqrt(sparse)
clamp(memory_bytes, 110000000, 120000000)
clamp_min(odd, 0)
clamp_max(odd, 0)
clamp(odd, 1, 0)
sort(memory_bytes)
sort_desc(odd)
absent(up)
absent(nothing{{job="shop", pod=~"a.*"}})
absent(sum(nothing))
histogram_quantile(0.95, sum by (le) (rate(latency_seconds_bucket[5m])))
histogram_quantile(0.5, latency_seconds_bucket)
histogram_quantile(0.999, rate(latency_seconds_bucket[5m]))
histogram_quantile(-1, latency_seconds_bucket)
histogram_quantile(0.5, latency_seconds_bucket{{le!="+Inf"}})
memory_bytes * on (pod) group_left (zone) pod_info
pod_info * on (pod) group_right (zone) memory_bytes
{REQUESTS} / on (pod) group_left () memory_bytes
{REQUESTS} / ignoring (code, app) group_left pod_info
sum by (pod) ({REQUESTS}) / on (pod) memory_bytes
memory_bytes > 1.2e8
memory_bytes > on (pod) sum by (pod) ({REQUESTS})
1e8 < memory_bytes
memory_bytes >= bool 1.2e8
memory_bytes and on (pod) pod_info{{zone="north"}}
memory_bytes unless on (pod) pod_info{{zone="north"}}
memory_bytes or pod_info
up{{instance="a"}} or up
vector(2) or up
label_replace(up, "pod", "$1-$0", "instance", "(.*)")
label_replace(up, "job", "", "instance", "a")
label_replace(up, "pod", "${{name}}x", "instance", "(?P<name>[ab])")
label_join(up, "both", "-", "job", "instance")
1 atan2 vector(2)
odd != odd
odd == odd
sum(odd)
avg(odd{{is!="nan"}})
0x1F + 1e3 + .5 + Inf
SUM(up) BY (job)
up{{job="sh\\u006fp"}}
up{{job='shop'}} # all of it
up @ {BEGAN + 600}
rate({REQUESTS}[5m] @ {BEGAN + 900})
up @ end()
"words"
{REQUESTS}{{pod="b"}}[1m] offset 25m
up[5m:1m]
avg_over_time(memory_bytes[1h30m])
a and b or c
"""
WRONG = f"""
sum(rate
sum(rate({REQUESTS}))
rate({REQUESTS})
rate(up[5m]
up{{
up{{job=shop}}
up{{job=~"("}}
up{{job=~"(?=a)"}}
up{{job=~"a*+"}}
up{{job=~"(a)\\\\1"}}
{{}}
{{job=~".*"}}
up{{job="a"
up[5m
up[0s]
up[5m] + 1
up[5m][5m]
sum(up)[5m]
up offset
up offset 5m offset 6m
1 > 2
1 and 2
up and 1
up + on (job
up + bool up
up == "words"
"a" + "b"
nosuch(up)
sum()
sum(1)
topk(up)
topk("a", up)
round(up, 1, 2)
time(1)
label_replace(up, "a")
up up
)
(
1 +
!
"unfinished
up{{__name__="down"}}
rate(up[5m], )
5m
1abc
-"a"
up @ nothing
sum by (a-b) (up)
up and on (job) group_left up
label_replace(up, "bad-name", "", "", "")
label_replace(up, "a", "", "", "(")
label_replace(up, "instance", "", "instance", ".*")
up + on (job) up
up * on (zone) group_left pod_info
{REQUESTS} / on (pod) memory_bytes
{{__name__=~"up|pod_info"}} * 2 + on () vector(1)
-{{pod="a",code=""}}
"""


def queries(text: str) -> list[str]:
    return [line for line in text.strip().splitlines() if line]


@pytest.fixture(scope="module")
def real() -> Iterator[str]:
    with prometheus("global: {}\n", past=openmetrics()) as url:
        yield url


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


@pytest.fixture
async def ours() -> AsyncIterator[str]:
    store = filled()
    async with Listening(Api(store, Rules(store, (), str), Clock()).application()) as server:
        yield server.url


async def asked(http: ClientSession, url: str, path: str, **given: str) -> tuple[int, Any]:
    async with http.post(f"{url}/api/v1/{path}", data=given) as answer:
        return answer.status, await answer.json()


def alike(found: Any, expected: Any) -> bool:
    """Tell whether two answers are the same but for the last digits of their numbers."""
    if isinstance(found, list) and isinstance(expected, list):
        return len(found) == len(expected) and all(map(alike, found, expected))
    if isinstance(found, dict) and isinstance(expected, dict):
        return found.keys() == expected.keys() and all(
            alike(found[key], expected[key]) for key in found
        )
    if isinstance(found, str) and isinstance(expected, str):
        return found == expected or close(found, expected)
    return bool(found == expected)


def close(found: str, expected: str) -> bool:
    try:
        one, two = float(found), float(expected)
    except ValueError:
        return False
    return math.isclose(one, two, rel_tol=1e-9, abs_tol=1e-12)


def ordered(data: Any, query: str) -> Any:
    """Return an answer with its series in the order of their labels, unless it has one."""
    if data.get("resultType") in {"vector", "matrix"} and not query.startswith(("sort", "topk")):
        data["result"].sort(key=lambda series: sorted(series["metric"].items()))
    return data


@pytest.mark.parametrize("query", queries(QUERIES))
async def test_queries_have_the_same_answers(
    query: str, real: str, ours: str, http: ClientSession
) -> None:
    for at in (NOW, NOW - 1200.5, BEGAN + 60, NOW + 300, NOW + 301):
        given = {"query": query, "time": str(at)}
        (_, found), (status, expected) = [
            await asked(http, url, "query", **given) for url in (ours, real)
        ]
        assert status == 200, expected
        assert found["status"] == "success", found
        assert alike(ordered(found["data"], query), ordered(expected["data"], query)), at


@pytest.mark.parametrize("query", queries(QUERIES))
async def test_queries_have_the_same_answers_over_time(
    query: str, real: str, ours: str, http: ClientSession
) -> None:
    stretch = {"start": str(BEGAN - 60), "end": str(NOW + 400), "step": "97"}
    answers = [
        await asked(http, url, "query_range", query=query, **stretch) for url in (ours, real)
    ]
    (status, found), (expected_status, expected) = answers
    assert status == expected_status
    assert alike(found, expected)


@pytest.mark.parametrize("query", queries(WRONG))
async def test_what_is_refused_is_refused_as_the_same_kind_of_mistake(
    query: str, real: str, ours: str, http: ClientSession
) -> None:
    (status, found), (expected_status, expected) = [
        await asked(http, url, "query", query=query, time=str(NOW - STEP)) for url in (ours, real)
    ]
    assert (status, found.get("errorType")) == (expected_status, expected.get("errorType")), (
        found,
        expected,
    )
    assert found["status"] == "error"
    assert found["error"]
