"""`responder rehearse` plays with the real bot as a process, in real time, and leaves nothing."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conversations.stage import ROOT

pytestmark = pytest.mark.slow

DIALOG = """\
title: Checkout is down
steps:
  - {who: ana, types: /incident declare P2 checkout is down, answered: checkout is down}
  - {who: ana, sees_channel: inc-*, keep: {channel: .+}}
  - {who: bo, clicks: Acknowledge, in: "${channel}"}
  - {who: sue, sees: P2 medium}
"""
ALERT = """
  - alert: {labels: {alertname: Slow, service: shop, severity: critical}}
  - {who: cy, sees: [P1 high, Slow]}
  - {who: cy, sees: nonsense, within: 1s}
  - {who: cy, says: never}
"""


def rehearse(folder: Path, *words: str) -> subprocess.Popen[str]:
    (folder / "tmp").mkdir()
    own = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "TMPDIR": str(folder / "tmp")}
    start = (sys.executable, "-c", "from bot.cli import main; main()", "rehearse", *words)
    return subprocess.Popen(start, cwd=folder, env=own, stdout=subprocess.PIPE, text=True)


def test_a_rehearsal_is_played_and_each_step_is_told(tmp_path: Path) -> None:
    (tmp_path / "mine.yml").write_text(DIALOG)
    told, _ = (playing := rehearse(tmp_path, "mine.yml")).communicate(timeout=60)
    lines = told.splitlines()
    assert playing.returncode == 0, told
    assert lines[0] == "Checkout is down (mine.yml)"
    assert lines[1].startswith("To be watched at http://127.0.0.1:")
    assert [line.split()[2] for line in lines[2:6]] == ["✓"] * 4
    assert lines[6].startswith("All 4 steps went as written, in ")
    assert not list((tmp_path / "tmp").iterdir())


def test_what_is_amiss_ends_it_with_what_was_there_instead(tmp_path: Path) -> None:
    (tmp_path / "mine.yml").write_text(DIALOG + ALERT.removeprefix("\n"))
    told, _ = (playing := rehearse(tmp_path, "--keep", "mine.yml")).communicate(timeout=60)
    assert playing.returncode == 1, told
    assert "✗   7. cy sees: nonsense (in incidents)\n" in told
    assert "no message says “nonsense”" in told
    assert "Step 7 of 8 is amiss. 1 more were not played.\n" in told
    (folder,) = (tmp_path / "tmp").iterdir()
    assert f"The bot's data and log are in {folder}." in told
    assert (folder / "bot.log").exists()


def test_who_interrupts_it_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "mine.yml").write_text(f"{DIALOG}  - wait: 1h\n")
    playing = rehearse(tmp_path, "mine.yml")
    assert playing.stdout
    while "4. sue sees" not in (line := playing.stdout.readline()):
        assert line
    (folder,) = (tmp_path / "tmp").iterdir()
    bot = int((folder / "data" / "incidents.lock").read_text().split()[1])
    playing.send_signal(signal.SIGINT)
    playing.communicate(timeout=60)
    assert playing.returncode == 130
    assert not list((tmp_path / "tmp").iterdir())
    with pytest.raises(ProcessLookupError):
        os.kill(bot, 0)


def test_a_bot_that_does_not_start_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "mine.yml").write_text(f"{DIALOG}configuration: {{nonsense: true}}\n")
    told, _ = (playing := rehearse(tmp_path, "mine.yml")).communicate(timeout=60)
    assert playing.returncode == 1
    assert "The bot ended with status 2 before it was connected." in told
    assert "nonsense" in told
