"""The wheel works from any directory."""

import asyncio
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from aiohttp import ClientSession

from sandbox.page_server import KINDS
from tests.conversations.stage import Stage

ROOT = Path(__file__).parent.parent

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and install it, and nothing else, into a folder."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    (wheel,) = folder.glob("incident_responder-*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder / "site")
    return folder / "site"


def test_everything_it_needs_is_in_it_and_nothing_else(site: Path) -> None:
    rooms = {path.name for path in site.iterdir() if ".dist-info" not in path.name}
    assert rooms == {"bot", "handlers", "sandbox", "templates"}
    packed = {str(path.relative_to(site)) for path in (site / "templates").rglob("*.j2")}
    there = {str(path.relative_to(ROOT)) for path in (ROOT / "templates").rglob("*.j2")}
    assert packed == there
    page = {path.relative_to(ROOT) for path in (ROOT / "sandbox/page").rglob("*.*")}
    assert {path.relative_to(site) for path in (site / "sandbox/page").rglob("*.*")} == page
    assert {path.suffix for path in page} == set(KINDS)
    kept = {path.relative_to(ROOT) for path in (ROOT / "bot").rglob("*.sql")}
    assert {path.relative_to(site) for path in (site / "bot").rglob("*.sql")} == kept != set()


def test_the_script_runs_from_anywhere(site: Path, tmp_path: Path) -> None:
    start = "import bot, sys; sys.stderr.write(bot.__file__); from bot.cli import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", start, "lifecycle"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stderr.startswith(str(site))
    assert ran.stdout.startswith("detected")


async def test_the_workspace_runs_from_anywhere_with_its_page(site: Path, tmp_path: Path) -> None:
    serving = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sandbox", "--port", "0"),
        cwd=tmp_path,
        env={"PYTHONPATH": str(site)},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(30), ClientSession() as session:
            assert serving.stdout
            url = (await serving.stdout.readline()).decode().removeprefix("workspace").strip()
            for path in ("", "page/app.js", "control/look"):
                async with session.get(url + path) as response:
                    assert response.status == 200, path
    finally:
        serving.terminate()
        await serving.communicate()


async def test_the_bot_runs_from_anywhere(site: Path, tmp_path: Path) -> None:
    async with Stage(tmp_path, environment={"PYTHONPATH": str(site)}) as stage:
        await stage.start()
        answer = await stage.ana.types("declare checkout is down")
        assert "checkout is down" in answer["body"]["text"]
        await stage.until(stage.channel, "no channel")
