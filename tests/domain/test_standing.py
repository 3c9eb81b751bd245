"""Who can take something on, by what the chat says of them."""

import pytest

from bot.domain.commands import AddAction, ChangeAction, Command, OfferRole
from bot.domain.decisions import decide
from bot.domain.errors import Refused
from bot.domain.facts import Role, Urgency
from bot.domain.incident import replay
from bot.domain.policy import Policy
from bot.domain.standing import Standing
from tests.samples import ANA, JOINED, ROOM, TODO, T, declared

NOW = replay("I", [declared(), ROOM, JOINED, TODO])  # Eve is in its channel; 1 is Ana's to do
REFUSED = {
    Standing.APP: "That is an app",
    Standing.GONE: "was deactivated",
    Standing.GUEST: "guest of a single channel",
    Standing.OUTSIDER: "of another company",
}


def wishes(person: str, standing: Standing) -> list[Command]:
    return [
        OfferRole(ANA, Role.COMMANDER, person, "the cache is full", standing),
        OfferRole(ANA, Role.SCRIBE, person, standing=standing),
        AddAction(ANA, "alert on it", person, standing=standing),
        ChangeAction(ANA, 1, "alert on it", person, None, Urgency.HIGH, standing),
    ]


@pytest.mark.parametrize("which", range(4))
@pytest.mark.parametrize(("standing", "words"), REFUSED.items())
def test_what_cannot_be_taken_on_is_not_given(which: int, standing: Standing, words: str) -> None:
    with pytest.raises(Refused, match=words) as refused:
        decide(NOW, wishes("USUE", standing)[which], Policy(), T)
    assert refused.value.about == "person"
    assert "Nothing was done" in refused.value.message


@pytest.mark.parametrize("which", range(4))
@pytest.mark.parametrize("standing", [Standing.UNKNOWN, Standing.MEMBER])
def test_who_is_not_known_to_be_unfit_can_take_it_on(which: int, standing: Standing) -> None:
    assert decide(NOW, wishes("USUE", standing)[which], Policy(), T)


@pytest.mark.parametrize("which", range(4))
@pytest.mark.parametrize("standing", [Standing.GUEST, Standing.OUTSIDER])
def test_whoever_is_in_the_channel_can_take_it_on(which: int, standing: Standing) -> None:
    assert decide(NOW, wishes("UEVE", standing)[which], Policy(), T)


def test_what_somebody_had_before_they_went_can_still_be_said_otherwise() -> None:
    wish = ChangeAction(ANA, 1, "alert early", "UANA", None, Urgency.HIGH, Standing.GONE)
    assert decide(NOW, wish, Policy(), T)


def test_what_is_nobodys_needs_nobody() -> None:
    assert decide(NOW, AddAction(ANA, "x", None, standing=Standing.APP), Policy(), T)
