"""What may befall a bot, its workspace and what travels between them, while people go on.

Each is a context around the whole script that gives what happens after each of its steps.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial

from sandbox.clock import Clock
from tests.conversations.script import Scene
from tests.conversations.stage import Stage

After = Callable[[Scene, str], Awaitable[None]]
Trouble = Callable[[Stage], AbstractAsyncContextManager[After]]

AWAY = 600.0  # seconds
LAST_ATTEMPT = 3
KILLED_AFTER = ("ana_declares", "bo_says_how_bad_it_is", "ana_closes")
EVERY_CALL = ("*", 0.07)  # of three kinds: one call in five is in trouble


class EarlyClock(Clock):
    """Is behind until it is set."""

    behind = AWAY

    def now(self) -> float:
        return super().now() - self.behind


async def nothing(_: Scene, __: str) -> None:
    """Let people go on."""


@asynccontextmanager
async def plain(_: Stage) -> AsyncIterator[After]:
    """Nothing happens."""
    yield nothing


@asynccontextmanager
async def doubled(stage: Stage) -> AsyncIterator[After]:
    """Everything is delivered twice at once."""
    await stage.post("settings", copies=2)
    yield nothing


@asynccontextmanager
async def reordered(stage: Stage) -> AsyncIterator[After]:
    """What happened first arrives second: a message after what was edited in it."""
    said = {"delivery": "events_api", "kind": "reordered", "times": None}
    await stage.post("faults", **said, where={"type": "message"}, probability=0.5, seed=1)
    await stage.post("faults", **said, probability=0.3, seed=2)

    async def all_arrived(_: Scene, step: str) -> None:
        if step != "people_talk":  # in which one overtakes the other
            await stage.let_go()
            await stage.post("faults", **said, probability=0.3, seed=2)

    yield all_arrived


@asynccontextmanager
async def failing(stage: Stage) -> AsyncIterator[After]:
    """A fifth of all calls fail, some of them after they were carried out."""
    method, probability = EVERY_CALL
    for seed, (kind, when) in enumerate(
        [("ratelimited", "before"), ("http_500", "before"), ("http_500", "after")], 1
    ):
        order = {"kind": kind, "when": when, "probability": probability, "seed": seed}
        await stage.post("faults", method=method, **order)
    yield nothing


@asynccontextmanager
async def killed(stage: Stage) -> AsyncIterator[After]:
    """The bot is killed three times in the middle of what it owes."""
    rnd = random.Random(1)

    async def kill(_: Scene, step: str) -> None:
        if step in KILLED_AFTER:
            await asyncio.sleep(rnd.random() * 0.3)  # anywhere in what follows
            await stage.kill()
            await stage.start()

    yield kill


@asynccontextmanager
async def away(stage: Stage) -> AsyncIterator[After]:
    """The bot is gone for ten minutes, while people talk and try."""

    async def leave(scene: Scene, step: str) -> None:
        if step != "the_channel_is_ready":
            return
        await stage.stop()
        await stage.post("settings", retry_factor=0)  # nothing is sent again that late
        channel = await scene.channel("checkout")
        said = await stage.ana.says("is the bot there?", channel)
        await stage.post("edit", user="UANA", channel=channel, ts=said["ts"], text="nobody there")
        tried = await stage.ana.types("sev P3", channel)
        assert tried["warning"] == "dispatch_failed", tried
        assert isinstance(stage.clock, EarlyClock)
        await stage.until(partial(given_up, stage, 2), "sent again")
        await stage.post("settings", retry_factor=0.01)
        stage.clock.behind = 0.0
        stage.module = "bot"
        await stage.start()

    yield leave


async def given_up(stage: Stage, events: int) -> bool:
    """Say whether that many events have been tried for the last time, in vain."""
    tried = [d for d in await stage.get("deliveries") if d["attempt"] == LAST_ATTEMPT]
    return sum(not d["acked"] for d in tried) >= events


TROUBLES: Mapping[str, Trouble] = {
    each.__name__: each for each in (plain, doubled, reordered, failing, killed, away)
}
