"""What the bot depends on, and how to see whether it works."""

from datetime import timedelta

from bot.ports import Chat, Rules, Store

from .board import Board
from .health import Probe

SOON, QUARTER, MINUTE, SOMETIMES = (timedelta(seconds=s) for s in (1, 15, 60, 300))


def probes(store: Store, board: Board, chat: Chat, rules: Rules) -> list[Probe]:
    """Return a probe for each part that every bot has."""

    async def slack() -> None:
        await chat.whoami()

    async def announcements() -> None:
        if channel := rules.policy().announcements:
            await chat.check_channel(channel)

    async def operators() -> None:
        if channel := rules.policy().operators:
            await chat.check_channel(channel)

    return [
        Probe("store", store.ready, needed=True, every=SOON),
        Probe("board", board.check, needed=True, patience=MINUTE),
        Probe("slack", slack, needed=True, patience=MINUTE, every=MINUTE),
        Probe("announcements", announcements, every=SOMETIMES),
        Probe("operators", operators, every=SOMETIMES),
    ]
