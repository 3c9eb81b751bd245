"""Verbs that are about no one incident."""

from bot.ports import Words
from handlers import declaring

from .call import Call


async def declare(call: Call) -> Words:
    """Open an incident."""
    return await declaring.declare(
        call.desk, declaring.typed(call.desk, call.by, call.rest), call.key
    )
