"""What one commit costs does not grow with what there is already."""

from dataclasses import dataclass

import orjson
import psycopg
import pytest

from bot.adapters.journal import HEAD
from bot.adapters.postgres import PostgresStore
from bot.adapters.tinydb import JOURNAL, TinyStore
from bot.domain.facts import Fact
from bot.ports import Commit, Store
from tests.adapters.test_store_contract import job
from tests.fakes.clock import SteppedClock
from tests.fakes.disk import PowerDisk
from tests.samples import DECLARED, JOINED, TAKEN

COMMITS = 20
FEW, MANY = 100, 50_000  # facts
QUITE_MANY = 10_000  # where the memory has them too
ONE = Commit(
    {"NEW": (0, [DECLARED, TAKEN])},
    {("number", "NEW"): "NEW"},
    jobs=[job("NEW/1/open_channel", "NEW"), job("NEW/announcement", "NEW/a")],
    request_key="r",
)


@dataclass(frozen=True)
class Cost:
    """What one commit wrote."""

    bytes: int
    documents: int
    operations: int


async def filled(store: Store, facts: int) -> None:
    """Have so many facts, in as many commits however many they are."""
    each: list[Fact] = [JOINED] * (facts // COMMITS)
    for n in range(COMMITS):
        await store.commit(Commit({f"I{n}": (0, each)}, request_key=f"{n}"))


async def cost_on_disk(facts: int, clock: SteppedClock) -> Cost:
    disk = PowerDisk()
    store = TinyStore(disk, clock, worthwhile=10**12)  # not rewritten meanwhile
    await filled(store, facts)
    before, done = disk.size(JOURNAL) or 0, disk.operations
    await store.commit(ONE)
    written = b"".join(disk.read(JOURNAL, before))
    await store.close()
    return Cost(len(written), len(orjson.loads(written[HEAD:])), disk.operations - done)


async def test_a_commit_writes_the_same_at_any_size(clock: SteppedClock) -> None:
    few, many = await cost_on_disk(FEW, clock), await cost_on_disk(QUITE_MANY, clock)
    assert few == many
    assert (few.documents, few.operations) == (1, 2)  # one write, one sync


def touched(url: str) -> dict[str, int]:
    """Return how many rows of each table were written so far."""
    query = "select relname, n_tup_ins + n_tup_upd + n_tup_del from pg_stat_user_tables"
    with psycopg.connect(url, autocommit=True) as connection:
        return dict(connection.execute(query).fetchall())


async def rows_of_one(url: str, facts: int, clock: SteppedClock) -> dict[str, int]:
    store = await PostgresStore(url, clock).open()
    await filled(store, facts)
    await store.close()  # whoever disconnects has reported what it did
    before = touched(url)
    store = await PostgresStore(url, clock).open()
    await store.commit(ONE)
    await store.close()
    return {name: rows - before[name] for name, rows in touched(url).items()}


@pytest.mark.server
async def test_a_commit_touches_the_same_rows_at_any_size(
    new_database: object, clock: SteppedClock
) -> None:
    assert callable(new_database)
    few = await rows_of_one(new_database(), FEW, clock)
    many = await rows_of_one(new_database(), MANY, clock)
    assert few == many
    assert sum(few.values()) == 9, few  # what the commit names, the head, and its token
