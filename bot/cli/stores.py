"""Opens the store that the bot keeps its data in."""

from bot.adapters.clock import SystemClock
from bot.adapters.disk import LocalDisk
from bot.adapters.tinydb import JOURNAL, TinyStore
from bot.ports import Store, Unavailable
from bot.settings import Environment


async def opened(environment: Environment) -> Store:
    """Open the store that is there; none is made.

    Raises Unavailable (Held if a running bot has it), Corrupt, TooNew or OSError.
    """
    path = environment.data_dir / JOURNAL
    if not path.exists():
        msg = f"there is no {path}"
        raise Unavailable(msg)
    return TinyStore(LocalDisk(environment.data_dir), SystemClock())
