"""The commands, and what is said to whoever says another."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from . import greeting, keeping, looking
from .client import NO_SCRIPTS, NOT_LOGGED_IN, Client, Words, unknown_part
from .resp import Reply, Wrong

Run: TypeAlias = Callable[[Client, Words], Reply]


@dataclass(frozen=True, slots=True)
class Command:
    """How many words a command has at least and at most, its own name left out, and its work."""

    least: int
    most: int | None
    run: Run


def run(client: Client, words: Words) -> Reply:
    """Do what a client says."""
    client.keyspace.counters.commands += 1
    name, rest = words[0].lower(), words[1:]
    command = COMMANDS.get(name)
    if command is None:
        return _unknown(words)
    if len(rest) < command.least or (command.most is not None and len(rest) > command.most):
        return Wrong(f"ERR wrong number of arguments for '{name}' command")
    if client.password is not None and not client.is_in and name not in ("auth", "hello", "quit"):
        return NOT_LOGGED_IN
    return command.run(client, rest)


def _unknown(words: Words) -> Wrong:
    shown = "".join(f"'{word[:128]}' " for word in words[1:21])
    known = ", ".join(name.upper() for name in COMMANDS)
    began = f"ERR unknown command '{words[0][:128]}', with args beginning with: {shown}"
    return Wrong(f"{began}(this server knows {known})")


def _command(_client: Client, words: Words) -> Reply:
    match [word.lower() for word in words]:
        case []:
            return [_described(name) for name in COMMANDS]
        case ["count"]:
            return len(COMMANDS)
        case ["info", *names]:
            return [_described(name) if name in COMMANDS else None for name in names]
        case ["docs", *_]:
            return {}
        case _:
            return unknown_part("COMMAND", words, "COUNT, INFO, DOCS")


def _described(name: str) -> Reply:
    command = COMMANDS[name]
    arity = command.least + 1 if command.least == command.most else -(command.least + 1)
    return [name, arity, [], 0, 0, 0, [], [], [], []]


def _refused(_client: Client, _words: Words) -> Reply:
    return NO_SCRIPTS


COMMANDS: Mapping[str, Command] = {
    "auth": Command(1, 2, greeting.auth),
    "client": Command(1, None, greeting.named),
    "command": Command(0, None, _command),
    "config": Command(1, None, looking.config),
    "dbsize": Command(0, 0, looking.dbsize),
    "del": Command(1, None, keeping.delete),
    "echo": Command(1, 1, greeting.ping),
    "eval": Command(2, None, _refused),
    "evalsha": Command(2, None, _refused),
    "exists": Command(1, None, keeping.exists),
    "expire": Command(2, 2, keeping.expire),
    "flushall": Command(0, 1, keeping.flushall),
    "flushdb": Command(0, 1, keeping.flushdb),
    "get": Command(1, 1, keeping.read),
    "hello": Command(0, None, greeting.hello),
    "info": Command(0, None, looking.info),
    "keys": Command(1, 1, looking.keys),
    "latency": Command(1, None, looking.latency),
    "memory": Command(1, None, looking.memory),
    "persist": Command(1, 1, keeping.persist),
    "ping": Command(0, 1, greeting.ping),
    "pttl": Command(1, 1, keeping.pttl),
    "quit": Command(0, None, greeting.quit),
    "randomkey": Command(0, 0, looking.some_key),
    "scan": Command(1, None, looking.scan),
    "select": Command(1, 1, greeting.select),
    "set": Command(2, None, keeping.keep),
    "slowlog": Command(1, None, looking.slowlog),
    "time": Command(0, 0, greeting.time),
    "ttl": Command(1, 1, keeping.ttl),
    "type": Command(1, 1, keeping.kind),
    "unlink": Command(1, None, keeping.delete),
}
