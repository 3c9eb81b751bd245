from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from bot.adapters.logfiles import LogFiles
from sandbox.shopkeep.logs import Logs

T = 1_768_485_600.25


@pytest.fixture
def logs(tmp_path: Path) -> Iterator[Logs]:
    made = Logs(tmp_path / "logs")
    yield made
    made.close()


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines()


def test_each_line_is_json_that_says_when_how_bad_and_what(logs: Logs) -> None:
    logs.write("web", T, "error", 'two\nlines "& <é> 🎉', request="r1", seconds=2.5)
    (line,) = lines(logs.path("web"))
    assert orjson.loads(line) == {
        "time": "2026-01-15T14:00:00.250Z",
        "level": "error",
        "service": "web",
        "message": 'two\nlines "& <é> 🎉',
        "request": "r1",
        "seconds": 2.5,
    }


def test_lines_may_be_plain(tmp_path: Path) -> None:
    logs = Logs(tmp_path, plain=True)
    logs.write("web", T, "warn", "slow", path="/a b", took=1)
    logs.close()
    assert lines(logs.path("web")) == ['2026-01-15T14:00:00.250Z WARN slow path="/a b" took=1']


def test_a_full_file_is_put_aside_and_another_begun(tmp_path: Path) -> None:
    logs = Logs(tmp_path, largest=300)
    for number in range(7):
        logs.write("web", T, "info", f"line {number}")
    logs.close()
    new, old = lines(logs.path("web")), lines(tmp_path / "web.log.1")
    assert [orjson.loads(line)["message"] for line in old + new] == [
        f"line {number}" for number in range(3, 7)
    ]
    assert all(path.stat().st_size <= 300 for path in tmp_path.iterdir())
    assert {path.name for path in tmp_path.iterdir()} == {"web.log", "web.log.1"}


async def test_the_bot_reads_every_line_across_rotations_and_cuts(logs: Logs) -> None:
    reader, pattern = LogFiles(), [str(logs.folder / "*.log")]
    logs.write("web", T, "info", "before")
    logs.write("mail", T, "info", "before")
    first = await reader.since(pattern, None)
    logs.write("web", T, "error", "one")
    second = await reader.since(pattern, first.places)
    logs.rotate("web")
    logs.write("web", T, "error", "two")
    third = await reader.since(pattern, second.places)
    logs.cut("web")
    logs.write("web", T + 60, "error", "three")
    fourth = await reader.since(pattern, third.places)
    said = [
        [orjson.loads(line)["message"] for line in look.lines] for look in (second, third, fourth)
    ]
    assert said == [["one"], ["two"], ["three"]]
