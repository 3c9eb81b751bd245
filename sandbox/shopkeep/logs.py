"""Log files that grow, one for each service."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path

LARGEST = 4 << 20  # bytes, before a file is put aside


@dataclass(slots=True)
class Logs:
    """Writes to SERVICE.log in a folder; what is full becomes SERVICE.log.1 and is lost later.

    Each line is JSON, or plain: moment, level, text, and fields as name=value.
    """

    folder: Path
    largest: int = LARGEST
    plain: bool = False
    _files: dict[str, FileIO] = field(default_factory=dict)

    def path(self, service: str) -> Path:
        """Return where a service's log is."""
        return self.folder / f"{service}.log"

    def write(self, service: str, at: float, level: str, text: str, **fields: object) -> None:
        """Add a line."""
        moment = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
        moment = moment.replace("+00:00", "Z")
        if self.plain:
            pairs = "".join(f" {name}={_shown(value)}" for name, value in fields.items())
            line = f"{moment} {level.upper()} {text}{pairs}"
        else:
            head = {"time": moment, "level": level, "service": service, "message": text}
            line = json.dumps(head | fields, ensure_ascii=False, default=str)
        data = line.encode(errors="replace") + b"\n"
        file = self._open(service)
        if file.tell() and file.tell() + len(data) > self.largest:
            self.rotate(service)
            file = self._open(service)
        file.write(data)

    def rotate(self, service: str) -> None:
        """Put the file aside and begin another."""
        self._close(service)
        path = self.path(service)
        if path.exists():
            path.replace(path.with_name(f"{path.name}.1"))

    def cut(self, service: str) -> None:
        """Copy the file aside and empty it, as `copytruncate` does."""
        path = self.path(service)
        if path.exists():
            path.with_name(f"{path.name}.1").write_bytes(path.read_bytes())
        self._open(service).truncate(0)
        self._close(service)

    def close(self) -> None:
        """Let go of the files."""
        for service in list(self._files):
            self._close(service)

    def _open(self, service: str) -> FileIO:
        if service not in self._files:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._files[service] = FileIO(self.path(service), "a")
        return self._files[service]

    def _close(self, service: str) -> None:
        if file := self._files.pop(service, None):
            file.close()


def _shown(value: object) -> str:
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if not text or set(text) & set(' "=\n') else text
