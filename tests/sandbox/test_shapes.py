"""What is recorded of calls and deliveries: their shapes, and how much of them is kept."""

from dataclasses import replace

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.clock import SteppedClock
from sandbox.control.accounts import Accounts
from sandbox.control.fields import Fields
from sandbox.deliveries.courier import KEPT, Courier
from sandbox.errors import ControlError
from sandbox.faults import Faults
from sandbox.rates import Rates
from sandbox.seed import Seed
from sandbox.shapes import MOST, Shapes
from sandbox.workspace import Workspace
from tests.sandbox.hands import Hands


async def test_the_shape_of_every_call_is_recorded_without_its_values(
    client: AsyncWebClient, hands: Hands
) -> None:
    await client.chat_postMessage(channel="COPS", text="before", mrkdwn=True)
    await hands.do("settings", record=True)
    blocks = [{"type": "divider"}]
    await client.chat_postMessage(channel="COPS", text="secret", blocks=blocks)
    await client.chat_postMessage(channel="COPS", text="secret", unfurl_links=False)
    await client.conversations_info(channel="COPS", include_num_members=True)
    await client.api_call("chat.postMessage", data={"channel": "COPS", "text": "x"})
    await hands.do("settings", record=False)
    await client.auth_test()
    shapes = (await hands.see("shapes"))["methods"]
    assert set(shapes) == {"chat.postMessage", "conversations.info"}
    posted = shapes["chat.postMessage"]
    assert (posted["count"], posted["verbs"]) == (3, ["POST"])
    assert posted["arguments"] == {
        "channel": {"types": ["string"], "from": ["json", "form"]},
        "text": {"types": ["string"], "from": ["json", "form"]},
        "blocks": {"types": ["array"], "from": ["json"]},
        "unfurl_links": {"types": ["boolean"], "from": ["json"]},
    }
    asked = shapes["conversations.info"]
    assert asked["arguments"]["include_num_members"] == {"types": ["string"], "from": ["query"]}
    assert "secret" not in str(shapes)


async def test_the_shapes_of_deliveries_are_recorded_one_level_deep(hands: Hands) -> None:
    await hands.do("settings", record=True)
    await hands.do("command", user="UANA", channel="COPS", text="secret")
    await hands.do("home", user="UANA")
    shapes = (await hands.see("shapes"))["deliveries"]
    assert set(shapes) == {"slash_commands", "events_api app_home_opened"}
    assert shapes["slash_commands"]["fields"]["trigger_id"] == {"types": ["string"]}
    opened = shapes["events_api app_home_opened"]["fields"]
    assert (opened["event"], opened["event.user"]) == (
        {"types": ["object"]},
        {"types": ["string"]},
    )
    assert "secret" not in str(shapes)


def test_what_is_kept_of_deliveries_is_bounded_and_still_told_apart() -> None:
    workspace = Workspace(Seed(), SteppedClock())
    faults = Faults(workspace.clock, workspace.changes)
    courier = Courier(workspace, {}, faults, Rates(workspace.clock, 1), Shapes())
    first = courier.delivery("events_api", {}).id
    for _ in range(KEPT):
        courier.delivery("events_api", {})
    before = courier.sent()
    last = [courier.delivery("events_api", {}).id for _ in range(2)]
    assert (before, courier.since(before), courier.since(courier.sent())) == (KEPT + 1, last, [])
    assert (len(courier.since(0)), courier.known(last[0]).id) == (KEPT, last[0])
    with pytest.raises(ControlError):
        courier.known(first)
    assert courier.attempts.maxlen == KEPT


def test_no_more_names_are_noted_than_can_be_read() -> None:
    shapes = Shapes()
    shapes.delivery("interactive", {str(n): n for n in range(MOST + 1)})
    assert len(shapes.shown()["deliveries"]["interactive"]["fields"]) == MOST


async def test_an_act_names_its_deliveries_after_ever_so_many_others() -> None:
    seed = replace(Seed(), events=("tokens_revoked", "app_uninstalled"), rate_factor=0)
    workspace = Workspace(seed, SteppedClock())
    faults = Faults(workspace.clock, workspace.changes)
    faults.order({"delivery": "*", "kind": "dropped", "times": None})
    courier = Courier(workspace, {}, faults, Rates(workspace.clock, 0), Shapes())
    workspace.listener = courier.event
    for _ in range(KEPT):
        courier.delivery("events_api", {})
    told = await Accounts(workspace, courier).uninstall(Fields({}, workspace))
    assert told["deliveries"] == list(courier.deliveries)[-2:]
    await courier.close()
