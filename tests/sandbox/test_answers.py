"""What may be sent to a response_url, and what becomes of the message it is about."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_bolt.async_app import AsyncAck

from sandbox.server import Sandbox
from sandbox.wire import Json
from tests.sandbox.apps import bolt, by_socket
from tests.sandbox.hands import Hands
from tests.sandbox.kit import actions, button, section


@dataclass
class Clicked:
    """A click in a message, which can be answered."""

    session: ClientSession
    hands: Hands
    url: str

    async def answer(self, **said: Any) -> tuple[int, str]:
        async with self.session.post(self.url, json=said) as response:
            return response.status, await response.text()

    async def seen(self) -> list[Json]:
        shown: list[Json] = await self.hands.see("messages", channel="COPS", user="UANA")
        return shown


@pytest.fixture(params=["channel", "ephemeral"])
async def clicked(
    request: pytest.FixtureRequest, sandbox: Sandbox, hands: Hands
) -> AsyncIterator[Clicked]:
    app, urls = bolt(sandbox), []

    @app.action("go")
    async def go(ack: AsyncAck, body: Json) -> None:
        urls.append(body["response_url"])
        await ack()

    said: Json = {"channel": "COPS", "text": "old", "blocks": [actions(button(action_id="go"))]}
    async with by_socket(app), ClientSession() as session:
        if request.param == "channel":
            ts = (await app.client.chat_postMessage(**said))["ts"]
        else:
            ts = (await app.client.chat_postEphemeral(**said, user="UANA"))["message_ts"]
        await hands.do("click", user="UANA", channel="COPS", ts=ts, action_id="go")
        yield Clicked(session, hands, urls[0])


async def test_an_answer_is_for_one_person_unless_it_says_otherwise(clicked: Clicked) -> None:
    assert (await clicked.answer(text="psst"))[0] == 200
    assert (await clicked.answer(text="all", response_type="in_channel"))[0] == 200
    assert [m["ephemeral"] for m in (await clicked.seen())[1:]] == [True, False]


async def test_a_replaced_message_stays_what_it_was(clicked: Clicked) -> None:
    (before,) = await clicked.seen()
    said = {"replace_original": True, "response_type": "in_channel"}
    assert (await clicked.answer(**said, text="new", attachments=[{"text": "x"}]))[0] == 200
    (after,) = await clicked.seen()
    assert (after["ts"], after["ephemeral"]) == (before["ts"], before["ephemeral"])
    assert (after["text"], after["blocks"], len(after["attachments"])) == ("new", None, 1)


async def test_a_message_is_deleted_by_an_answer_that_says_nothing_else(clicked: Clicked) -> None:
    both = {"delete_original": True, "text": "gone"}
    assert await clicked.answer(**both) == (400, "invalid_payload")
    assert len(await clicked.seen()) == 1
    assert (await clicked.answer(delete_original=True))[0] == 200
    assert await clicked.seen() == []


async def test_an_answer_may_be_longer_than_a_message(clicked: Clicked) -> None:
    assert (await clicked.answer(blocks=[section("x" * 3000)] * 5))[0] == 200
    assert await clicked.answer(blocks=[section("x" * 3001)]) == (400, "invalid_blocks")


async def test_an_answer_in_the_channel_carries_metadata_and_is_cut(clicked: Clicked) -> None:
    metadata = {"event_type": "x", "event_payload": {"id": "1"}}
    said = {"text": "x" * 40_001, "metadata": metadata, "response_type": "in_channel"}
    assert (await clicked.answer(**said))[0] == 200
    shown = (await clicked.seen())[-1]
    assert (shown["metadata"], len(shown["text"])) == (metadata, 40_000)


@pytest.mark.parametrize(
    ("said", "code"),
    [({"replace_original": True, "text": "mine now"}, "cant_update_message"),
     ({"delete_original": True}, "cant_delete_message")],
)  # fmt: skip
async def test_a_message_shortcut_gives_no_power_over_a_persons_message(
    sandbox: Sandbox, hands: Hands, said: Json, code: str
) -> None:
    written = await hands.do("message", user="UANA", channel="COPS", text="ours")
    where = {"user": "UANA", "channel": "COPS", "ts": written["ts"]}
    await hands.do("shortcut", **where, callback_id="note")
    url = (await hands.see("deliveries"))[-1]["payload"]["response_url"]
    async with ClientSession() as session:
        clicked = Clicked(session, hands, url)
        assert await clicked.answer(**said) == (400, code)
        assert [message["text"] for message in await clicked.seen()] == ["ours"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, "no_text"),
        ({"text": ["x"]}, "invalid_arguments"),
        ({"blocks": "x"}, "invalid_blocks"),
        ({"attachments": {}}, "invalid_attachments"),
        ({"text": "x", "response_type": "in_channel", "thread_ts": ["1"]}, "thread_not_found"),
        ({"text": "x", "response_type": "in_channel", "thread_ts": "1.1"}, "thread_not_found"),
        ({"text": "x", "thread_ts": "1.1"}, "thread_not_found"),
        ({"text": "x", "response_type": "public"}, "invalid_payload"),
        ({"text": "x", "response_type": ["in_channel"]}, "invalid_payload"),
        ({"text": "x", "replace_original": "yes"}, "invalid_payload"),
        ({"text": "x", "delete_original": 1}, "invalid_payload"),
        ({"text": "x", "channel": "CGENERAL"}, "invalid_payload"),
        ({"text": "x", "metadata": {"event_type": "x", "event_payload": {}}}, "invalid_payload"),
        ({"text": "x", "metadata": 1, "response_type": "in_channel"}, "invalid_metadata_format"),
    ],
)
@pytest.mark.parametrize("clicked", ["channel"], indirect=True)
async def test_a_wrong_answer_is_refused_in_plain_text(
    clicked: Clicked, said: Json, code: str
) -> None:
    assert await clicked.answer(**said) == (400, code)
    assert len(await clicked.seen()) == 1


async def test_an_answer_to_an_archived_channel_is_refused(clicked: Clicked) -> None:
    await clicked.hands.do("archive", channel="COPS")
    assert await clicked.answer(text="late") == (400, "is_archived")


async def test_a_page_notices_what_was_replaced(clicked: Clicked) -> None:
    before = (await clicked.hands.see("state"))["version"]
    await clicked.answer(text="new", replace_original=True)
    newer = {"user": "UANA", "channel": "COPS", "since": str(before)}
    (seen,) = (await clicked.hands.see("timeline", **newer))["messages"]
    assert seen["text"] == "new"


async def test_a_click_carries_no_message_that_slack_does_not_keep(clicked: Clicked) -> None:
    (shown,) = await clicked.seen()
    (sent,) = await clicked.hands.see("deliveries")
    assert ("message" in sent["payload"]) is not shown["ephemeral"]
    assert sent["payload"]["container"]["is_ephemeral"] is shown["ephemeral"]
