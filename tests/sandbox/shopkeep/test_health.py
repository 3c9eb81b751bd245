import asyncio

import pytest
from aiohttp import ClientError, ClientSession

from sandbox.clock import Clock, SteppedClock
from sandbox.shopkeep.health import NEVER, Health, Verdict

SICK = Verdict(is_well=False, details={"database": "no connection in 2 s"})


def judge(service: str, kind: str) -> Verdict:
    return SICK if (service, kind) == ("checkout", "readyz") else Verdict()


async def test_it_says_who_is_well_and_who_is_not() -> None:
    async with Health(("web", "checkout"), judge, Clock()) as health, ClientSession() as session:
        for path, status, body in [
            ("web/healthz", 200, {"service": "web", "status": "ok", "checks": {}}),
            ("checkout/healthz", 200, {"service": "checkout", "status": "ok", "checks": {}}),
            (
                "checkout/readyz",
                503,
                {"service": "checkout", "status": "failing", "checks": SICK.details},
            ),
        ]:
            async with session.get(f"{health.url}/{path}") as answer:
                assert (answer.status, await answer.json()) == (status, body)


@pytest.mark.parametrize("path", ["nobody/healthz", "web/nothing", "", "web", "web/healthz/more"])
async def test_what_is_not_there_is_refused_with_what_is(path: str) -> None:
    async with Health(("web",), judge, Clock()) as health, ClientSession() as session:
        async with session.get(f"{health.url}/{path}") as answer:
            assert answer.status == 404
            assert (await answer.json())["known"] == ["/web/healthz", "/web/readyz"]
        async with session.post(f"{health.url}/web/healthz") as answer:
            assert answer.status == 405


class HeardClock(SteppedClock):
    """Says when somebody sleeps."""

    def __init__(self) -> None:
        super().__init__()
        self.slept = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        asyncio.get_running_loop().call_soon(self.slept.set)
        await super().sleep(seconds)


async def test_a_slow_one_answers_when_its_time_has_come() -> None:
    clock = HeardClock()
    slow = Health(("web",), lambda _service, _kind: Verdict(seconds=5), clock)
    async with slow as health, ClientSession() as session:
        answer = asyncio.ensure_future(session.get(f"{health.url}/web/healthz"))
        await clock.slept.wait()
        clock.step(4.9)
        assert not answer.done()
        clock.step(0.1)
        async with await answer as answered:
            assert answered.status == 200


async def test_one_that_hangs_never_answers_and_does_not_hold_up_the_end() -> None:
    asked = asyncio.Event()

    def hanging(_service: str, _kind: str) -> Verdict:
        asked.set()
        return Verdict(seconds=NEVER)

    async with ClientSession() as session:
        async with Health(("web",), hanging, Clock()) as health:
            answer = asyncio.ensure_future(session.get(f"{health.url}/web/healthz"))
            await asked.wait()
        with pytest.raises(ClientError):
            await answer
