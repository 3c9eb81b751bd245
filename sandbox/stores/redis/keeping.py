"""Commands that read, keep and lose keys."""

from .client import (
    MILLISECONDS,
    NO_NUMBER,
    OK,
    SECONDS,
    SYNTAX,
    TOO_FULL,
    WRONG_TYPE,
    Client,
    Words,
    whole,
)
from .keyspace import DATABASES, OVERHEAD, Key, OutOfMemoryError
from .resp import Reply, Simple, Wrong


def read(client: Client, words: Words) -> Reply:
    """Return what is kept."""
    key = client.keyspace.read(words[0], client.database)
    if key is None:
        return None
    if key.kind != "string":
        return WRONG_TYPE
    return f"({key.size} bytes)" if key.value is None else key.value


def keep(client: Client, words: Words) -> Reply:
    """Keep something."""
    name, value, *options = words
    lasts, when = None, ""
    while options:
        option = options.pop(0).lower()
        if option in ("nx", "xx") and not when:
            when = option
        elif option in ("ex", "px") and options and lasts is None:
            number = whole(options.pop(0))
            if number is None:
                return NO_NUMBER
            if number <= 0:
                return Wrong("ERR invalid expire time in 'set' command")
            lasts = number * (SECONDS if option == "ex" else MILLISECONDS)
        else:
            return SYNTAX
    keyspace, database = client.keyspace, client.database
    if when and (keyspace.find(name, database) is None) != (when == "nx"):
        return None
    data = value.encode(errors="surrogateescape")
    size = OVERHEAD + len(name.encode(errors="surrogateescape")) + len(data)
    try:
        keyspace.put(name, Key(size, value=data), database, lasts)
    except OutOfMemoryError:
        return TOO_FULL
    return OK


def _left(client: Client, name: str) -> float:
    key = client.keyspace.find(name, client.database)
    client.keyspace.tally(hits=int(key is not None), misses=int(key is None))
    if key is None:
        return -2
    return -1 if key.expires_at is None else key.expires_at - client.keyspace.clock.now()


def ttl(client: Client, words: Words) -> Reply:
    """Return the seconds that a key has left."""
    left = _left(client, words[0])
    return int(left) if left < 0 else int(left + 0.5)


def pttl(client: Client, words: Words) -> Reply:
    """Return the milliseconds that a key has left."""
    left = _left(client, words[0])
    return int(left) if left < 0 else int(left * 1000)


def expire(client: Client, words: Words) -> Reply:
    """Let a key last so many seconds."""
    seconds = whole(words[1])
    if seconds is None:
        return NO_NUMBER
    key = client.keyspace.find(words[0], client.database)
    if key is None:
        return 0
    key.expires_at = client.keyspace.clock.now() + seconds
    return 1


def persist(client: Client, words: Words) -> Reply:
    """Let a key last for ever."""
    key = client.keyspace.find(words[0], client.database)
    if key is None or key.expires_at is None:
        return 0
    key.expires_at = None
    return 1


def delete(client: Client, words: Words) -> Reply:
    """Lose keys."""
    client.keyspace.advance()
    return client.keyspace.remove(words, client.database)


def exists(client: Client, words: Words) -> Reply:
    """Count those that there are."""
    return sum(_looked(client, name) is not None for name in words)


def kind(client: Client, words: Words) -> Reply:
    """Return what kind of thing is kept."""
    key = client.keyspace.find(words[0], client.database)
    return Simple(key.kind if key else "none")


def _looked(client: Client, name: str) -> Key | None:
    key = client.keyspace.find(name, client.database)
    client.keyspace.tally(hits=int(key is not None), misses=int(key is None))
    return key


def _flush(client: Client, words: Words, *numbers: int) -> Reply:
    if words and words[0].lower() not in ("async", "sync"):
        return SYNTAX
    for number in numbers:
        if client.keyspace.counts(number)[0]:
            client.keyspace.flush(number)
    return OK


def flushdb(client: Client, words: Words) -> Reply:
    """Lose all keys of this database."""
    return _flush(client, words, client.database)


def flushall(client: Client, words: Words) -> Reply:
    """Lose all keys."""
    return _flush(client, words, *range(DATABASES))
