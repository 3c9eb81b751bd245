"""Commands that look at the server and its keys."""

from .client import LARGEST, NO_NUMBER, OK, SYNTAX, Client, Words, unknown_part, whole
from .info import info as told
from .info import memory_stats
from .keyspace import DATABASES, like
from .resp import Reply, Wrong


def info(client: Client, words: Words) -> Reply:
    """Tell of the server, a section or more."""
    return told(client.keyspace, client.clients(), client.port, words)


def dbsize(client: Client, _words: Words) -> Reply:
    """Count the keys."""
    return client.keyspace.counts(client.database)[0]


def scan(client: Client, words: Words) -> Reply:
    """Return some of the keys, and where to go on."""
    if not words[0].isdigit() or int(words[0]) >= LARGEST * 2:
        return Wrong("ERR invalid cursor")
    told = {"match": "*", "count": "10", "type": ""}
    for name, value in zip(words[1::2], words[2::2], strict=False):
        if name.lower() not in told:
            return SYNTAX
        told[name.lower()] = value
    count = whole(told["count"])
    if count is None:
        return NO_NUMBER
    if count < 1 or len(words) % 2 == 0:
        return SYNTAX
    keyspace, test, kind = client.keyspace, like(told["match"]), told["type"].lower()
    place, names = keyspace.page(int(words[0]), count, client.database)
    keys = ((name, keyspace.find(name, client.database)) for name in names if test(name))
    return [str(place), [name for name, key in keys if key and kind in ("", key.kind)]]


def keys(client: Client, words: Words) -> Reply:
    """Return all keys that are like a pattern."""
    return list(client.keyspace.names(words[0], client.database))


def some_key(client: Client, _words: Words) -> Reply:
    """Return a key by chance."""
    return client.keyspace.any_name(client.database)


def memory(client: Client, words: Words) -> Reply:
    """Tell what a key takes, or all of them."""
    match [words[0].lower(), *words[1:]]:
        case ["usage", name] | ["usage", name, "samples" | "SAMPLES", _]:
            key = client.keyspace.find(name, client.database)
            return key.size if key else None
        case ["stats"]:
            return memory_stats(client.keyspace)
        case _:
            return unknown_part("MEMORY", words, "USAGE, STATS")


def config(client: Client, words: Words) -> Reply:
    """Tell of settings."""
    if words[0].lower() != "get" or len(words) == 1:
        return unknown_part("CONFIG", words, "GET")
    known: dict[str, Reply] = {
        "maxmemory": str(client.keyspace.maxmemory),
        "maxmemory-policy": client.keyspace.policy,
        "databases": str(DATABASES),
        "port": str(client.port),
        "save": "",
        "appendonly": "no",
    }
    tests = [like(pattern.lower()) for pattern in words[1:]]
    return {n: v for n, v in known.items() if any(test(n) for test in tests)}


def latency(_client: Client, words: Words) -> Reply:
    """Tell that nothing was slow."""
    match [word.lower() for word in words]:
        case ["latest"]:
            return []
        case ["reset"]:
            return 0
        case _:
            return unknown_part("LATENCY", words, "LATEST, RESET")


def slowlog(_client: Client, words: Words) -> Reply:
    """Tell that no command was slow."""
    match [word.lower() for word in words]:
        case ["get"] | ["get", _]:
            return []
        case ["len"]:
            return 0
        case ["reset"]:
            return OK
        case _:
            return unknown_part("SLOWLOG", words, "GET, LEN, RESET")
