"""What every Silencer promises, and what a real server may do to the real one."""

import random
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from bot.adapters.alertmanager import Alertmanager
from bot.adapters.clock import SystemClock
from bot.domain.errors import Refused
from bot.ports import Unavailable
from bot.sources import Silencer
from sandbox.clock import Clock
from sandbox.metrics.alertmanager import Receiver
from sandbox.metrics.monitoring import Monitoring
from sandbox.metrics.routing import Route
from sandbox.metrics.series import Store
from tests.adapters.test_metrics_contract import answering
from tests.fakes.sources import FakeSilencer
from tests.prometheus import ON_ALERTMANAGER, alertmanager

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with alertmanager() as url:
        yield url


@pytest.fixture(params=["memory", "sandbox", ON_ALERTMANAGER])
async def silencer(request: pytest.FixtureRequest) -> AsyncIterator[Silencer]:
    if request.param == "alertmanager":
        yield Alertmanager(request.getfixturevalue("address"))
    elif request.param == "sandbox":
        nobody, chance = Receiver("http://127.0.0.1:1"), random.Random(1)
        async with Monitoring(Clock(), Store(), (), Route(), nobody, chance=chance) as monitoring:
            yield Alertmanager(monitoring.alertmanager_url)
    else:
        yield FakeSilencer(SystemClock())


def in_an_hour() -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + HOUR


async def test_a_silence_is_there_until_it_is_lifted(silencer: Silencer) -> None:
    until = in_an_hour()
    labels = {"alertname": "Down", "path": 'a"b\\c{}é'}
    one = await silencer.silence(labels, until, "UANA", "INC-1 & <more>")
    two = await silencer.silence(labels, until + HOUR, "UANA", "INC-2")
    kept = {s.id: (s.until, s.comment) for s in await silencer.silences()}
    assert kept[one] == (until, "INC-1 & <more>")
    assert kept[two] == (until + HOUR, "INC-2")
    await silencer.lift(one)
    left = {s.id for s in await silencer.silences()}
    assert two in left
    assert one not in left


async def test_what_has_ended_or_never_was_may_be_lifted(silencer: Silencer) -> None:
    one = await silencer.silence({"alertname": "Down"}, in_an_hour(), "UANA", "INC-1")
    for name in (one, one, "nonsense", "00000000-0000-0000-0000-000000000000"):
        await silencer.lift(name)
    assert one not in {s.id for s in await silencer.silences()}


@pytest.mark.parametrize(
    ("labels", "until"), [({}, HOUR), ({"alertname": ""}, HOUR), ({"alertname": "Down"}, -HOUR)]
)
async def test_a_silence_of_everything_or_of_the_past_is_refused(
    silencer: Silencer, labels: dict[str, str], until: timedelta
) -> None:
    with pytest.raises(Refused, match="Alertmanager refuses it"):
        await silencer.silence(labels, datetime.now(UTC) + until, "UANA", "INC-1")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (web.Response(status=503), "HTTP 503"),
        (web.Response(status=401), "HTTP 401"),
        (web.Response(status=302, headers={"Location": "/login"}), "HTTP 302"),
        (web.Response(text="<html>"), "did not answer as it should"),
        (web.Response(status=400, text="<html>"), "did not answer as it should"),
        (web.json_response({"what": 1}), "did not answer as it should"),
    ],
)
async def test_whatever_else_goes_wrong_is_unavailable_and_asked_once(
    answer: web.Response, said: str
) -> None:
    seen = list[web.Request]()
    async with answering(answer, seen) as url:
        silencer = Alertmanager(url, {"Authorization": "Bearer t0k"})
        with pytest.raises(Unavailable, match=said):
            await silencer.silence({"alertname": "Down"}, in_an_hour(), "UANA", "INC-1")
    assert [request.path for request in seen] == ["/prefix/api/v2/silences"]
    assert seen[0].headers["Authorization"] == "Bearer t0k"


async def test_nobody_there_is_unavailable() -> None:
    with pytest.raises(Unavailable, match="ClientConnectorError"):
        await Alertmanager("http://127.0.0.1:1").silences()
