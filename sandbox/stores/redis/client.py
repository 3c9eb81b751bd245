"""A connection, and what is answered to whatever it says wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from .keyspace import Keyspace
from .resp import RESP2, Simple, Wrong

Words: TypeAlias = list[str]
OK = Simple("OK")
SYNTAX = Wrong("ERR syntax error")
NO_NUMBER = Wrong("ERR value is not an integer or out of range")
WRONG_TYPE = Wrong("WRONGTYPE Operation against a key holding the wrong kind of value")
TOO_FULL = Wrong("OOM command not allowed when used memory > 'maxmemory'.")
NO_SCRIPTS = Wrong("ERR scripts are not supported here; say it with plain commands")
NO_PASSWORD = Wrong(
    "ERR AUTH <password> called without any password configured for the default user. "
    "Are you sure your configuration is correct?"
)
WRONG_PASSWORD = Wrong("WRONGPASS invalid username-password pair or user is disabled.")
NOT_LOGGED_IN = Wrong("NOAUTH Authentication required.")
LARGEST = 1 << 63
DIGITS = 20
SECONDS, MILLISECONDS = 1.0, 0.001


@dataclass(slots=True)
class Client:
    """One connection: what it has said of itself."""

    number: int
    keyspace: Keyspace
    port: int
    password: str | None
    clients: Callable[[], int]
    is_in: bool = False
    database: int = 0
    protocol: int = RESP2
    name: str = ""
    leaves: bool = False


def whole(word: str) -> int | None:
    """Return the number that a word is, if it is one."""
    digits = word.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and (digits == "0" or digits[0] != "0")):
        return None
    return int(word) if len(digits) < DIGITS and abs(int(word)) < LARGEST else None


def unknown_part(command: str, words: Words, known: str) -> Wrong:
    """Return the refusal of what is no part of a command."""
    began = f"ERR unknown subcommand or wrong number of arguments for '{words[0][:128]}'."
    return Wrong(f"{began} Try {command} HELP. (this server knows {command} {known})")
