"""Where an incident is worked on."""

from bot.domain.facts import ThreadOpened
from bot.domain.incident import replay
from bot.usecases.places import Place, room
from tests.samples import DECLARED, ROOM, stamp


def test_the_room_is_the_channel_of_its_own_or_a_thread_of_another() -> None:
    thread = ThreadOpened(stamp("bot"), "C7", "7.7")
    assert room(replay("I", [DECLARED])) is None
    assert room(replay("I", [DECLARED, thread])) == Place("C7", "7.7")
    assert room(replay("I", [DECLARED, thread, ROOM])) == Place(ROOM.channel)
