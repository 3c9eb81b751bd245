"""Who everybody in the chat is, at hand for whoever must not wait for the chat."""

import re
from datetime import timedelta

import structlog

from bot.chatter import Account
from bot.domain.errors import Refused
from bot.domain.standing import Standing
from bot.ports import Chat, Clock, Unavailable

AGAIN = timedelta(hours=1)  # a change that one of several bots heard of is news to the others
SOON = timedelta(minutes=1)
NAMELESS = re.compile(r"<@([UW][A-Z0-9]+)>")

log = structlog.get_logger()


class People:
    """Knows what people are called and what they are, as the chat last told it.

    Of whom it has not been told it says so: nobody is refused for that.
    """

    def __init__(self, chat: Chat, clock: Clock) -> None:
        self._chat = chat
        self._clock = clock
        self._known: dict[str, Account] = {}

    def hear(self, account: Account) -> None:
        """Note what somebody is called and is from now on."""
        self._known[account.person] = account

    def standing(self, person: str | None) -> Standing:
        """Return what somebody is in the chat."""
        known = self._known.get(person or "")
        return known.standing if known else Standing.UNKNOWN

    def named(self, text: str) -> str:
        """Return the text with people by their names, where those are known."""
        return NAMELESS.sub(self._called, text)

    async def run(self) -> None:
        """Ask who everybody is, again and again, until cancelled."""
        while True:
            wait = await self.ask()
            await self._clock.sleep_until(self._clock.now() + wait)

    async def ask(self) -> timedelta:
        """Ask who everybody is; return when to ask again. What is known stays if it fails."""
        after = ""
        try:
            while True:
                part = await self._chat.accounts(after)
                for account in part.accounts:
                    self.hear(account)
                if not (after := part.more):
                    return AGAIN
        except Unavailable as error:
            return max(SOON, error.retry_after or SOON)
        except Refused as error:
            log.warning("nobody tells who people are", reason=str(error))
            return AGAIN

    def _called(self, found: re.Match[str]) -> str:
        known = self._known.get(found[1])
        return f"@{known.name}" if known else found[0]
