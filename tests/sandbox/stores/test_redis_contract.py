"""What the sandbox's Redis and a real one answer alike."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from random import Random
from typing import Any, TypeAlias

import pytest
from redis import asyncio as vendor
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, ResponseError

from sandbox.clock import Clock
from sandbox.stores.redis.keyspace import Keyspace
from sandbox.stores.redis.server import Redis
from tests.redis import ON_REDIS, running

PASSWORD = "open sesame"
ONCE = Retry(NoBackoff(), 0)
Client: TypeAlias = Any  # the vendor's types leave open whether an answer is awaited


@pytest.fixture(scope="module")
def real() -> Iterator[int]:
    with running() as port:
        yield port


@pytest.fixture(scope="module")
def guarded() -> Iterator[int]:
    with running(PASSWORD) as port:
        yield port


@pytest.fixture(params=["sandbox", ON_REDIS])
async def port(request: pytest.FixtureRequest) -> AsyncIterator[int]:
    if request.param == "redis":
        yield request.getfixturevalue("real")
    else:
        async with Redis(Keyspace(Clock(), Random(1))) as server:
            yield server.port


@pytest.fixture(params=["sandbox", ON_REDIS])
async def guarded_port(request: pytest.FixtureRequest) -> AsyncIterator[int]:
    if request.param == "redis":
        yield request.getfixturevalue("guarded")
    else:
        async with Redis(Keyspace(Clock(), Random(1)), password=PASSWORD) as server:
            yield server.port


@asynccontextmanager
async def connected(port: int, protocol: int = 2, **known: Any) -> AsyncIterator[Client]:
    async with vendor.Redis(
        host="127.0.0.1", port=port, protocol=protocol, decode_responses=True, retry=ONCE, **known
    ) as client:
        yield client


@pytest.fixture(params=[2, 3])
async def redis(port: int, request: pytest.FixtureRequest) -> AsyncIterator[Client]:
    async with connected(port, request.param) as client:
        await client.flushall()
        yield client


async def refusal(client: Client, *words: str) -> str:
    with pytest.raises((ResponseError, AuthenticationError)) as refused:
        await client.execute_command(*words)
    return str(refused.value)


async def test_keys_are_kept_read_and_lost(redis: Client) -> None:
    assert await redis.ping() is True
    assert await redis.echo("é 🎉 שלום") == "é 🎉 שלום"
    assert await redis.set("a", "1") is True
    assert await redis.set("b", "2", ex=100) is True
    assert await redis.set("a", "9", nx=True) is None
    assert await redis.set("c", "9", xx=True) is None
    assert [await redis.get(name) for name in "abc"] == ["1", "2", None]
    assert await redis.exists("a", "b", "c", "a") == 3
    assert [await redis.type(name) for name in "ac"] == ["string", "none"]
    assert await redis.dbsize() == 2
    assert await redis.randomkey() in ("a", "b")
    assert await redis.delete("a", "c") == 1
    assert await redis.unlink("b") == 1
    assert (await redis.dbsize(), await redis.randomkey()) == (0, None)


async def test_keys_last_as_long_as_they_are_told(redis: Client) -> None:
    await redis.set("a", "1", ex=100)
    assert (await redis.ttl("a"), await redis.ttl("none")) == (100, -2)
    assert 99_000 < await redis.pttl("a") <= 100_000
    assert await redis.persist("a") == 1
    assert (await redis.ttl("a"), await redis.persist("a")) == (-1, 0)
    assert (await redis.expire("a", 50), await redis.expire("none", 50)) == (1, 0)
    assert await redis.ttl("a") == 50
    assert await redis.expire("a", -1) == 1
    assert await redis.get("a") is None
    await redis.set("b", "1", px=1)
    while await redis.get("b"):
        pass


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("cart:*", {"cart:1", "cart:22", "cart:é"}),
        ("cart:?", {"cart:1"}),
        ("*:[0-9]", {"cart:1", "user:3"}),
        ("*:[^1]", {"user:3"}),
        ("[cu]*[13]", {"cart:1", "user:3"}),
        ("a\\*b", {"a*b"}),
        ("*", {"cart:1", "cart:22", "cart:é", "user:3", "a*b"}),
        ("**2", {"cart:22"}),
        ("", set()),
        ("[", set()),
    ],
)
async def test_names_are_found_by_pattern(redis: Client, pattern: str, found: set[str]) -> None:
    for name in ("cart:1", "cart:22", "cart:é", "user:3", "a*b"):
        await redis.set(name, "x")
    assert set(await redis.keys(pattern)) == found
    assert {name async for name in redis.scan_iter(match=pattern)} == (found or set())


async def test_a_scan_finds_all_that_stays_while_others_come_and_go(redis: Client) -> None:
    stay = {f"stay:{number}" for number in range(200)}
    for name in stay:
        await redis.set(name, "x")
    seen, cursor, pages = set[str](), 0, 0
    while True:
        cursor, names = await redis.scan(cursor, match="stay:*", count=20)
        seen |= set(names)
        pages += 1
        await redis.set(f"come:{pages}", "x")
        await redis.delete(f"come:{pages - 1}")
        if cursor == 0:
            break
    assert (seen, pages > 1) == (stay, True)
    assert {name async for name in redis.scan_iter(_type="string")} >= stay
    assert [name async for name in redis.scan_iter(_type="hash")] == []


async def test_keys_are_unlinked_by_pattern_and_no_others(redis: Client) -> None:
    for number in range(50):
        await redis.set(f"cart:{number}", "x")
        await redis.set(f"session:{number}", "x")
    async for name in redis.scan_iter(match="cart:*", count=7):
        await redis.unlink(name)
    assert (await redis.dbsize(), await redis.keys("cart:*")) == (50, [])


async def test_databases_are_apart_and_flushed_alone(port: int, redis: Client) -> None:
    async with connected(port, db="1") as other:
        await redis.set("a", "1")
        await other.set("b", "2")
        assert await other.get("a") is None
        keyspace = await redis.info("keyspace")
        assert {name: (told["keys"], told["expires"]) for name, told in keyspace.items()} == {
            "db0": (1, 0),
            "db1": (1, 0),
        }
        assert await other.flushdb(asynchronous=True) is True
        assert (await redis.dbsize(), await other.dbsize()) == (1, 0)
        await other.set("b", "2")
        assert await redis.flushall() is True
        assert (await redis.dbsize(), await other.dbsize()) == (0, 0)


async def test_it_tells_of_its_memory_and_its_hits(redis: Client) -> None:
    before = await redis.info("stats")
    await redis.set("a", "x" * 1000)
    await redis.get("a")
    await redis.exists("a", "b")
    await redis.get("b")
    stats = await redis.info("stats")
    counted = [stats[f"keyspace_{n}"] - before[f"keyspace_{n}"] for n in ("hits", "misses")]
    assert counted == [2, 2]
    assert 1000 < await redis.memory_usage("a") < 1500
    assert await redis.memory_usage("b") is None
    everything = await redis.info()
    for name in ("redis_version", "uptime_in_seconds", "connected_clients", "maxmemory_human"):
        assert name in everything
    assert (everything["role"], everything["maxmemory"]) == ("master", 0)
    assert everything["used_memory"] > 1000
    memory = await redis.memory_stats()
    assert memory["keys.count"] == 1
    assert memory["dataset.bytes"] > 1000
    assert await redis.info("nothing") == {}
    assert await redis.config_get("maxmemory*") | {"maxmemory": "0"} == (
        await redis.config_get("maxmemory", "maxmemory-*")
    )
    assert (await redis.config_get("maxmemory-policy")) == {"maxmemory-policy": "noeviction"}
    assert await redis.config_get("nothing") == {}


async def test_it_is_asked_about_its_commands_and_its_past(redis: Client) -> None:
    assert await redis.command_count() > 30
    assert "get" in await redis.command()
    assert (await redis.slowlog_len(), await redis.slowlog_reset()) == (0, True)
    assert await redis.slowlog_get() == []
    assert await redis.latency_latest() == []
    assert (await redis.time())[0] > 1_700_000_000
    assert await redis.client_id() > 0
    assert await redis.client_setname("bot") is True
    assert await redis.client_getname() == "bot"


@pytest.mark.parametrize(
    ("words", "refused"),
    [
        (("GET",), "wrong number of arguments for 'get' command"),
        (("DBSIZE", "1"), "wrong number of arguments for 'dbsize' command"),
        (("NOTHING", "a", "b"), "unknown command 'NOTHING', with args beginning with: 'a' 'b' "),
        (("SELECT", "16"), "DB index is out of range"),
        (("SCAN", "x"), "invalid cursor"),
        (("SCAN", "0", "COUNT", "0"), "syntax error"),
        (("SCAN", "0", "COUNT", "x"), "value is not an integer or out of range"),
        (("SCAN", "0", "NOTHING", "1"), "syntax error"),
        (("FLUSHDB", "NOW"), "syntax error"),
        (("SET", "a", "1", "EX", "0"), "invalid expire time in 'set' command"),
        (("SET", "a", "1", "EX", "x"), "value is not an integer or out of range"),
        (("SET", "a", "1", "SOON"), "syntax error"),
        (("EXPIRE", "a", "soon"), "value is not an integer or out of range"),
        (("CLIENT", "SETNAME", "two words"), "Client names cannot contain spaces, newlines or"),
        (("CLIENT", "NOTHING"), "unknown subcommand"),
        (("MEMORY", "NOTHING"), "unknown subcommand"),
        (("CONFIG", "NOTHING"), "unknown subcommand"),
        (("HELLO", "9"), "unsupported protocol version"),
        (("HELLO", "3", "NOTHING"), "yntax error in HELLO option 'NOTHING'"),
        (("AUTH", "x"), "AUTH <password> called without any password configured"),
    ],
)
async def test_what_is_wrong_is_refused_in_the_same_words(
    redis: Client, words: tuple[str, ...], refused: str
) -> None:
    assert refused in await refusal(redis, *words)
    assert await redis.ping() is True


@pytest.mark.parametrize("protocol", [2, 3])
async def test_who_does_not_know_the_password_is_not_let_in(
    guarded_port: int, protocol: int
) -> None:
    async with connected(guarded_port, protocol, password=PASSWORD) as client:
        assert await client.ping() is True
    async with connected(guarded_port, protocol, password="wrong") as client:
        with pytest.raises(AuthenticationError, match="invalid username-password pair"):
            await client.ping()
    async with connected(guarded_port, protocol) as client:
        with pytest.raises(AuthenticationError):
            await client.ping()


@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        (b"PING\r\n", b"+PONG\r\n"),
        (b"\r\nset a 1\r\nGET a\r\n", b"+OK\r\n$1\r\n1\r\n"),
        (b"*1\r\n$4\r\nPING\r\n*2\r\n$3\r\nTTL\r\n$4\r\nnone\r\n", b"+PONG\r\n:-2\r\n"),
        (b"*1\r\nPING\r\n", b"-ERR Protocol error: expected '$', got 'P'\r\n"),
        (b"*1\r\n$-5\r\n", b"-ERR Protocol error: invalid bulk length\r\n"),
        (b"*x\r\n", b"-ERR Protocol error: invalid multibulk length\r\n"),
        (b"*0\r\n*-1\r\nQUIT\r\n", b"+OK\r\n"),
    ],
)
async def test_what_is_sent_is_answered_byte_by_byte(
    port: int, sent: bytes, answered: bytes
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    assert await reader.readexactly(len(answered)) == answered
    writer.close()
    await writer.wait_closed()
