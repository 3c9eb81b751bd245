"""Shortcuts of messages: timeline entries and action items, here and elsewhere."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.commands import Declare
from bot.domain.facts import Urgency
from bot.domain.incident import Post
from tests import payloads
from tests.payloads import Payload
from tests.samples import ANA, ID
from tests.world import World

TS = "1768478400.000100"
AT = datetime(2026, 1, 15, 12, 0, 0, 100, UTC)
Json = dict[str, Any]


class Slack:
    def __init__(self) -> None:
        self.forms: list[Json] = []

    async def open(self, request: web.Request) -> web.Response:
        self.forms.append((await request.json())["view"])
        return web.json_response({"ok": True, "view": {"id": "V9"}})


@pytest.fixture
async def slack() -> AsyncIterator[tuple[Slack, World]]:
    """A world whose forms open, with an open and a private incident."""
    taking, app = Slack(), web.Application()
    app.router.add_post("/api/views.open", taking.open)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    api = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    yield taking, await begun(World(client=AsyncWebClient("xoxb-x", api, retry_handlers=[])))
    await runner.cleanup()


async def begun(world: World) -> World:
    await world.desk.declarations.declare(Declare(ANA, "carts are slow"), "r1")
    await world.desk.declarations.declare(Declare(ANA, "a leak", private=True), "r2")
    await world.work()
    return world


@pytest.fixture
async def world() -> World:
    return await begun(World())


def room(world: World, title: str = "carts") -> str:
    return next(c for c, r in world.chat.rooms.items() if title in r.name)


def used(callback: str, channel: str, by: str = "UBO", **message: Any) -> Payload:
    sent = payloads.message_shortcut("rolled &amp; back", callback, by=by)
    sent["channel"] = {"id": channel}
    sent["message"] |= {"ts": TS, "user": "UANA", **message}
    return sent


def sent(callback: str, metadata: str, /, by: str = "UBO", **values: Json) -> Payload:
    form = payloads.view("-", by=by, callback=callback)
    form["view"]["private_metadata"] = metadata
    form["view"]["state"]["values"] = {name: {name: value} for name, value in values.items()}
    return form


async def told(world: World) -> str:
    """Return what was answered; others may be told of it, too."""
    askers = ("to UANA", "to UBO", "to UEVE")
    return "".join([line for line in await world.work() if line.startswith(askers)][-1:])


async def test_in_its_channel_a_message_is_an_entry_at_once_and_once(world: World) -> None:
    for trigger in ("t1", "t1", "t2"):
        payload = used("add_to_timeline", room(world)) | {"trigger_id": trigger}
        assert (await world.slack(payload)).status == 200
    (note,) = (await world.desk.incidents.current(ID)).notes
    assert (note.text, note.at, note.by) == ("", AT, "UBO")
    assert note.source == Post(room(world), TS)
    assert f"In the timeline of {ID}, entry 1, at the time of the message." in await told(world)


async def test_elsewhere_one_says_of_which_incident(slack: tuple[Slack, World]) -> None:
    taking, world = slack
    await world.slack(used("add_to_timeline", "CGENERAL"))
    (form,) = taking.forms
    assert form["callback_id"] == "note_from_message"
    named = {block["block_id"]: block["element"] for block in form["blocks"]}
    assert [option["value"] for option in named["incident"]["options"]] == [ID]
    assert "a leak" not in json.dumps(form)
    assert named["text"]["initial_value"] == "rolled & back"
    chosen = {"selected_option": {"value": ID}}
    filled = sent(
        "note_from_message",
        form["private_metadata"],
        incident=chosen,
        text={"value": "rolled back"},
    )
    assert (await world.slack(filled)).body == ""
    (note,) = (await world.desk.incidents.current(ID)).notes
    assert (note.text, note.at, note.source) == ("rolled back", AT, Post("CGENERAL", TS))
    assert "entry 1" in await told(world)


async def test_a_secret_in_the_message_is_not_in_the_form(slack: tuple[Slack, World]) -> None:
    taking, world = slack
    secret = "ghp_" + "a1B2" * 9
    await world.slack(used("create_action", "CGENERAL", text=f"token {secret}"))
    assert secret not in json.dumps(taking.forms)


async def test_an_action_item_has_an_owner_and_a_day(slack: tuple[Slack, World]) -> None:
    taking, world = slack
    await world.slack(used("create_action", room(world)))
    (form,) = taking.forms
    assert "incident" not in {block.get("block_id") for block in form["blocks"]}
    filled = sent(
        "action_from_message",
        form["private_metadata"],
        text={"value": "alert on it"},
        person={"selected_user": "UCY"},
        due={"selected_date": "2026-01-22"},
        urgency={"selected_option": {"value": "high"}},
    )
    await world.slack(filled)
    (action,) = (await world.desk.incidents.current(ID)).actions
    assert (action.text, action.owner, action.due) == ("alert on it", "UCY", date(2026, 1, 22))
    assert (action.urgency, action.source) == (Urgency.HIGH, Post(room(world), TS))
    assert f"Action item 1 of {ID}." in await told(world)


async def test_what_is_not_said_is_nobodys_and_whenever(slack: tuple[Slack, World]) -> None:
    _, world = slack
    nothing: dict[str, Json] = {
        "text": {"value": "alert on it"},
        "person": {"selected_user": None},
        "due": {"selected_date": None},
        "urgency": {"selected_option": None},
    }
    await world.slack(sent("action_from_message", f"CGENERAL {TS} {ID}", "UBO", **nothing))
    (action,) = (await world.desk.incidents.current(ID)).actions
    assert (action.owner, action.due, action.urgency) == (None, None, Urgency.MEDIUM)


async def test_in_a_private_incidents_channel_there_is_no_way_out(
    slack: tuple[Slack, World],
) -> None:
    taking, world = slack
    await world.slack(used("create_action", room(world, "leak"), by="UANA"))
    (form,) = taking.forms
    assert form["private_metadata"].split()[-1] == "INC-20260115-002"
    assert ID not in json.dumps(form)
    owner = {"selected_user": "UEVE"}
    outside = sent(
        "action_from_message",
        form["private_metadata"],
        by="UANA",
        text={"value": "x"},
        person=owner,
    )
    refused = json.loads((await world.slack(outside)).body)
    assert "is not in this private incident" in refused["errors"]["person"]


@pytest.mark.parametrize("callback", ["note_from_message", "action_from_message"])
async def test_a_form_is_no_key_to_what_is_private(world: World, callback: str) -> None:
    asked = sent(callback, f"CGENERAL {TS} INC-20260115-002", by="UEVE", text={"value": "x"})
    assert "I know no such incident" in (await world.slack(asked)).body


@pytest.mark.parametrize("callback", ["add_to_timeline", "create_action"])
async def test_the_bots_own_messages_are_in_the_history_anyway(
    world: World, callback: str
) -> None:
    for ours in ({"bot_id": "BBOT"}, {"user": "UBOT"}):
        payload = used(callback, room(world), **ours) | {"trigger_id": str(ours)}
        await world.slack(payload)
        assert "That is one of my own messages" in await told(world)


@pytest.mark.parametrize("callback", ["add_to_timeline", "create_action"])
async def test_without_an_incident_there_is_nothing_to_add_to(callback: str) -> None:
    world = World()
    await world.slack(used(callback, "CGENERAL"))
    assert "There is no incident to" in await told(world)


async def test_if_the_form_does_not_open_the_command_is_shown(world: World) -> None:
    await world.slack(used("create_action", "CGENERAL"))
    said = await told(world)
    assert "The form could not be opened. Nothing was done yet." in said
    assert "`/incident action add rolled &amp; back` does it" in said


async def test_a_reply_is_in_the_thread_that_an_incident_came_from(world: World) -> None:
    origin = Post("CGENERAL", "5.5")
    await world.desk.declarations.declare(Declare(ANA, "search is slow", origin=origin), "r3")
    await world.slack(used("add_to_timeline", "CGENERAL", thread_ts="5.5"))
    (note,) = (await world.desk.incidents.current("INC-20260115-003")).notes
    assert note.source == Post("CGENERAL", TS)
