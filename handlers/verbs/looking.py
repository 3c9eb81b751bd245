"""Verbs that are about no one incident."""

from bot.ports import Words

from .call import Call
from .declaring import declaration


async def declare(call: Call) -> Words:
    """Open an incident."""
    command = declaration(call.by, call.rest)
    declared = await call.desk.incidents.handle(None, command, call.key)
    return call.say("declared", incident=declared)
