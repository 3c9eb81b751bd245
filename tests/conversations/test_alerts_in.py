"""Alerts come in at the real bot's doors, and signs of life go both ways."""

from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests import alerts
from tests.conversations.stage import CONFIG, Stage

pytestmark = pytest.mark.slow

TOKEN = "a-token-of-alertmanager"


async def test_an_alert_opens_an_incident_before_it_is_answered(tmp_path: Path) -> None:
    beats: list[str] = []

    async def beat(request: web.Request) -> web.Response:
        beats.append(request.path_qs)
        return web.Response()

    monitor = web.Application()
    monitor.router.add_get("/beat", beat)
    async with TestServer(monitor) as server:
        environment = {
            "ALERTMANAGER_TOKEN": TOKEN,
            "HEARTBEAT_URL": str(server.make_url("/beat?key=s3cret")),
            "no_proxy": "127.0.0.1",
        }
        config = f"{CONFIG}\nheartbeat: {{every_seconds: 5}}\n"
        async with Stage(tmp_path, environment=environment, config=config) as stage:
            await stage.start()
            told = await _tell(stage, alerts.alertmanager())
            again = await _tell(stage, alerts.alertmanager())
            over = await _tell(stage, alerts.alertmanager("resolved"), "wrong token")
            assert [told[0], again[0], over[0]] == [200, 200, 401]
            [opened], [counted] = told[1]["groups"], again[1]["groups"]
            assert (opened["result"], counted["result"]) == ("opened", "counted")
            assert opened["incident"] == counted["incident"]
            await stage.until(stage.channel, "no channel")
            async with stage.http.get(f"http://127.0.0.1:{stage.port}/metrics") as page:
                assert 'outcome="taken",payload="alerts/alertmanager"} 2.0' in await page.text()

            async def beaten() -> bool:
                return bool(beats)

            await stage.until(beaten, "no heartbeat")
            assert "s3cret" not in stage.log.read_text()
    assert set(beats) == {"/beat?key=s3cret"}


async def _tell(stage: Stage, body: alerts.Body, token: str = TOKEN) -> tuple[int, Any]:
    address = f"http://127.0.0.1:{stage.port}/alerts/alertmanager"
    headers = {"Authorization": f"Bearer {token}"}
    async with stage.http.post(address, json=body, headers=headers) as answer:
        return answer.status, await answer.json()
