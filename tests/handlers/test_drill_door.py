"""The door of drills: only a drill's own production is let in, and only to that drill."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.domain.alerts import AlertRules, Watchdog
from bot.domain.commands import Declare
from bot.ports import Unavailable
from bot.usecases.watchdogs import Watchdogs
from handlers.web.alerts import Inside, Limits
from handlers.web.alerts.drills import register
from tests import alerts
from tests.samples import ANA, ID
from tests.usecases.test_drills import begin, running
from tests.world import World

Answer = tuple[int, Any]


class Visitor:
    def __init__(self, world: World) -> None:
        self.world = world
        world.rules.fixed = replace(
            world.rules.fixed,
            alerts=AlertRules(
                watchdogs={
                    "alertmanager": Watchdog({"alertname": "Watchdog"}, timedelta(seconds=20))
                }
            ),
        )
        self.watchdogs = Watchdogs(world.rules, world.clock)
        inside = Inside(
            *(self.never, self.watchdogs, Limits, world.telemetry, world.clock),
        )
        app = web.Application()
        register(app, world.stages.token, lambda i: partial(world.stages.take, i), inside)
        self.client = TestClient(TestServer(app))

    async def never(self, _: object) -> Any:
        raise AssertionError("the door of real alerts")

    async def tells(self, incident: str, token: str | None, body: Any = None) -> Answer:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        told = alerts.alertmanager() if body is None else body
        path = f"/alerts/drill/{incident}"
        async with self.client.post(path, json=told, headers=headers) as answer:
            return answer.status, await answer.json()


@pytest.fixture
async def visitor(world: World) -> AsyncIterator[Visitor]:
    made = Visitor(world)
    async with made.client, running(world):
        yield made


async def test_a_drill_s_production_tells_of_its_alerts(visitor: Visitor) -> None:
    drill = await begin(visitor.world)
    token = visitor.world.stages.token(drill.id)
    status, answer = await visitor.tells(drill.id, token)
    assert (status, answer["groups"][0]["incident"]) == (200, drill.id)
    assert (await visitor.world.desk.incidents.current(drill.id)).firing
    assert await visitor.tells(drill.id, token, {"version": "4"}) != (200, answer)
    assert (await visitor.tells(drill.id, token, {"version": "4"}))[0] == 422


async def test_nobody_else_is_let_in_or_hears_which_drills_there_are(visitor: Visitor) -> None:
    drill = await begin(visitor.world)
    real = await visitor.world.desk.incidents.handle(None, Declare(ANA, "it is real"), "real")
    token = visitor.world.stages.token(drill.id)
    answers = [
        await visitor.tells(drill.id, None),
        await visitor.tells(drill.id, "guessed"),
        await visitor.tells(real.id, token),
        await visitor.tells("INC-20260115-999", token),
        await visitor.tells("nonsense", None),
    ]
    assert [status for status, _ in answers] == [401] * 5
    assert len({str(body) for _, body in answers}) == 1
    assert not (await visitor.world.desk.incidents.current(real.id)).alarms


async def test_the_watchdog_of_a_drill_is_no_sign_of_life_of_the_team_s(visitor: Visitor) -> None:
    drill = await begin(visitor.world)
    visitor.world.clock.advance(21)
    token = visitor.world.stages.token(drill.id)
    sign = alerts.alertmanager()
    labels = {"alertname": "Watchdog", "severity": "none"}
    sign["alerts"] = [{**sign["alerts"][0], "labels": labels}]
    status, answer = await visitor.tells(drill.id, token, sign)
    assert status == 200, answer
    assert answer["groups"][0]["result"] == "noted"
    assert not (await visitor.world.desk.incidents.current(ID)).alarms
    with pytest.raises(Unavailable):
        await visitor.watchdogs.check()
