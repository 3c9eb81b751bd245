"""Erases what one person said in incidents' channels, and takes it off the disk."""

import argparse
import asyncio
from dataclasses import dataclass

from bot.adapters.clock import SystemClock
from bot.adapters.journal import Corrupt
from bot.adapters.tinydb import TinyStore
from bot.domain.records import TooNew
from bot.ports import Held, Unavailable
from bot.render import Wording
from bot.settings import Environment, Mistakes, read_environment
from bot.usecases.forgetting import Forgetting

from .stores import opened

DONE, REFUSED = 0, 2


@dataclass(frozen=True, slots=True)
class Erased:
    """How many messages were erased; `trouble` is why not all, `held` that a bot has the data."""

    messages: int = 0
    trouble: str = ""
    held: bool = False


def arguments(parser: argparse.ArgumentParser) -> None:
    """Name the options."""
    told = "whose messages: a Slack member id, as U0123456789"
    parser.add_argument("--person", required=True, metavar="ID", help=told)


def run(args: argparse.Namespace) -> int:
    """Erase, and say what was done."""
    try:
        environment = read_environment()
    except Mistakes as mistakes:
        print(mistakes)
        return REFUSED
    person = args.person.strip().removeprefix("<@").removesuffix(">")
    done = asyncio.run(erase(environment, person))
    print(Wording().report("erase", person=person, done=done))
    return REFUSED if done.trouble else DONE


async def erase(environment: Environment, person: str) -> Erased:
    """Erase all that the person said; what was erased before is taken off the disk too."""
    try:
        store = await opened(environment)
        try:
            count = await Forgetting(store, SystemClock()).forget_person(person)
            if isinstance(store, TinyStore):
                await store.compact()
        finally:
            await store.close()
    except Held as held:
        return Erased(trouble=str(held), held=True)
    except (Unavailable, Corrupt, TooNew, OSError) as error:
        return Erased(trouble=str(error))
    return Erased(count)
