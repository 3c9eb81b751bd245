"""What the bot depends on, and how to see whether it works."""

from datetime import timedelta

from bot.domain.errors import Refused
from bot.ports import Chat, Clock, Rules, Store

from .board import Board
from .health import Probe
from .worker import Worker

SOON, QUARTER, MINUTE, SOMETIMES = (timedelta(seconds=s) for s in (1, 15, 60, 300))


SKEW = timedelta(seconds=60)  # Slack refuses signatures that are 5 minutes off


def probes(store: Store, board: Board, chat: Chat, rules: Rules, worker: Worker) -> list[Probe]:
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
        Probe(
            "slack",
            slack,
            needed=True,
            patience=MINUTE,
            every=MINUTE,
            back=worker.back,
            lost=worker.lost,
            doubt=worker.doubt,
        ),
        Probe("announcements", announcements, every=SOMETIMES),
        Probe("operators", operators, every=SOMETIMES),
    ]


def identity_probes(chat: Chat, clock: Clock, required: frozenset[str]) -> list[Probe]:
    """Return a probe for what the chat says of us: what we may do, and what time it is."""

    async def scopes() -> None:
        if missing := sorted(required - (await chat.whoami()).scopes):
            msg = f"missing: {', '.join(missing)}"
            raise Refused(msg)

    async def told_time() -> None:
        there = (await chat.whoami()).clock
        off = abs(clock.now() - there) if there else timedelta()
        if off > SKEW:
            msg = f"{off.total_seconds():.0f} s off"
            raise Refused(msg)

    return [Probe("scopes", scopes, every=SOMETIMES), Probe("clock", told_time, every=SOMETIMES)]
