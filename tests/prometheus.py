"""A real Prometheus and a real Alertmanager for tests, started and stopped by them."""

import os
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

from tests.ports import free_port

PATIENCE = 60.0
NEEDED = bool(os.environ.get("CI") or os.environ.get("RESPONDER_NEEDS_SERVERS"))
ON_PROMETHEUS = pytest.param("prometheus", marks=pytest.mark.server)
ON_ALERTMANAGER = pytest.param("alertmanager", marks=pytest.mark.server)
ALONE = "global: {scrape_interval: 1s, evaluation_interval: 1s}\n"
NOBODY = "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n"


def program(*names: str) -> str:
    """Return where one of these is; if none is installed, skip or fail."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found:
        return found
    why = f"{names[0]} is not installed"
    if NEEDED:
        pytest.fail(why)
    pytest.skip(why)


def history(folder: Path, lines: Sequence[str]) -> None:
    """Give a Prometheus that is not started yet a past, in the OpenMetrics format."""
    told = folder / "past"
    told.write_text("\n".join([*lines, "# EOF\n"]))
    words = ["tsdb", "create-blocks-from", "openmetrics", str(told), str(folder / "data")]
    subprocess.run(
        [program("promtool"), *words], check=True, capture_output=True, timeout=PATIENCE
    )


@contextmanager
def prometheus(
    config: str = ALONE,
    past: Sequence[str] = (),
    files: Mapping[str, str] | None = None,
    resend: str = "1m",
) -> Iterator[str]:
    """Give the address of a Prometheus that has that past, and end it."""
    found = program("prometheus")
    with tempfile.TemporaryDirectory(prefix="prometheus-") as name:
        folder = Path(name)
        for file, text in {"prometheus.yml": config, **(files or {})}.items():
            (folder / file).write_text(text)
        if past:
            history(folder, past)
        port = free_port()
        words = [
            f"--config.file={folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={folder / 'data'}",
            "--storage.tsdb.retention.time=10y",
            f"--web.listen-address=127.0.0.1:{port}",
            f"--web.external-url=http://127.0.0.1:{port}",
            f"--rules.alert.resend-delay={resend}",
        ]
        with running([found, *words], f"http://127.0.0.1:{port}", folder) as url:
            yield url


@contextmanager
def alertmanager(
    config: str = NOBODY, port: int | None = None, kept: Path | None = None
) -> Iterator[str]:
    """Give the address of an Alertmanager, and end it; in `kept` it knows what it knew."""
    found = program("prometheus-alertmanager", "alertmanager")
    place = nullcontext(kept) if kept else tempfile.TemporaryDirectory(prefix="alertmanager-")
    with place as name:
        folder = Path(name)
        (folder / "alertmanager.yml").write_text(config)
        port = port or free_port()
        words = [
            f"--config.file={folder / 'alertmanager.yml'}",
            f"--storage.path={folder / 'data'}",
            f"--web.listen-address=127.0.0.1:{port}",
            "--cluster.listen-address=",
        ]
        with running([found, *words], f"http://127.0.0.1:{port}", folder) as url:
            yield url


@contextmanager
def running(command: Sequence[str], url: str, folder: Path) -> Iterator[str]:
    """Start a server, give its address once it is ready, and end it."""
    log = folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=folder, stdout=out, stderr=out)
    try:
        until_ready(url, process, log)
        yield url
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(PATIENCE)


def until_ready(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(f"{url}/-/ready", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
