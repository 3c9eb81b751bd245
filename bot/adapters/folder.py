"""The Archive port: a folder with one folder for each incident, for its owner's eyes only."""

import asyncio
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from bot.ports import Unavailable

from .disk import private, sync_folder

T = TypeVar("T")

NAME = "postmortem.md"
LAST_LINE = 200  # bytes


class Folder:
    """Each file is put in its place whole: a reader sees the old one or the new one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="archive")

    async def kept(self) -> Mapping[str, str]:
        """Return the last line of what is kept of each incident."""
        return await self._run(self._kept)

    async def keep(self, incident: str, text: str) -> None:
        """Write it down in the place of what was kept."""
        await self._run(self._keep, incident, text)

    def close(self) -> None:
        """Finish what is being written, and end the thread."""
        self._thread.shutdown()

    async def _run(self, work: Callable[..., T], *args: object) -> T:
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._thread, work, *args)
        except OSError as error:
            msg = f"{self._path}: {error.strerror or error}"
            raise Unavailable(msg) from error

    def _kept(self) -> Mapping[str, str]:
        found = self._path.glob(f"*/{NAME}")
        return {path.parent.name: _last_line(path) for path in found}

    def _keep(self, incident: str, text: str) -> None:
        folder = self._path / incident
        for missing in reversed([f for f in (folder, *folder.parents) if not f.exists()]):
            missing.mkdir(mode=0o700, exist_ok=True)
        new = folder / f"{NAME}.new"
        new.unlink(missing_ok=True)
        with open(new, "xb", opener=private) as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        new.replace(folder / NAME)
        for changed in (folder, self._path):
            sync_folder(changed)


def _last_line(path: Path) -> str:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - LAST_LINE))
        return file.read().decode(errors="replace").rstrip("\n").rpartition("\n")[2]
