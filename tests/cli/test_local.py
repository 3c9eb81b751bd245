"""`responder declare`, `ack` …: what is asked for, and what one reads when nobody answers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot import cli
from bot.adapters.clock import SystemClock
from bot.adapters.unix import short
from bot.cli.local import PATIENCE, STATUSES, Status, answered
from bot.settings import Places
from handlers.local import PATH
from handlers.local.asking import Outcome
from tests.adapters.test_unix import left_behind
from tests.fakes.clock import SteppedClock
from tests.samples import ID

Handler = Callable[[web.Request], Awaitable[web.Response]]
ASKED = {"verb": "ack", "key": "0123456789abcdef"}


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("declare checkout is down", {"verb": "declare", "text": "checkout is down"}),
        ("declare --severity sev1 x is down", {"verb": "declare", "text": "P1 x is down"}),
        ("declare x --private", {"verb": "declare", "text": "x", "private": True}),
        (f"declare {ID} again", {"verb": "declare", "text": f"{ID} again"}),
        ("list", {"verb": "list"}),
        ("ack", {"verb": "ack"}),
        (f"ack {ID.lower()}", {"verb": "ack", "incident": ID}),
        (f"status {ID}", {"verb": "status", "incident": ID}),
        (f"severity {ID} P0", {"verb": "severity", "incident": ID, "text": "P0"}),
        ("severity P0", {"verb": "severity", "text": "P0"}),
        ("update it is the disk", {"verb": "update", "text": "it is the disk"}),
        (f"update {ID} see {ID}", {"verb": "update", "incident": ID, "text": f"see {ID}"}),
        ("update -- -5 % only", {"verb": "update", "text": "-5 % only"}),
        ("timeline", {"verb": "timeline"}),
        (f"timeline {ID}", {"verb": "timeline", "incident": ID}),
        ("timeline disk is full", {"verb": "timeline", "text": "disk is full"}),
        ("resolve", {"verb": "resolve"}),
        (f"reopen {ID}", {"verb": "reopen", "incident": ID}),
        (f"close {ID}", {"verb": "close", "incident": ID}),
    ],
)
def test_what_is_typed_is_what_is_asked_for(typed: str, asked: dict[str, Any]) -> None:
    args = cli.parser().parse_args(typed.split(" "))
    request = args.run.__self__.request(args)
    assert request.pop("key") != args.run.__self__.request(args)["key"]
    assert request == {"incident": None, "text": "", "private": False} | asked


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("declare", "the following arguments are required: TEXT"),
        ("declare --severity nine x", "'nine' is no severity; there are P0, P1, P2, P3"),
        ("ack please", "'please' is no incident's ID; one is INC-20260115-001"),
        (f"ack {ID} now", "unrecognized arguments: now"),
        ("update", "the following arguments are required: [ID] TEXT"),
        ("list all", "unrecognized arguments: all"),
        ("", "the following arguments are required: SUBCOMMAND"),
    ],
)
def test_what_cannot_be_meant_is_told_as_usage(
    typed: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.parser().parse_args(typed.split())
    assert ended.value.code == Status.USAGE
    assert words in capsys.readouterr().err


def test_help_is_a_word_too(capsys: pytest.CaptureFixture[str]) -> None:
    args = cli.parser().parse_args(["help"])
    assert not args.run(args)
    assert "declare" in capsys.readouterr().out


def test_every_outcome_has_a_status() -> None:
    assert set(STATUSES) == set(Outcome)


def places(folder: Path) -> Places:
    return Places(_env_file=None, data_dir=folder)


@asynccontextmanager
async def serving(folder: Path, handler: Handler) -> AsyncIterator[Places]:
    app = web.Application()
    app.router.add_post(PATH, handler)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    with short(folder / "responder.sock") as path:
        await web.UnixSite(runner, path).start()
        yield places(folder)
    await runner.cleanup()


@pytest.mark.parametrize("outcome", list(Outcome))
async def test_the_answer_is_printed_and_has_its_status(tmp_path: Path, outcome: Outcome) -> None:
    async def answer(request: web.Request) -> web.Response:
        assert await request.json() == ASKED
        return web.json_response({"outcome": outcome, "text": "so it is"}, status=409)

    async with serving(tmp_path, answer) as there:
        told = await answered(there, ASKED, SystemClock())
    assert told == (STATUSES[outcome], "so it is")


@pytest.mark.parametrize("folder", ["", "nowhere", "stale"])
async def test_that_no_bot_is_there_is_told(tmp_path: Path, folder: str) -> None:
    if folder == "stale":
        (tmp_path / folder).mkdir()
        left_behind(tmp_path / folder / "responder.sock")
    status, text = await answered(places(tmp_path / folder), ASKED, SystemClock())
    assert status is Status.UNKNOWN
    why = "Connection refused" if folder == "stale" else "No such file or directory"
    assert text.startswith(f"Nothing was done: no bot answers at {tmp_path / folder}")
    assert f"({why})" in text


async def test_a_bot_that_ends_meanwhile_is_asked_again_the_same(tmp_path: Path) -> None:
    heard = []

    async def answer(request: web.Request) -> web.Response:
        heard.append(await request.json())
        if len(heard) == 1:
            assert request.transport
            request.transport.abort()
        return web.json_response({"outcome": "done", "text": "once"})

    async with serving(tmp_path, answer) as there:
        assert await answered(there, ASKED, SystemClock()) == (Status.DONE, "once")
    assert heard == [ASKED, ASKED]


@pytest.mark.parametrize("how", ["hangs", "ends"])
async def test_a_bot_that_does_not_answer_leaves_it_unconfirmed(tmp_path: Path, how: str) -> None:
    clock, heard, over = SteppedClock(), asyncio.Event(), asyncio.Event()

    async def answer(request: web.Request) -> web.Response:
        heard.set()
        if how == "hangs":
            await over.wait()
        assert request.transport
        request.transport.abort()
        return web.Response()

    async with serving(tmp_path, answer) as there, asyncio.timeout(20):
        asking = asyncio.create_task(answered(there, ASKED, clock))
        await heard.wait()
        while not asking.done():
            clock.advance(PATIENCE.total_seconds() / 10)
            await asyncio.sleep(0.01)
        status, text = await asking
        over.set()
    assert status is Status.UNKNOWN
    assert text.startswith("Not confirmed: the bot did not answer at ")
    assert "Look with `responder list` before you ask again." in text


async def test_somebody_else_who_answers_is_not_believed(tmp_path: Path) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.json_response({"hello": "world"})

    async with serving(tmp_path, answer) as there:
        status, text = await answered(there, ASKED, SystemClock())
    assert status is Status.UNKNOWN
    assert text.startswith("Not confirmed")
