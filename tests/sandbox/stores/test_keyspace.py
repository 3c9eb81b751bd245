"""What the shop's cache keeps, evicts, counts and tells."""

from random import Random

import pytest
from redis.asyncio import Redis as Client
from redis.exceptions import ResponseError

from sandbox.clock import SteppedClock
from sandbox.stores.redis.keyspace import (
    BASE,
    LRU,
    Flushed,
    Key,
    Keyspace,
    OutOfMemoryError,
    place_of,
)
from sandbox.stores.redis.server import Redis


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


def cache(clock: SteppedClock, room: int = 0, policy: str = LRU) -> Keyspace:
    return Keyspace(clock, Random(7), BASE + room if room else 0, policy)


def test_what_was_not_used_for_long_is_evicted_when_there_is_no_room(clock: SteppedClock) -> None:
    keyspace = cache(clock, room=1000)
    for number in range(10):
        keyspace.put(f"k{number}", Key(100))
        clock.step(1)
    keyspace.read("k0")
    for number in range(10, 15):
        keyspace.put(f"k{number}", Key(100))
    assert (keyspace.used, keyspace.counters.evicted) == (BASE + 1000, 5)
    assert keyspace.find("k0") is not None


def test_where_nothing_may_be_evicted_nothing_more_is_taken(clock: SteppedClock) -> None:
    keyspace = cache(clock, room=100, policy="noeviction")
    keyspace.put("a", Key(100))
    with pytest.raises(OutOfMemoryError):
        keyspace.put("b", Key(1))
    assert (keyspace.used, keyspace.counts(0)) == (BASE + 100, (1, 0))


def test_what_has_expired_is_gone_and_counted_as_missed(clock: SteppedClock) -> None:
    keyspace = cache(clock)
    keyspace.put("a", Key(10), lasts=30)
    keyspace.put("b", Key(10), lasts=60)
    assert keyspace.read("a") is not None
    clock.step(30)
    assert keyspace.read("a") is None
    clock.step(30)
    keyspace.advance()
    counted = keyspace.counters
    assert (keyspace.used, counted.hits, counted.misses, counted.expired) == (BASE, 1, 1, 2)


def test_the_shop_learns_what_was_flushed(clock: SteppedClock) -> None:
    keyspace = cache(clock)
    keyspace.put("a", Key(10))
    keyspace.put("b", Key(10), database=1)
    keyspace.flush(0)
    assert keyspace.flushed() == [Flushed(0, clock.now(), 1)]
    assert (keyspace.flushed(), keyspace.used, keyspace.peak) == ([], BASE + 10, BASE + 20)


def test_a_page_ends_between_places_and_a_key_put_anew_comes_once(clock: SteppedClock) -> None:
    keyspace = cache(clock)
    for number in range(100):
        keyspace.put(f"k{number}", Key(1))
    keyspace.remove(["k1", "k2"])
    keyspace.put("k1", Key(1))
    found, place = list[str](), 0
    while True:
        place, names = keyspace.page(place, 7)
        found += names
        if place == 0:
            break
    assert sorted(found) == sorted(f"k{number}" for number in range(100) if number != 2)
    assert found == sorted(found, key=place_of)


async def test_a_full_cache_says_so_and_scripts_are_refused_in_words(clock: SteppedClock) -> None:
    keyspace = cache(clock, room=100, policy="noeviction")
    keyspace.put("session:1", Key(100, kind="hash"))
    async with Redis(keyspace) as server, Client.from_url(server.url) as client:
        for words, refused in [
            (("SET", "a", "1"), "command not allowed when used memory"),
            (("GET", "session:1"), "holding the wrong kind of value"),
            (("EVAL", "return 1", "0"), "scripts are not supported here"),
            (("LPUSH", "a", "1"), "this server knows AUTH, CLIENT"),
            (("CLIENT", "LIST"), "this server knows CLIENT ID, GETNAME"),
        ]:
            with pytest.raises(ResponseError) as refusal:
                await client.execute_command(*words)  # type: ignore[no-untyped-call]
            assert refused in str(refusal.value)
        assert await client.memory_usage("session:1") == 100


async def test_a_server_that_comes_back_is_at_its_old_place(clock: SteppedClock) -> None:
    server = Redis(cache(clock))
    async with server:
        before = server.url
    async with server, Client.from_url(server.url) as client:
        assert (server.url, await client.dbsize()) == (before, 0)
