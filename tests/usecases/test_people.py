"""What is known of people without asking anybody."""

from datetime import timedelta

import pytest

from bot.chatter import Account
from bot.domain.errors import Refused
from bot.domain.standing import Standing
from bot.ports import Unavailable
from bot.usecases.people import AGAIN, SOON, People
from tests.fakes.chat import FakeChat
from tests.fakes.clock import SteppedClock


@pytest.fixture
def chat() -> FakeChat:
    twin = FakeChat()
    twin.names = {"UANA": "Ana Lee", "UBOT": "pager", "UDAN": "dan"}
    twin.standings = {"UBOT": Standing.APP, "UDAN": Standing.GONE}
    return twin


async def test_everybody_is_known_once_all_parts_were_told(chat: FakeChat) -> None:
    chat.page = 2
    people = People(chat, SteppedClock())
    assert await people.ask() == AGAIN
    told = [people.standing(who) for who in ("UANA", "UBOT", "UDAN", "UNEW", None)]
    unknown = Standing.UNKNOWN
    assert told == [Standing.MEMBER, Standing.APP, Standing.GONE, unknown, unknown]
    assert people.named("<@UANA> asks <@UNEW> and <#C1>") == "@Ana Lee asks <@UNEW> and <#C1>"


async def test_what_is_heard_of_somebody_counts_at_once(chat: FakeChat) -> None:
    people = People(chat, SteppedClock())
    await people.ask()
    people.hear(Account("UANA", "Ana", Standing.GONE))
    assert people.standing("UANA") is Standing.GONE
    assert people.named("<@UANA>") == "@Ana"


async def test_what_is_known_stays_while_nobody_can_be_asked(chat: FakeChat) -> None:
    people = People(chat, SteppedClock())
    await people.ask()
    chat.away = True
    assert await people.ask() == SOON
    assert people.standing("UDAN") is Standing.GONE


@pytest.mark.parametrize(
    ("failure", "wait"),
    [
        (Unavailable("later", retry_after=timedelta(minutes=5)), timedelta(minutes=5)),
        (Unavailable("later", retry_after=timedelta(seconds=1)), SOON),
        (Refused("Slack refused it (missing_scope)"), AGAIN),
    ],
)
async def test_who_does_not_tell_is_asked_again_later(
    chat: FakeChat, failure: Exception, wait: timedelta
) -> None:
    chat.failures = [failure]
    assert await People(chat, SteppedClock()).ask() == wait
