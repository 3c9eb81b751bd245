"""The rarer refusals, each of which some bot has met."""

from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.blocks.checking import message_blocks, view_definition
from sandbox.clock import SteppedClock
from sandbox.errors import SlackError
from sandbox.seed import ChannelSeed, Seed
from sandbox.server import Sandbox
from sandbox.wire import Json
from tests.sandbox.apps import bolt, by_socket
from tests.sandbox.hands import Hands
from tests.sandbox.kit import actions, field, modal, options, section
from tests.sandbox.test_web_api import refusal


async def test_only_members_read_history_and_change_topics(client: AsyncWebClient) -> None:
    assert await refusal(client.conversations_history(channel="CGENERAL")) == "not_in_channel"
    topic = client.conversations_setTopic(channel="CGENERAL", topic="x")
    assert await refusal(topic) == "not_in_channel"


async def test_general_is_never_archived(client: AsyncWebClient) -> None:
    await client.conversations_join(channel="CGENERAL")
    assert await refusal(client.conversations_archive(channel="CGENERAL")) == (
        "cant_archive_general"
    )


async def test_a_message_says_something(client: AsyncWebClient) -> None:
    silent = client.api_call("chat.postMessage", json={"channel": "COPS", "blocks": []})
    assert await refusal(silent) == "no_text"


@pytest.mark.parametrize(
    "metadata", [{"event_type": "x"}, [1], {"event_type": "x", "event_payload": 1}]
)
async def test_malformed_metadata_is_refused(client: AsyncWebClient, metadata: Any) -> None:
    call = client.api_call(
        "chat.postMessage", json={"channel": "COPS", "text": "x", "metadata": metadata}
    )
    assert await refusal(call) == "invalid_metadata_format"


async def test_a_reply_is_no_parent(client: AsyncWebClient) -> None:
    parent = (await client.chat_postMessage(channel="COPS", text="a"))["ts"]
    reply = (await client.chat_postMessage(channel="COPS", text="b", thread_ts=parent))["ts"]
    nested = client.chat_postMessage(channel="COPS", text="c", thread_ts=reply)
    assert await refusal(nested) == "cannot_reply_to_message"


async def test_a_private_channel_cannot_be_joined(client: AsyncWebClient) -> None:
    made = await client.conversations_create(name="secret", is_private=True)
    join = client.conversations_join(channel=made["channel"]["id"])
    assert await refusal(join) == "method_not_supported_for_channel_type"


def test_a_huge_view_is_refused() -> None:
    with pytest.raises(SlackError, match="view_too_large"):
        view_definition(modal(*[section("x" * 3000)] * 90), "modal")


@pytest.mark.parametrize(
    "select",
    [
        {"type": "static_select"},
        {"type": "static_select", "options": options(2), "initial_option": options(3)[2]},
        {"type": "checkboxes", "options": options(2), "initial_options": options(3)[2:]},
    ],
)
def test_a_select_offers_what_it_starts_with(select: Json) -> None:
    with pytest.raises(SlackError, match="invalid_blocks"):
        message_blocks([actions(select)])


async def test_a_response_url_lives_half_an_hour(clock: SteppedClock) -> None:
    async with Sandbox(clock=clock) as sandbox, ClientSession() as session:
        hands, urls = Hands(session, sandbox), []
        app = bolt(sandbox)

        @app.command("/incident")
        async def note(ack: AsyncAck, body: Json) -> None:
            urls.append(body["response_url"])
            await ack()

        async with by_socket(app):
            await hands.do("command", user="UANA", channel="COPS")
        clock.step(30 * 60)
        async with session.post(urls[0], json={"text": "late"}) as response:
            assert (response.status, await response.text()) == (404, "expired_url")


async def test_a_field_of_a_form_sends_nothing_by_itself(
    client: AsyncWebClient, hands: Hands
) -> None:
    blocks = [field({"type": "plain_text_input", "action_id": "text"})]
    posted = await client.chat_postMessage(channel="COPS", text="x", blocks=blocks)
    clicked = await hands.attempt(
        "click", user="UANA", channel="COPS", ts=posted["ts"], action_id="text"
    )
    assert clicked[0] == 400


async def test_the_bot_hears_nothing_of_channels_it_is_not_in(hands: Hands) -> None:
    other = {"user": "UANA", "channel": "CGENERAL", "text": "<@UBOT> hello"}
    assert (await hands.do("message", **other))["deliveries"] == []


async def test_the_bot_hears_no_joining_where_it_is_not() -> None:
    seed = replace(Seed(), channels=(ChannelSeed("CFAR", "far", ("UANA",)),))
    async with Sandbox(seed=seed) as sandbox, ClientSession() as session:
        hands = Hands(session, sandbox)
        assert (await hands.do("join", user="UBO", channel="CFAR"))["deliveries"] == []
        invited = await hands.do("invite", user="UBO", channel="CFAR", invited="UBOT")
        assert len(invited["deliveries"]) == 1


@pytest.mark.parametrize(
    ("method", "args", "error"),
    [
        ("conversations.list", {"limit": 0}, "invalid_limit"),
        ("conversations.list", {"limit": "all"}, "invalid_limit"),
        ("apps.connections.open", {}, "not_allowed_token_type"),
        ("auth.test", {"token": "xapp-sandbox"}, "not_allowed_token_type"),
        ("views.publish", {"user_id": "UANA", "view": {"type": "home", "blocks": []},
                           "hash": "0.old"}, "hash_conflict"),
    ],
)  # fmt: skip
async def test_what_fits_not_is_refused(
    client: AsyncWebClient, method: str, args: Json, error: str
) -> None:
    await client.views_publish(user_id="UANA", view={"type": "home", "blocks": []})
    client.token = args.get("token", client.token)
    assert await refusal(client.api_call(method, json=args)) == error


@pytest.mark.parametrize(("body", "error"), [("[]", "json_not_object"), ("{", "invalid_json")])
async def test_a_body_is_a_json_object(sandbox: Sandbox, body: str, error: str) -> None:
    headers = {"Authorization": "Bearer xoxb-sandbox", "Content-Type": "application/json"}
    url = f"{sandbox.api_url}auth.test"
    async with ClientSession() as session, session.post(url, data=body, headers=headers) as said:
        assert (await said.json())["error"] == error


async def test_no_two_messages_are_of_one_moment(clock: SteppedClock) -> None:
    async with Sandbox(clock=clock) as sandbox:
        client = AsyncWebClient(token="xoxb-sandbox", base_url=sandbox.api_url)
        stamps = [(await client.chat_postMessage(channel="COPS", text=t))["ts"] for t in "abc"]
    assert stamps == sorted(set(stamps), key=float)
