"""`responder verify-log`: its words and its exit status."""

import argparse
import os
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.adapters.clock import SystemClock
from bot.adapters.disk import LocalDisk
from bot.adapters.events import EventFile
from bot.adapters.postgres import PostgresStore
from bot.adapters.tinydb import TinyStore
from bot.cli.verify_log import Report, examined, heads, posted, sealed
from bot.ports import Commit, Head, Store
from bot.render import Wording
from bot.settings import Environment
from bot.usecases.audit import Verdict
from bot.usecases.exporter import Exporter
from tests.cli.test_cli import responder
from tests.fakes.clock import SteppedClock
from tests.fakes.store import MemoryStore
from tests.samples import CLOSED, DECLARED, JOINED, RESOLVED, TAKEN

SECRETS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


async def history(store: Store) -> list[Head]:
    """Commit some facts, and some commits without any; return every head there was."""
    seen = []
    for commit in (
        Commit(),
        Commit({"I": (0, [DECLARED, TAKEN]), "J": (0, [DECLARED])}),
        Commit(),
        Commit({"J": (1, [JOINED])}),
        Commit({"I": (2, [RESOLVED, CLOSED])}),
        Commit(),
    ):
        await store.commit(commit)
        seen.append(await store.head())
    return seen


async def test_every_head_that_ever_was_is_reckoned_again(store: Store) -> None:
    seen = await history(store)
    assert [head async for head in heads(store, 6)] == seen
    for head in seen:
        for asked in (head, Head(0, head.hash)):
            found = await sealed(store, asked)
            assert (found.stood_at, found.newest, found.sound) == (head.position, 6, True)


async def test_of_an_empty_store_no_head_was_posted(store: Store) -> None:
    found = await sealed(store, Head(1, "0" * 64))
    assert (found.stood_at, found.sound) == (None, True)


async def test_history_that_was_rewritten_is_found_by_the_head(clock: SteppedClock) -> None:
    """What a forger does: every fact and every hash from there on are made anew."""
    truth, forged = MemoryStore(clock), MemoryStore(clock)
    heads_of_truth = await history(truth)
    await forged.commit(Commit())
    await forged.commit(Commit({"I": (0, [DECLARED]), "J": (0, [DECLARED])}))
    for _ in range(4):
        await forged.commit(Commit())
    for head in heads_of_truth[1:]:
        assert (await sealed(forged, head)).stood_at is None
        assert (await sealed(forged, Head(0, head.hash))).stood_at is None
    assert (await sealed(forged, heads_of_truth[0])).stood_at == 1


async def test_facts_that_were_changed_below_their_hash_are_found(clock: SteppedClock) -> None:
    store = MemoryStore(clock)
    seen = await history(store)
    store.written[1][1][0][2][0]["title"] = "nothing"
    found = await sealed(store, seen[-1])
    assert (found.stood_at, found.sound) == (None, False)


async def test_a_hash_does_not_stand_at_another_position(store: Store) -> None:
    seen = await history(store)
    assert (await sealed(store, Head(3, seen[3].hash))).stood_at is None


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("a" * 64, Head(0, "a" * 64)),
        ("7:" + "a" * 64, Head(7, "a" * 64)),
        ("`7:" + "a" * 64 + "`", Head(7, "a" * 64)),
    ],
)
def test_a_head_is_read_as_it_was_posted(text: str, head: Head) -> None:
    assert posted(text) == head


@pytest.mark.parametrize("text", ["", "7", "7:abc", "a" * 63, "A" * 64, "-1:" + "a" * 64])
def test_what_is_no_head_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        posted(text)


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    return Environment(
        _env_file=None, slack_bot_token="xoxb-1", slack_app_token="xapp-1", data_dir=tmp_path
    )


@pytest.fixture
async def seen(environment: Environment) -> list[Head]:
    """A store that a bot has written and left, and its log."""
    store = TinyStore(LocalDisk(environment.data_dir), SystemClock())
    seen = await history(store)
    exporter = Exporter(store, EventFile(environment.event_log), SystemClock())
    await exporter.close()
    await store.close()
    return seen


async def told(environment: Environment, head: Head | None = None) -> tuple[int, str]:
    report = await examined(environment, head)
    return report.status, Wording().report("verify_log", report=report)


async def test_a_log_that_is_right_is_said_to_be(
    environment: Environment, seen: list[Head]
) -> None:
    log = environment.event_log
    assert await told(environment) == (0, f"{log}: 6 lines checked, all as the data has it.\n")
    status, words = await told(environment, seen[3])
    assert (status, words.splitlines()[1]) == (
        0,
        "The hash is right: the history up to position 4 of 6 is as it was when the hash was "
        "posted.",
    )


async def test_a_difference_is_said_with_its_line_and_what_to_do(
    environment: Environment, seen: list[Head]
) -> None:
    log = environment.event_log
    right = log.read_bytes()
    for wrong, words in (
        (
            right.replace(b"UBO", b"UEVE", 1),
            "at line 2 (I/2):\n  ALTERED. What differs: payload.by",
        ),
        (right.replace(b'":"', b'": "', 1), "at line 1 (I/1):\n  ALTERED. It is not written as I"),
        (right[right.index(b"\n") + 1 :], "at line 1 (I/1):\n  MISSING. 1 event that belongs"),
        (right + b"{}\n", "at line 7:\n  EXTRA. 1 line is in the file"),
        (right[:-1], "at line 6 (I/4):\n  TORN."),
        (right[: right[:-1].rindex(b"\n") + 1], "at line 6 (I/4):\n  BEHIND. The file ends here;"),
        (right.replace(b'"previous":"', b'"previous":"0', 1), "  CHAIN BROKEN. Its `previous`"),
    ):
        assert wrong != right
        log.write_bytes(wrong)
        status, said = await told(environment)
        assert status == 1
        assert words in said
        assert "\n\n" not in said
    log.unlink()
    status, said = await told(environment)
    assert (status, "BEHIND. The file ends here; 6 events are not in it" in said) == (1, True)


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (Head(4, "0" * 64), "The history up to position 4 does not have that hash"),
        (Head(7, "0" * 64), "The history ends at position 6, before 7"),
        (Head(0, "0" * 64), "The history has that hash at none of its 6 positions"),
    ],
)
async def test_a_hash_that_is_wrong_is_said(
    environment: Environment, seen: list[Head], head: Head, words: str
) -> None:
    status, said = await told(environment, head)
    assert (status, words in said, "REWRITTEN" in said) == (1, True, True)


async def test_while_the_bot_runs_only_the_chain_is_looked_at_and_that_is_said(
    environment: Environment, seen: list[Head]
) -> None:
    store = TinyStore(LocalDisk(environment.data_dir), SystemClock())
    status, said = await told(environment, seen[0])
    assert status == 2
    assert "could NOT compare" in said
    assert "To compare and to check the hash, stop the bot" in said
    assert "6 lines checked, each names the hash of the one before" in said
    right = environment.event_log.read_bytes()
    environment.event_log.write_bytes(right.replace(b"UANA", b"UEVE", 1))
    status, said = await told(environment)
    assert (status, "at line 2 (I/2):\n  CHAIN BROKEN" in said) == (1, True)
    await store.close()


async def test_what_cannot_be_read_is_not_checked(environment: Environment) -> None:
    status, said = await told(environment)
    assert (status, said) == (
        2,
        f"Not checked: there is no {environment.data_dir}/incidents.journal\n",
    )
    (environment.data_dir / "incidents.journal").write_bytes(b"not a journal\n")
    assert (await told(environment))[0] == 2


async def test_facts_changed_in_the_data_itself_are_said(
    clock: SteppedClock, environment: Environment
) -> None:
    store = MemoryStore(clock)
    seen = await history(store)
    store.written[1][1][0][2][0]["title"] = "nothing"
    seal = await sealed(store, seen[0])
    assert seal.stood_at == 1
    report = Report(environment.event_log, Verdict(6), seal=seal)
    assert report.status == 1
    said = Wording().report("verify_log", report=report)
    assert "The data's own hash is not what its facts amount to" in said


@pytest.mark.slow
async def test_the_subcommand_says_it_and_its_status_tells(
    environment: Environment, seen: list[Head]
) -> None:
    own = {**SECRETS, "DATA_DIR": str(environment.data_dir)}
    right = responder("verify-log", "--head", f"{seen[1].position}:{seen[1].hash}", **own)
    assert (right.returncode, right.stderr) == (0, "")
    assert "The hash is right" in right.stdout
    os.truncate(environment.event_log, 10)
    assert responder("verify-log", **own).returncode == 1
    assert responder("verify-log", "--head", "x", **own).returncode == 2
    unset = responder("verify-log")
    assert (unset.returncode, "SLACK_BOT_TOKEN" in unset.stdout) == (2, True)


@pytest.mark.server
async def test_a_log_is_held_against_a_database_while_bots_run(
    environment: Environment, database_url: str
) -> None:
    on_database = environment.model_copy(update={"database_url": SecretStr(database_url)})
    status, words = await told(on_database)
    assert (status, words) == (
        2,
        "Not checked: no bot of this version has used the database of DATABASE_URL yet\n",
    )
    store = await PostgresStore(database_url, SystemClock()).open()
    seen = await history(store)
    exporter = Exporter(store, EventFile(on_database.event_log), SystemClock())
    await exporter.close()
    status, words = await told(on_database, seen[-1])
    assert status == 0, words
    on_database.event_log.write_bytes(on_database.event_log.read_bytes()[:-20])
    assert (await told(on_database))[0] == 2  # so it looks while somebody writes it
    await store.close()
