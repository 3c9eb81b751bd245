"""What was typed or chosen and cannot be meant so: nothing is done before it is said again."""

import json
from dataclasses import replace
from datetime import date

import pytest

from tests.handlers.test_verbs import now, room, told
from tests.payloads import Payload, click, command, sent
from tests.samples import ID
from tests.world import World


@pytest.mark.parametrize("verb", ["timeline", "action"])
async def test_words_that_name_no_number_are_put_in_by_a_click(world: World, verb: str) -> None:
    channel, before = await room(world), (await now(world)).seq
    response = await world.slack(command(f"{verb} remove foo", channel=channel))
    assert (await now(world)).seq == before
    (button,) = json.loads(response.body)["blocks"][1]["elements"]
    for n in range(2):  # a double click is one
        clicked = click(button["value"], action=button["action_id"], action_ts=f"2.{n}")
        await world.slack(clicked)
    incident = await now(world)
    texts = [*(n.text for n in incident.notes), *(a.text for a in incident.actions)]
    assert texts == ["remove foo"]


async def test_a_day_that_has_gone_by_is_refused_beside_the_field(world: World) -> None:
    channel = await room(world)
    await told(world, "todo x due friday", channel)
    incident = await now(world)
    modal, said = world.desk.wording.modal, {"value": "y"}

    def filled(n: int, day: str) -> Payload:
        item = incident.actions[0]
        form = modal("action", metadata=f"C1 {ID} {n}".strip(), incident=incident, item=item)
        return sent(form, view_id=f"V{n}{day}", text=said, due={"selected_date": day})

    for n in (0, 1):
        refused = await world.slack(filled(n, "2026-01-10"))
        assert "`2026-01-10` has gone by" in json.loads(refused.body)["errors"]["due"]
    assert (await now(world)).actions == incident.actions
    world.clock.advance(10 * 24 * 3600)  # what was late stays so while something else is changed
    await world.slack(filled(1, "2026-01-16"))
    assert (await now(world)).actions == (
        replace(incident.actions[0], text="y", due=date(2026, 1, 16)),
    )
