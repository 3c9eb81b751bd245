"""What a message may say, and what becomes of it when it is changed."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.seed import Seed
from sandbox.server import Sandbox
from sandbox.wire import Json
from tests.sandbox.apps import bolt, by_socket
from tests.sandbox.hands import Hands
from tests.sandbox.kit import actions, button, card, field, said, section, select, table
from tests.sandbox.test_web_api import refusal

FULL: Json = {
    "fallback": "Build 7 failed",
    "color": "#D00000",
    "pretext": "News",
    "author_name": "CI",
    "author_link": "https://example.com/ci",
    "title": "Build 7",
    "title_link": "https://example.com/7",
    "text": "failed",
    "fields": [{"title": "Branch", "value": "main", "short": True}],
    "image_url": "https://example.com/x.png",
    "footer": "CI",
    "ts": 1720710212,
    "mrkdwn_in": ["text"],
}


def post(client: AsyncWebClient, **said: Any) -> Any:
    return client.api_call("chat.postMessage", json={"channel": "CINCIDENTS", **said})


async def posted(client: AsyncWebClient, **said: Any) -> Json:
    message: Json = (await post(client, **said))["message"]
    return message


async def history(hands: Hands) -> list[Json]:
    shown: list[Json] = await hands.see("messages", channel="CINCIDENTS")
    return shown


async def test_attachments_are_kept_with_ids(client: AsyncWebClient, hands: Hands) -> None:
    attachments = [FULL, {"blocks": [section("in a box")], "color": "good"}]
    message = await posted(client, attachments=attachments)
    first, second = message["attachments"]
    assert first == {**FULL, "id": 1}
    assert (second["id"], second["fallback"]) == (2, "[no preview available]")
    assert second["blocks"][0]["block_id"]
    assert (await history(hands))[-1]["attachments"] == message["attachments"]


WRONG_ATTACHMENTS: list[tuple[Any, str, str]] = [
    ([{"text": "x"}] * 101, "too_many_attachments", ""),
    ({"text": "x"}, "invalid_attachments", "must be an array [json-pointer:/attachments]"),
    ("[{", "invalid_attachments", ""),
    ([{"color": "good"}], "invalid_attachments", "must define either `text`"),
    ([{"text": "x", "shape": "round"}], "invalid_attachments",
     "invalid additional property: shape [json-pointer:/attachments/0]"),
    ([{"text": "x", "color": "reddish"}], "invalid_attachments",
     "[json-pointer:/attachments/0/color]"),
    ([{"text": "x", "ts": "now"}], "invalid_attachments", "[json-pointer:/attachments/0/ts]"),
    ([{"blocks": [section("")]}], "invalid_attachments",
     "must be more than 0 characters [json-pointer:/attachments/0/blocks/0/text/text]"),
    ([{"blocks": [table()]}, {"blocks": [table()]}], "invalid_attachments",
     "only_one_table_allowed"),
    ([{"blocks": [section()] * 26}] * 2, "invalid_attachments", "no more than 50 items allowed"),
    ([{"blocks": [section(block_id="a")]}] * 2, "invalid_attachments", "already exists"),
    ([{"blocks": [section("x" * 2500)]}] * 5, "msg_blocks_too_long", ""),
]  # fmt: skip


@pytest.mark.parametrize(("attachments", "code", "words"), WRONG_ATTACHMENTS)
async def test_wrong_attachments_are_refused(
    client: AsyncWebClient, attachments: Any, code: str, words: str
) -> None:
    with pytest.raises(SlackApiError) as refused:
        await post(client, text="x", attachments=attachments)
    assert refused.value.response["error"] == code
    assert words in str(refused.value.response.get("response_metadata", words))


async def test_a_hundred_attachments_are_not_too_many(client: AsyncWebClient) -> None:
    message = await posted(client, attachments=[{"text": "x"}] * 100)
    assert len(message["attachments"]) == 100


def nested(levels: int) -> Json:
    return {"x": nested(levels - 1)} if levels else {}


WRONG: list[tuple[Json, str]] = [
    ({}, "no_text"),
    ({"text": "", "blocks": [], "attachments": []}, "no_text"),
    ({"blocks": "[{"}, "invalid_blocks_format"),
    ({"text": "x", "blocks": "{}"}, "invalid_blocks"),
    ({"markdown_text": "# x", "text": "x"}, "markdown_text_conflict"),
    ({"markdown_text": "# x", "blocks": [section()]}, "markdown_text_conflict"),
    ({"markdown_text": "x" * 12_001}, "msg_too_long"),
    ({"text": "x", "metadata": {"event_type": "t", "event_payload": {"x": "x" * 4000}}},
     "metadata_too_large"),
    ({"text": "x", "metadata": {"event_type": "t", "event_payload": {"x": nested(99)}}},
     "metadata_too_large"),
    ({"text": "x", "parse": "some"}, "invalid_arguments"),
    ({"text": "x", "reply_broadcast": True}, "invalid_arguments"),
    ({"text": "x", "username": "Somebody"}, "missing_scope"),
]  # fmt: skip


@pytest.mark.parametrize(("message", "code"), WRONG)
async def test_a_wrong_message_is_refused(
    client: AsyncWebClient, hands: Hands, message: Json, code: str
) -> None:
    assert await refusal(post(client, **message)) == code
    assert await history(hands) == []


async def test_metadata_is_kept_as_it_was_given(client: AsyncWebClient) -> None:
    metadata = {"event_type": "t", "event_payload": {"x": nested(97), "y": "x" * 3000}}
    assert (await posted(client, text="x", metadata=metadata))["metadata"] == metadata


async def test_markdown_may_take_the_place_of_text(client: AsyncWebClient) -> None:
    message = await posted(client, markdown_text="x" * 12_000, unfurl_links=False)
    assert message["blocks"][0]["type"] == "markdown"
    assert len(message["text"]) == 12_000


async def test_long_text_is_cut_and_the_app_is_warned(client: AsyncWebClient) -> None:
    answer = await post(client, text="x" * 40_001)
    assert answer["warning"] == "message_truncated"
    assert len(answer["message"]["text"]) == 40_000
    assert "warning" not in (await post(client, text="x" * 40_000)).data


@pytest.mark.parametrize("method", ["chat.update", "chat.postEphemeral"])
async def test_other_methods_take_less_text(client: AsyncWebClient, method: str) -> None:
    ts = (await post(client, text="x"))["ts"]
    args = {"channel": "CINCIDENTS", "ts": ts, "user": "UANA"}
    long = client.api_call(method, json={**args, "text": "x" * 4001})
    assert await refusal(long) == "msg_too_long"
    assert (await client.api_call(method, json={**args, "text": "x" * 4000}))["ok"]


async def test_an_ephemeral_message_carries_no_metadata(client: AsyncWebClient) -> None:
    call = client.chat_postEphemeral(
        channel="CINCIDENTS", user="UANA", text="x", metadata={"event_type": "x"}
    )
    assert await refusal(call) == "invalid_arguments"


ORIGINAL: Json = {"text": "old", "blocks": [section("old")], "attachments": [{"text": "old"}]}
UPDATES: list[tuple[Json, str, set[str]]] = [
    # what is given, then: the text, and what else is there afterwards
    ({"text": "new"}, "new", {"attachments"}),
    ({"text": "new", "blocks": [section("new")]}, "new", {"blocks", "attachments"}),
    ({"blocks": [section("new")]}, "old", {"blocks", "attachments"}),
    ({"text": "new", "blocks": []}, "new", {"attachments"}),
    ({"text": "new", "attachments": []}, "new", set()),
    ({"attachments": [{"text": "new"}]}, "old", {"blocks", "attachments"}),
    ({"markdown_text": "**new**"}, "**new**", {"blocks", "attachments"}),
]


@pytest.mark.parametrize(("change", "text", "left"), UPDATES)
async def test_what_an_update_leaves(
    client: AsyncWebClient, change: Json, text: str, left: set[str]
) -> None:
    ts = (await post(client, **ORIGINAL))["ts"]
    place = {"channel": "CINCIDENTS", "ts": ts}
    changed = (await client.api_call("chat.update", json={**place, **change}))["message"]
    assert changed["text"] == text
    assert {"blocks", "attachments"} & set(changed) == left
    assert ("edited" in changed) == (text != "old")


async def test_an_update_says_something(client: AsyncWebClient) -> None:
    ts = (await post(client, **ORIGINAL))["ts"]
    empty = {"channel": "CINCIDENTS", "ts": ts, "blocks": [], "attachments": []}
    assert await refusal(client.api_call("chat.update", json=empty)) == "no_text"


async def test_rich_text_is_not_replaced_by_other_blocks(client: AsyncWebClient) -> None:
    ts = (await post(client, text="x", blocks=[said()]))["ts"]
    place = {"channel": "CINCIDENTS", "ts": ts, "text": "x"}
    assert await refusal(client.chat_update(**place, blocks=[section()])) == "block_mismatch"
    assert (await client.chat_update(**place, blocks=[said("y"), section()]))["ok"]


async def test_a_reply_may_be_shown_in_the_channel_too(
    client: AsyncWebClient, hands: Hands
) -> None:
    parent = (await post(client, text="parent"))["ts"]
    quiet = (await post(client, text="quiet", thread_ts=parent))["ts"]
    loud = await posted(client, text="loud", thread_ts=parent, reply_broadcast=True)
    assert (loud["subtype"], loud["root"]["ts"]) == ("thread_broadcast", parent)
    seen = (await client.conversations_history(channel="CINCIDENTS"))["messages"]
    assert [message["text"] for message in seen] == ["loud", "parent"]
    line = await hands.see("timeline", user="UANA", channel="CINCIDENTS")
    assert [message["text"] for message in line["messages"]] == ["parent", "loud"]
    await client.chat_update(channel="CINCIDENTS", ts=loud["ts"], text="louder")
    later = await client.chat_update(
        channel="CINCIDENTS", ts=quiet, text="not quiet", reply_broadcast=True
    )
    assert later["message"]["subtype"] == "thread_broadcast"


@pytest.fixture
async def masked() -> AsyncIterator[AsyncWebClient]:
    """Yield a client that may take other names."""
    seed = replace(Seed(), scopes=(*Seed().scopes, "chat:write.customize"))
    async with Sandbox(seed=seed) as sandbox:
        yield AsyncWebClient(token="xoxb-sandbox", base_url=sandbox.api_url)


async def test_a_message_may_wear_another_name(masked: AsyncWebClient) -> None:
    message = await posted(masked, text="x", username="Watch", icon_emoji=":eyes:")
    assert (message["username"], message["icons"]) == ("Watch", {"emoji": ":eyes:"})


async def test_elements_in_attachments_and_containers_are_clicked(
    sandbox: Sandbox, hands: Hands
) -> None:
    app, bodies = bolt(sandbox), []

    @app.action("go")
    async def go(ack: Any, body: Json) -> None:
        bodies.append(body)
        await ack()

    box = {"type": "container", "title": {"type": "plain_text", "text": "Box"}}
    blocks = [
        {**box, "child_blocks": [actions(button(action_id="go", value="1"), block_id="inner")]},
        card(block_id="card", actions=[button(action_id="go", value="2")]),
    ]
    within = [actions(button(action_id="go", value="3"), block_id="attached")]
    async with by_socket(app):
        ts = (await post(app.client, text="x", blocks=blocks, attachments=[{"blocks": within}]))[
            "ts"
        ]
        for value in ("1", "2", "3"):
            place = {"user": "UANA", "channel": "CINCIDENTS", "ts": ts}
            await hands.do("click", **place, action_id="go", value=value)
    assert [body["actions"][0]["block_id"] for body in bodies] == ["inner", "card", "attached"]
    assert bodies[0]["container"]["type"] == "message"
    attached = bodies[2]["container"]
    assert (attached["type"], attached["attachment_id"]) == ("message_attachment", 1)


async def test_what_is_entered_in_a_message_is_kept_for_each_person(
    sandbox: Sandbox, hands: Hands
) -> None:
    app, states = bolt(sandbox), []

    @app.action("go")
    async def go(ack: Any, body: Json) -> None:
        states.append(body["state"]["values"]["note"]["text"]["value"])
        await ack()

    blocks = [
        field(select("plain_text_input", action_id="text"), block_id="note"),
        actions(button(action_id="go")),
    ]
    async with by_socket(app):
        ts = (await post(app.client, text="x", blocks=blocks))["ts"]
        place = {"channel": "CINCIDENTS", "ts": ts, "action_id": "go"}
        await hands.do("click", user="UANA", values={"note": {"text": "mine"}}, **place)
        await hands.do("click", user="UBO", **place)
        await hands.do("click", user="UANA", **place)
        wrong = await hands.attempt("click", user="UANA", values={"nowhere": {"x": 1}}, **place)
    assert states == ["mine", None, "mine"]
    assert wrong[0] == 404
