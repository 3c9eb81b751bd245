"""A real PostgreSQL server for tests, started and stopped by them."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import psycopg
import pytest

from tests.ports import free_port

ON_POSTGRES = pytest.param("postgres", marks=pytest.mark.server)
PATIENCE = 60.0
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
NEEDED = bool(os.environ.get("CI") or os.environ.get("RESPONDER_NEEDS_SERVERS"))


@cache
def found() -> Path | None:
    """Return the folder of the server's programs, if it is installed."""
    folders = [Path(path).resolve().parent for path in (shutil.which("initdb"),) if path]
    if config := shutil.which("pg_config"):
        told = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=True)
        folders.append(Path(told.stdout.strip()))
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    programs = ("initdb", "pg_ctl", "pg_basebackup")
    whole = (f for f in folders if all((f / program).exists() for program in programs))
    return next(whole, None)


def binaries() -> Path:
    """Return the folder of the server's programs; without one, skip or fail."""
    return found() or missing("no PostgreSQL server is installed: no initdb is found")


def missing(why: str) -> Path:
    if NEEDED:
        pytest.fail(why)
    pytest.skip(why)


@dataclass
class Server:
    """One cluster in a folder of its own."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def url(self, database: str = "postgres", port: int = 0) -> str:
        return f"postgresql://postgres@127.0.0.1:{port or self.port}/{database}"

    def create(self) -> None:
        self.run("initdb", "-D", self.data, "-U", "postgres", "-E", "UTF8", "--locale=C", "-N")

    def start(self) -> None:
        own = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", **self.settings}
        words = " ".join(f"-c {name}={value or chr(39) * 2}" for name, value in own.items())
        log = self.folder / "log"
        self.control("start", "-l", str(log), "-o", f"-p {self.port} {words}")

    def stop(self, mode: str = "fast") -> None:
        self.control("stop", "-m", mode)

    def control(self, *words: str) -> None:
        self.run("pg_ctl", "-D", self.data, "-w", "-t", "30", *words)

    def run(self, program: str, *words: object) -> None:
        subprocess.run(
            [*as_postgres(), str(binaries() / program), *(str(word) for word in words)],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            timeout=PATIENCE,
        )

    def sql(self, *statements: str, database: str = "postgres") -> list[str]:
        """Run statements; return what the last one printed, a row a line."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursors = [connection.execute(statement) for statement in statements]
            rows = cursors[-1].fetchall() if cursors[-1].description else []
        return ["|".join(str(value) for value in row) for row in rows]


def as_postgres() -> Sequence[str]:
    """Return what makes a command run as somebody whom the server accepts: it refuses root."""
    return ("runuser", "-u", "postgres", "--") if os.geteuid() == 0 else ()


@contextmanager
def a_folder() -> Iterator[Path]:
    """Give a folder that the server's user may write to."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(**settings: str) -> Iterator[Server]:
    """Give a server that runs, and end it."""
    binaries()
    with a_folder() as folder:
        server = Server(folder, settings)
        server.create()
        server.start()
        try:
            yield server
        finally:
            with suppress(subprocess.CalledProcessError):
                server.stop("immediate")


def until(found: str, server: Server, sql: str) -> None:
    """Wait until a query prints that."""
    deadline = time.monotonic() + PATIENCE
    while server.sql(sql) != [found]:
        assert time.monotonic() < deadline, sql
        time.sleep(0.05)
