"""One person's words are taken out of the data, to the last byte."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.adapters.disk import LocalDisk
from bot.adapters.postgres import PostgresStore
from bot.adapters.tinydb import JOURNAL, TinyStore
from bot.cli.erase import Erased, erase
from bot.domain.facts import Fact
from bot.domain.transcript import Message
from bot.ports import Commit
from bot.render import Wording
from bot.settings import Environment
from tests.cli.test_cli import responder
from tests.fakes.clock import SteppedClock
from tests.samples import CLOSED, DECLARED, PUT_AWAY, ROOM

WORDS = "my mother is ill"


def settings(folder: Path, database: str | None = None) -> Environment:
    return Environment(
        slack_bot_token=SecretStr("xoxb-1"),
        slack_app_token=SecretStr("xapp-1"),
        data_dir=folder,
        database_url=SecretStr(database) if database else None,
    )


async def told(store: TinyStore | PostgresStore) -> None:
    """Have an open incident and one that is over, and two people who speak in both."""
    over: list[Fact] = [DECLARED, ROOM, CLOSED]
    await store.commit(Commit({"I": (0, over)}, {("channel", "C1"): "I"}))
    await store.commit(Commit({"J": (0, [DECLARED])}, {("channel", "C2"): "J"}))
    for n, channel in enumerate(("C1", "C2", "CGENERAL")):
        mine = Message(channel, f"{n}.1", "UANA", f"{WORDS} {n}", files=(f"{WORDS}.pdf",))
        yours = Message(channel, f"{n}.2", "UBO", f"get well {n}")
        await store.commit(Commit(messages=[mine, yours]))
    await store.commit(Commit({"I": (3, [PUT_AWAY])}))


async def stands(store: TinyStore | PostgresStore) -> list[tuple[str, str]]:
    said = [m for c in ("C1", "C2", "CGENERAL") for m in await store.transcript(c)]
    return [(m.author, m.text) for m in said]


ERASED = [pair for n in range(3) for pair in (("UANA", ""), ("UBO", f"get well {n}"))]


@pytest.fixture
async def folder(tmp_path: Path, clock: SteppedClock) -> Path:
    store = TinyStore(LocalDisk(tmp_path), clock)
    await told(store)
    await store.compact()  # what is over has a file of its own now
    await store.close()
    return tmp_path


def on_disk(folder: Path) -> list[str]:
    """Name the files that hold the words."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return sorted(path.name for path in files if WORDS.encode() in path.read_bytes())


async def test_what_somebody_said_is_on_the_disk_no_more(
    folder: Path, clock: SteppedClock
) -> None:
    assert on_disk(folder) == ["I.journal", JOURNAL]
    assert await erase(settings(folder), "UANA") == Erased(3)
    assert on_disk(folder) == []
    store = TinyStore(LocalDisk(folder), clock)
    assert await stands(store) == ERASED
    assert len(await store.history("I")) == 4
    await store.close()
    assert await erase(settings(folder), "UANA") == Erased(0)


async def test_data_that_a_bot_has_is_left_alone(folder: Path, clock: SteppedClock) -> None:
    store = TinyStore(LocalDisk(folder), clock)
    done = await erase(settings(folder), "UANA")
    assert done.held
    assert "Stop the bot first" in Wording().report("erase", person="UANA", done=done)
    assert ("UANA", f"{WORDS} 0") in await stands(store)
    await store.close()


async def test_where_there_is_no_data_that_is_said(tmp_path: Path) -> None:
    done = await erase(settings(tmp_path), "UANA")
    assert JOURNAL in Wording().report("erase", person="UANA", done=done)


@pytest.mark.server
async def test_in_postgresql_a_bot_may_go_on(
    tmp_path: Path, database_url: str, clock: SteppedClock
) -> None:
    store = await PostgresStore(database_url, clock).open()
    await told(store)
    assert await erase(settings(tmp_path, database_url), "UANA") == Erased(3)
    assert await stands(store) == ERASED
    await store.close()


@pytest.mark.slow
def test_the_subcommand_says_what_it_did(folder: Path) -> None:
    secrets = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    ran = responder("erase", "--person", "<@UANA>", DATA_DIR=str(folder), **secrets)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("3 messages of UANA erased. Who said something and when is kept")
    nobody = responder("erase", "--person", "UNOBODY", DATA_DIR=str(folder), **secrets)
    assert nobody.stdout.startswith("0 messages of UNOBODY erased: there are no others")
    assert responder("erase").returncode == 2
