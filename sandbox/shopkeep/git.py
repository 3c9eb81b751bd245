"""The git program, told what to do without whatever else is configured on this machine."""

import os
import subprocess
from pathlib import Path

PATIENCE = 30.0  # seconds
ALONE = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0"}
DISTURBING = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY")


class GitError(Exception):
    """Tell that git is missing, or what it says."""


def git(folder: Path, *words: str, said: bytes = b"") -> str:
    """Run git in a folder; return what it prints."""
    known = {name: value for name, value in os.environ.items() if name not in DISTURBING}
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *words],
            input=said,
            capture_output=True,
            env=known | ALONE,
            timeout=PATIENCE,
            check=True,
        )
    except FileNotFoundError as error:
        raise GitError("the program git is not found: install git, and start anew") from error
    except subprocess.CalledProcessError as error:
        told = error.stderr.decode(errors="replace").strip()
        why = f"git {words[0]} failed: {told}"
        raise GitError(why) from error
    except subprocess.TimeoutExpired as error:
        why = f"git {words[0]} took longer than {PATIENCE:g} seconds"
        raise GitError(why) from error
    return done.stdout.decode(errors="replace").strip()
