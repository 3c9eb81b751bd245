"""Verbs that are about no one incident."""

from bot.domain.errors import Refused
from bot.ports import Words

from .call import Call
from .declaring import declaration


async def declare(call: Call) -> Words:
    """Open an incident."""
    command = declaration(call.by, call.rest)
    declared = await call.desk.incidents.handle(None, command, call.key)
    return call.say("declared", incident=declared)


def read_list(call: Call) -> None:
    """Refuse what a list does not take."""
    if call.rest:
        msg = "I do not understand `{quote}`. `/incident list` shows all that is open."
        raise Refused(msg, quote=call.rest)


async def list_open(call: Call) -> Words:
    """Show the open incidents."""
    return call.say("list", incidents=await call.desk.board.open_incidents(call.by))
