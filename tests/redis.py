"""A real Redis server for tests, started and stopped by them."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.ports import free_port

ON_REDIS = pytest.param("redis", marks=pytest.mark.server)
PATIENCE = 30.0
NEEDED = bool(os.environ.get("CI") or os.environ.get("RESPONDER_NEEDS_SERVERS"))


@contextmanager
def running(password: str = "") -> Iterator[int]:
    """Give the port of a server that keeps nothing, and end it."""
    found = shutil.which("redis-server")
    if not found:
        missing("redis-server is not installed")
    with tempfile.TemporaryDirectory(prefix="redis-") as folder:
        port = free_port()
        words = ["--port", str(port), "--bind", "127.0.0.1", "--dir", folder, "--save", ""]
        words += ["--requirepass", password] if password else []
        with (Path(folder) / "log").open("wb") as out:
            process = subprocess.Popen([str(found), *words], stdout=out, stderr=out)
        try:
            until_listening(port, process)
            yield port
        finally:
            process.terminate()
            process.wait(PATIENCE)


def missing(why: str) -> None:
    if NEEDED:
        pytest.fail(why)
    pytest.skip(why)


def until_listening(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
