"""Declaring from Home or a global shortcut: there is no channel that it was asked for in."""

import pytest

from tests.payloads import view
from tests.samples import ANA, ID
from tests.world import World


@pytest.mark.parametrize("mode", ["socket_mode", "http"])
async def test_the_form_declares_wherever_it_was_opened(world: World, mode: str) -> None:
    response = await world.slack(view("nobody can log in", channel=""), mode)
    assert (response.status, response.body) == (200, "")
    declared = await world.desk.board.incident(ID, ANA)
    assert declared
    assert (declared.title, declared.origin) == ("nobody can log in", None)
    assert any(said.startswith("to UANA: ") for said in await world.work())
