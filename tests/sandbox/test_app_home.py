"""The tabs of the app's own page: Home, and direct messages."""

from dataclasses import replace

import pytest
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.seed import Seed
from sandbox.server import Sandbox
from tests.sandbox.calls import HOME
from tests.sandbox.hands import Hands
from tests.sandbox.test_web_api import refusal


async def test_without_a_home_tab_nothing_is_published_or_opened() -> None:
    seed = replace(Seed(), home_tab=False)
    async with Sandbox(seed=seed) as sandbox, ClientSession() as session:
        client = AsyncWebClient(token="xoxb-sandbox", base_url=sandbox.api_url)
        assert await refusal(client.views_publish(user_id="UANA", view=HOME)) == "not_enabled"
        assert (await Hands(session, sandbox).attempt("home", user="UANA"))[0] == 400


async def test_without_a_messages_tab_the_app_writes_to_nobody() -> None:
    seed = replace(Seed(), messages_tab=False)
    async with Sandbox(seed=seed) as sandbox, ClientSession() as session:
        client = AsyncWebClient(token="xoxb-sandbox", base_url=sandbox.api_url)
        opened = (await client.conversations_open(users="UANA"))["channel"]["id"]
        for place in ("UANA", opened):
            call = client.chat_postMessage(channel=place, text="x")
            assert await refusal(call) == "messages_tab_disabled"
        await client.chat_postMessage(channel="COPS", text="x")
        hands = Hands(session, sandbox)
        said = await hands.attempt("message", user="UANA", channel="DM", text="x")
        assert (said[0], "takes no messages" in said[1]["error"]) == (400, True)


async def test_a_read_only_tab_is_written_to_by_the_app_alone() -> None:
    seed = replace(Seed(), messages_tab_read_only=True)
    async with Sandbox(seed=seed) as sandbox, ClientSession() as session:
        client = AsyncWebClient(token="xoxb-sandbox", base_url=sandbox.api_url)
        await client.chat_postMessage(channel="UANA", text="x")
        hands = Hands(session, sandbox)
        assert (await hands.attempt("message", user="UANA", channel="DM", text="x"))[0] == 400


@pytest.mark.parametrize("user", ["UBOT", "USLACKBOT", "UFAR"])
async def test_some_are_not_written_to(user: str) -> None:
    far = replace(Seed().people[7], id="UFAR", name="far")
    async with Sandbox(seed=replace(Seed(), people=(*Seed().people, far))) as sandbox:
        client = AsyncWebClient(token="xoxb-sandbox", base_url=sandbox.api_url)
        call = client.chat_postMessage(channel=user, text="x")
        assert await refusal(call) == "channel_not_found"


async def test_a_message_to_somebody_deactivated_is_taken_and_read_by_nobody(
    client: AsyncWebClient, hands: Hands
) -> None:
    """As in Slack: the app has to look at `deleted` itself."""
    posted = await client.chat_postMessage(channel="UDAN", text="x")
    assert posted["channel"] == "DUDAN"
    assert (await hands.attempt("message", user="UDAN", channel="DM", text="x"))[0] == 400
    assert await refusal(client.conversations_open(users="UDAN")) == "user_disabled"
