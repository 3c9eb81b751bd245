"""What was written, whatever order the news of it comes in."""

from functools import reduce
from itertools import permutations

import pytest

from bot.domain.transcript import Message, merged

FIRST = Message("C1", "1.0", "UANA", "it brok", thread="0.5")
EDIT = Message("C1", "1.0", "UANA", "it broke", edited="2.5")
LATER = Message("C1", "1.0", "UANA", "it broke again", edited="10.1")
GONE = Message("C1", "1.0", "", "", deleted="11.0", deleted_by="UBO")


def told(news: tuple[Message, ...]) -> Message:
    held = reduce(merged, news, None)
    assert held is not None
    return held


@pytest.mark.parametrize("news", [*permutations([FIRST, EDIT, LATER])])
def test_the_last_edit_wins_and_the_thread_stays(news: tuple[Message, ...]) -> None:
    assert (told(news).text, told(news).thread) == ("it broke again", "0.5")


@pytest.mark.parametrize("news", [*permutations([FIRST, EDIT, GONE])])
def test_a_deletion_erases_the_text_and_leaves_who_and_when(news: tuple[Message, ...]) -> None:
    held = told(news)
    assert (held.text, held.author, held.deleted, held.deleted_by) == ("", "UANA", "11.0", "UBO")


def test_a_message_deleted_before_it_was_heard_of_has_no_text() -> None:
    assert told((GONE, FIRST)).text == told((GONE,)).text == ""


def test_news_heard_twice_is_news_heard_once() -> None:
    assert told((FIRST, EDIT, EDIT, FIRST)) == told((FIRST, EDIT))
