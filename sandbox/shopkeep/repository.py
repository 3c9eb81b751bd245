"""A git repository of everything the shop has deployed."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from random import Random

from .git import git
from .past import Commit, Deployment, Past

BRANCH = "main"


class Repository:
    """A folder with a work tree, one folder per service, and a tag for each deployment.

    Nothing here waits: git is run and done, in some milliseconds.
    """

    def __init__(self, folder: Path, past: Past) -> None:
        self.folder = folder
        self._past = past

    @classmethod
    def create(
        cls, folder: Path, versions: Mapping[str, int], now: float, random: Random
    ) -> "Repository":
        """Make a repository with weeks of past, in which each service is at its version now."""
        folder.mkdir(parents=True, exist_ok=True)
        git(folder, "init", "-q", "-b", BRANCH)
        made = cls(folder, Past(random))
        made._write(list(made._past.until(now, versions)), from_scratch=True)
        return made

    def deploy(self, told: Deployment) -> str:
        """Commit and tag what is put into service; return the commit."""
        self._write([self._past.deployment(told)])
        return self.head()

    def commit(self, service: str, at: float, author: str, summary: str) -> str:
        """Commit something that is not deployed yet; return the commit."""
        files = self._past.change(service, summary)
        self._write([Commit(at, author, f"{service}: {summary}", files)])
        return self.head()

    def head(self) -> str:
        """Return the newest commit."""
        return git(self.folder, "rev-parse", BRANCH)

    def _write(self, commits: Iterable[Commit], *, from_scratch: bool = False) -> None:
        ordered = sorted(commits, key=lambda commit: commit.at)
        told = [_told(c, continues=not from_scratch and c is ordered[0]) for c in ordered]
        git(self.folder, "fast-import", "--quiet", said=b"".join(told) + b"done\n")
        git(self.folder, "reset", "--quiet", "--hard", BRANCH)


def _told(commit: Commit, *, continues: bool) -> bytes:
    """Return a commit as fast-import has it."""
    mail = commit.author.split()[0].lower() + "@shop.example"
    who = f"{commit.author} <{mail}> {int(commit.at)} +0000"
    parts = [
        f"commit refs/heads/{BRANCH}\nauthor {who}\ncommitter {who}\n".encode(),
        _data(commit.message),
        f"from refs/heads/{BRANCH}^0\n".encode() if continues else b"",
    ]
    for name, text in commit.files.items():
        parts += [f"M 100644 inline {name}\n".encode(), _data(text)]
    if commit.tag:
        parts.append(f"reset refs/tags/{commit.tag}\nfrom refs/heads/{BRANCH}\n\n".encode())
    return b"".join(parts)


def _data(text: str) -> bytes:
    data = text.encode()
    return b"data %d\n" % len(data) + data + b"\n"
