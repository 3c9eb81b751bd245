"""The small adapters: webhook, log, telemetry, clock, logs."""

import io
import json
import logging
from datetime import UTC, datetime, timedelta

import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.adapters import logs
from bot.adapters.clock import SystemClock
from bot.adapters.log import LogNotifier
from bot.adapters.telemetry import Counted
from bot.adapters.webhook import Webhook
from bot.ports import Unavailable


@pytest.mark.parametrize("status", [200, 500])
async def test_the_operators_webhook_is_told_or_says_that_it_was_not(status: int) -> None:
    told: list[object] = []

    async def receive(request: web.Request) -> web.Response:
        told.append(await request.json())
        return web.Response(status=status)

    app = web.Application()
    app.router.add_post("/alarm", receive)
    async with TestServer(app) as server:
        webhook = Webhook(str(server.make_url("/alarm")))
        if status == 200:
            await webhook.alarm("no connection")
        else:
            with pytest.raises(Unavailable, match="did not take it"):
                await webhook.alarm("no connection")
    assert told == [{"text": "no connection"}]


async def test_a_webhook_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        await Webhook("http://127.0.0.1:1/").alarm("no connection")


async def test_without_a_webhook_the_log_is_told(logged: io.StringIO) -> None:
    await LogNotifier().alarm("no connection")
    line = json.loads(logged.getvalue())
    assert (line["level"], line["trouble"]) == ("critical", "no connection")


def test_what_happens_is_counted() -> None:
    counted = Counted()
    counted.handled("click", "acknowledged", 0.004)
    counted.paid("card", "paid")
    counted.ready(ready=True)
    page = counted.page().decode()
    assert (
        'responder_payload_seconds_bucket{le="0.005",outcome="acknowledged",payload="click"}'
        in page
    )
    assert 'responder_jobs_total{job="card",outcome="paid"} 1.0' in page
    assert "responder_ready 1.0" in page


async def test_the_machine_tells_the_time() -> None:
    clock = SystemClock()
    before = datetime.now(UTC)
    await clock.sleep_until(clock.now() + timedelta(milliseconds=5))
    await clock.sleep_until(clock.now() - timedelta(days=1))
    assert clock.now() - before >= timedelta(milliseconds=5)


@pytest.mark.parametrize(
    "secret",
    [
        *("xoxb-12-ab-CD", "xapp-1-A-2", "https://hooks.slack.com/commands/T1/2/abc"),
        *("wss://x.slack.com/link/?ticket=abc-123", "xoxp-1", "xoxe.xoxp-1-abc"),
    ],
)
def test_secrets_are_not_in_the_log(secret: str, logged: io.StringIO) -> None:
    structlog.get_logger().warning("failed", url=secret)
    logging.getLogger("a.library").error("could not reach %s", secret)
    logging.getLogger("a.library").error("it broke", exc_info=ValueError(secret))
    told = logged.getvalue().splitlines()  # threads of other tests may still have something to say
    lines = [line for line in told if "a.library" in line or '"failed"' in line]
    assert len(lines) == 3
    for line in lines:
        assert not any(part in line for part in ("12-ab", "A-2", "abc", "xoxp-1"))
    assert all(logs.HIDDEN in line for line in lines[:2])


def test_an_exception_is_told_by_its_place_and_not_by_its_message(logged: io.StringIO) -> None:
    def breaks() -> None:
        try:
            dict[str, str]()["a secret leak"]
        except KeyError as error:
            raise ValueError("about a secret leak") from error

    try:
        breaks()
    except ValueError:
        structlog.get_logger().exception("it broke")
    line = json.loads(logged.getvalue())
    assert "secret" not in logged.getvalue()
    assert [cause["type"] for cause in line["exception"]] == ["ValueError", "KeyError"]
    assert line["exception"][0]["at"][-1].endswith(" breaks")


def test_every_line_is_an_object_with_its_time_and_origin(logged: io.StringIO) -> None:
    structlog.get_logger("bot.somewhere").info("done", incident="INC-1")
    line = json.loads(logged.getvalue())
    assert line["event"] == "done"
    assert line["incident"] == "INC-1"
    assert line["logger"] == "bot.somewhere"
    assert datetime.fromisoformat(line["timestamp"]).tzinfo is not None
