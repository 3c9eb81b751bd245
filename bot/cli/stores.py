"""Opens the store that the bot keeps its data in."""

from bot.adapters.clock import SystemClock
from bot.adapters.disk import LocalDisk
from bot.adapters.postgres import PostgresStore, examined
from bot.adapters.tinydb import JOURNAL, TinyStore
from bot.ports import Store, Unavailable
from bot.settings import Environment


async def opened(environment: Environment) -> Store:
    """Open the store that is there; none is made.

    Raises Unavailable (Held if a running bot has it), Corrupt, TooNew or OSError.
    """
    clock = SystemClock()
    if url := environment.database_url:
        return await _database(url.get_secret_value(), clock)
    path = environment.data_dir / JOURNAL
    if not path.exists():
        msg = f"there is no {path}"
        raise Unavailable(msg)
    return TinyStore(LocalDisk(environment.data_dir), clock)


async def _database(url: str, clock: SystemClock) -> Store:
    found = await examined(url, clock)
    if found.made < found.known:
        raise Unavailable("no bot of this version has used the database of DATABASE_URL yet")
    return await PostgresStore(url, clock).open()
