"""Canvases are made, found, changed and shared, and refuse what Slack's refuse."""

from collections.abc import AsyncIterator
from dataclasses import replace
from io import BytesIO
from json import dumps
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.happenings import canvas_text
from sandbox.seed import ChannelSeed, Seed
from sandbox.server import Sandbox
from sandbox.wire import Json
from tests.sandbox.hands import Hands
from tests.sandbox.test_web_api import refusal

SEED = replace(
    Seed(),
    rate_factor=0,
    scopes=(*Seed().scopes, "canvases:read", "files:read"),
    channels=(*Seed().channels, ChannelSeed("CHIDDEN", "hidden", ("UANA",), is_private=True)),
)
PLAN = "# Plan\n\nFirst ![](@UANA)\n\n## Tasks\n\n- one\n- two\n\n### Notes\nlast"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(seed=SEED) as running:
        yield running


def text(markdown: str) -> dict[str, str]:
    return {"type": "markdown", "markdown": markdown}


async def made(client: AsyncWebClient, markdown: str = PLAN) -> str:
    answer = await client.canvases_create(title="Plan", document_content=text(markdown))
    return str(answer["canvas_id"])


async def change(client: AsyncWebClient, canvas: str, **fields: Any) -> None:
    if "markdown" in fields:
        fields["document_content"] = text(fields.pop("markdown"))
    await client.canvases_edit(canvas_id=canvas, changes=[fields])


async def found(client: AsyncWebClient, canvas: str, **criteria: Any) -> list[str]:
    answer = await client.canvases_sections_lookup(canvas_id=canvas, criteria=criteria)
    return [section["id"] for section in answer["sections"]]


async def content(client: AsyncWebClient, canvas: str) -> str:
    return str((await client.canvases_getContent(canvas_id=canvas))["content"])


async def test_a_channel_has_one_canvas_and_says_which(
    client: AsyncWebClient, hands: Hands
) -> None:
    create = client.conversations_canvases_create
    answer = await create(channel_id="COPS", title="Ops", document_content=text(PLAN))
    canvas = answer["canvas_id"]
    channel = (await client.conversations_info(channel="COPS"))["channel"]
    assert channel["properties"]["canvas"]["file_id"] == canvas
    again = create(channel_id="COPS", document_content=text(PLAN))
    assert await refusal(again) == "channel_canvas_already_exists"
    assert (await hands.see("canvas", channel="COPS", user="UANA"))["markdown"] == PLAN.replace(
        "### Notes\n", "### Notes\n\n"
    )
    await client.canvases_delete(canvas_id=canvas)
    assert not (await client.conversations_info(channel="COPS"))["channel"]["properties"]
    await create(channel_id="COPS", document_content=text("new"))


@pytest.mark.parametrize(
    ("channel", "error"),
    [("CNONE", "channel_not_found"), ("CHIDDEN", "channel_not_found"),
     ("CGENERAL", "not_in_channel")],
)  # fmt: skip
async def test_a_canvas_is_put_where_the_app_is(
    client: AsyncWebClient, channel: str, error: str
) -> None:
    own = client.conversations_canvases_create(channel_id=channel, document_content=text("x"))
    assert await refusal(own) == error
    assert await refusal(client.canvases_create(channel_id=channel)) == error


async def test_sections_are_found_by_type_and_text(client: AsyncWebClient) -> None:
    canvas = await made(client)
    headings = await found(client, canvas, section_types=["any_header"])
    assert len(headings) == 3
    assert await found(client, canvas, section_types=["h2"]) == [headings[1]]
    assert await found(client, canvas, section_types=["h1", "h3"]) == [headings[0], headings[2]]
    assert await found(client, canvas, section_types=["h2"], contains_text="Plan") == []
    assert len(await found(client, canvas, contains_text="two")) == 1


async def test_a_section_that_is_not_touched_keeps_its_id(client: AsyncWebClient) -> None:
    canvas = await made(client, "# A\n\none\n\ntwo")
    (one,) = await found(client, canvas, contains_text="one")
    (two,) = await found(client, canvas, contains_text="two")
    await change(client, canvas, operation="insert_at_start", markdown="start")
    await change(client, canvas, operation="insert_at_end", markdown="end")
    await change(client, canvas, operation="insert_before", section_id=two, markdown="before")
    await change(client, canvas, operation="insert_after", section_id=two, markdown="after")
    await change(client, canvas, operation="replace", section_id=one, markdown="eins\n\nuno")
    assert await found(client, canvas, contains_text="two") == [two]
    assert (await content(client, canvas)).split("\n\n") == [
        "start", "# A", "eins", "uno", "before", "two", "after", "end"]  # fmt: skip
    await change(client, canvas, operation="delete", section_id=two)
    with pytest.raises(SlackApiError) as gone:
        await change(client, canvas, operation="replace", section_id=two, markdown="x")
    assert gone.value.response["error"] == "canvas_editing_failed"
    assert gone.value.response["detail"] == "section_not_found"
    await change(client, canvas, operation="replace", markdown="all new")
    assert await content(client, canvas) == "all new"


async def test_a_canvas_is_renamed(client: AsyncWebClient, hands: Hands) -> None:
    canvas = await made(client)
    await change(client, canvas, operation="rename", title_content=text("Better"))
    assert (await hands.see("canvas", canvas=canvas))["title"] == "Better"


async def test_a_canvas_is_a_file(client: AsyncWebClient, hands: Hands) -> None:
    canvas = await made(client)
    told = (await client.files_info(file=canvas))["file"]
    assert (told["title"], told["filetype"], told["user"]) == ("Plan", "quip", "UBOT")
    hidden = (await hands.do("canvas", user="UANA", channel="CHIDDEN", text="secret"))["id"]
    assert await refusal(client.files_info(file=hidden)) == "file_not_found"
    await client.canvases_delete(canvas_id=canvas)
    assert await refusal(client.files_info(file=canvas)) == "file_deleted"


ONE = {"operation": "insert_at_end", "document_content": text("x")}


@pytest.mark.parametrize(
    "changes",
    [[], [ONE, ONE], ["x"], [{}], [{**ONE, "operation": "shout"}], [{**ONE, "extra": 1}],
     [{**ONE, "section_id": "temp:C:1"}], [{**ONE, "operation": "insert_after"}],
     [{"operation": "delete"}], [{"operation": "insert_at_end"}], [{"operation": "rename"}],
     [{**ONE, "document_content": {"type": "html", "markdown": "x"}}]],
)  # fmt: skip
async def test_a_call_makes_exactly_one_well_formed_change(
    client: AsyncWebClient, changes: Any
) -> None:
    canvas = await made(client)
    before = await content(client, canvas)
    edit = client.canvases_edit(canvas_id=canvas, changes=changes)
    assert await refusal(edit) == "invalid_arguments"
    assert await content(client, canvas) == before


@pytest.mark.parametrize(
    ("markdown", "detail"),
    [("#### deep", "heading depth"), ("> - item", "block quote"), ("> > twice", "block quote"),
     ("- a\n  > quoted", "in a list"), ("- > quoted", "in a list"),
     ("- a\n  1. b", "list of another kind"), ("1. a\n   - b", "list of another kind"),
     ("\n".join(["|" + "a|" * 10, "|" + "-|" * 10, *["|" + "b|" * 10] * 30]), "300 cells")],
)  # fmt: skip
async def test_what_canvases_do_not_take_is_refused_with_a_detail(
    client: AsyncWebClient, markdown: str, detail: str
) -> None:
    with pytest.raises(SlackApiError) as refused:
        await client.canvases_create(document_content=text(markdown))
    assert refused.value.response["error"] == "canvas_creation_failed"
    assert detail in refused.value.response["detail"]
    canvas = await made(client)
    with pytest.raises(SlackApiError) as failed:
        await change(client, canvas, operation="insert_at_end", markdown=markdown)
    assert failed.value.response["error"] == "canvas_editing_failed"


@pytest.mark.parametrize(
    "markdown",
    ["```\n#### in code\n> - x\n```", "- a\n  - b\n    - c\n- d", "1. a\n\n- b",
     "> quoted\n> more", "- [ ] to do", "a\n> quoted after text", "- a\n\ntext\n\n> quoted",
     "\n".join(["|" + "a|" * 10, "|" + "-|" * 10, *["|" + "b|" * 10] * 29])],
)  # fmt: skip
def test_what_canvases_take_is_taken(markdown: str) -> None:
    assert canvas_text.complaint(markdown) == ""


@pytest.mark.parametrize(
    ("markdown", "pieces"),
    [("", []), ("a\nb", ["a\nb"]), ("a\n\n\nb", ["a", "b"]), ("a\n# b\nc", ["a", "# b", "c"]),
     ("```\na\n\n# b\n```\nc", ["```\na\n\n# b\n```\nc"]), ("####### a", ["####### a"])],
)  # fmt: skip
def test_a_text_falls_into_sections(markdown: str, pieces: list[str]) -> None:
    assert canvas_text.split(markdown) == pieces


async def test_a_canvas_is_a_mebibyte_at_most(sandbox: Sandbox, client: AsyncWebClient) -> None:
    half = "x" * (canvas_text.LARGEST // 2)
    canvas = await made(client, half)
    await change(client, canvas, operation="insert_at_end", markdown=half)
    more = change(client, canvas, operation="insert_at_end", markdown="x")
    assert await refusal(more) == "canvas_too_large"
    huge = {"document_content": text("x" * (canvas_text.LARGEST + 1))}
    headers = {"Authorization": "Bearer xoxb-sandbox", "Content-Type": "application/json"}
    body = BytesIO(dumps(huge).encode())
    async with (
        ClientSession(sandbox.api_url, headers=headers) as session,
        session.post("canvases.create", data=body) as answer,
    ):
        assert (await answer.json())["error"] == "canvas_too_large"


async def test_a_canvas_is_its_owners_until_it_is_shared(
    client: AsyncWebClient, hands: Hands
) -> None:
    canvas = await made(client)

    async def readers() -> list[str]:
        people = ("UANA", "UBO", "UEVE")
        url = f"{hands._url}/canvas"
        async with ClientSession() as session:
            seen = []
            for user in people:
                async with session.get(url, params={"canvas": canvas, "user": user}) as answer:
                    seen += [user] if answer.status == 200 else []
            return seen

    assert await readers() == []
    access = client.canvases_access_set
    await access(canvas_id=canvas, access_level="read", user_ids=["UEVE"])
    assert await readers() == ["UEVE"]
    write = {"canvas": canvas, "text": "mine"}
    assert (await hands.attempt("canvas", user="UEVE", **write))[0] == 400
    await access(canvas_id=canvas, access_level="write", channel_ids=["COPS"])
    assert await readers() == ["UANA", "UBO", "UEVE"]
    await hands.do("canvas", user="UANA", **write)
    assert (await hands.attempt("canvas", user="UBO", **write))[0] == 400
    await client.canvases_access_delete(canvas_id=canvas, channel_ids=["COPS"])
    assert await readers() == ["UEVE"]
    await access(canvas_id=canvas, access_level="owner", user_ids=["UBO"])
    assert await refusal(client.canvases_delete(canvas_id=canvas)) == "restricted_action"
    await change(client, canvas, operation="insert_at_end", markdown="still")


@pytest.mark.parametrize(
    ("args", "error"),
    [({}, "invalid_parameters"),
     ({"channel_ids": "COPS", "user_ids": "UBO"}, "invalid_parameters"),
     ({"access_level": "owner", "channel_ids": "COPS"}, "invalid_parameters"),
     ({"access_level": "all", "user_ids": "UBO"}, "invalid_arguments"),
     ({"user_ids": "UNONE"}, "user_not_found"), ({"channel_ids": "CHIDDEN"}, "channel_not_found"),
     ({"user_ids": '["UBO", 1]'}, "invalid_arguments"),
     ({"canvas_id": "F0", "user_ids": "UBO"}, "canvas_not_found")],
)  # fmt: skip
async def test_access_goes_to_known_people_or_channels(
    client: AsyncWebClient, args: Json, error: str
) -> None:
    given = {"canvas_id": await made(client), "access_level": "read", **args}
    assert await refusal(client.api_call("canvases.access.set", params=given)) == error


@pytest.mark.parametrize(
    "criteria",
    [{}, {"section_types": []}, {"section_types": ["h4"]}, {"contains_text": ""},
     {"contains_text": 1}, {"color": "red"}],
)  # fmt: skip
async def test_a_lookup_has_a_criterion(client: AsyncWebClient, criteria: Json) -> None:
    lookup = client.canvases_sections_lookup(canvas_id=await made(client), criteria=criteria)
    assert await refusal(lookup) == "invalid_arguments"


async def test_what_is_gone_or_unseen_is_not_found(client: AsyncWebClient, hands: Hands) -> None:
    hidden = (await hands.do("canvas", user="UANA", channel="CHIDDEN", text="secret"))["id"]
    gone = await made(client)
    await client.canvases_delete(canvas_id=gone)
    for canvas in (hidden, gone, "F0"):
        assert await refusal(client.canvases_delete(canvas_id=canvas)) == "canvas_not_found"
        edit = client.canvases_edit(canvas_id=canvas, changes=[ONE])
        assert await refusal(edit) == "canvas_not_found"
    lookup = client.canvases_sections_lookup(canvas_id=gone, criteria={"contains_text": "x"})
    assert await refusal(lookup) == "canvas_deleted"


async def test_on_a_free_plan_a_canvas_hangs_on_a_channel() -> None:
    async with Sandbox(seed=replace(SEED, is_paid=False)) as free:
        client = AsyncWebClient(token="xoxb-sandbox", base_url=free.api_url)
        alone = client.canvases_create(document_content=text("x"))
        assert await refusal(alone) == "free_teams_cannot_create_non_tabbed_canvases"
        tab = await client.canvases_create(channel_id="COPS", document_content=text("x"))
        await change(client, tab["canvas_id"], operation="insert_at_end", markdown="y")
        second = client.conversations_canvases_create(
            channel_id="COPS", document_content=text("x")
        )
        assert await refusal(second) == "free_team_canvas_tab_already_exists"


async def test_canvases_take_scopes() -> None:
    async with Sandbox(seed=replace(SEED, scopes=("chat:write",))) as poor:
        client = AsyncWebClient(token="xoxb-sandbox", base_url=poor.api_url)
        lookup = client.canvases_sections_lookup(canvas_id="F0", criteria={"contains_text": "x"})
        for call in (lookup, client.canvases_create(title="x")):
            assert await refusal(call) == "missing_scope"


async def test_people_write_beside_the_app(client: AsyncWebClient, hands: Hands) -> None:
    begun = await hands.do("canvas", user="UANA", channel="CINCIDENTS", text="# Log")
    canvas = begun["id"]
    await change(client, canvas, operation="insert_at_end", markdown="10:00 paged")
    section = (await hands.see("canvas", canvas=canvas))["sections"][1]
    written = await hands.do("canvas", user="UBO", channel="CINCIDENTS", operation="replace",
                             section=section["id"], text="10:01 paged")  # fmt: skip
    assert written["markdown"] == "# Log\n\n10:01 paged"
    assert await found(client, canvas, contains_text="10:00") == []


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [({"channel": "COPS", "text": "#### x"}, 400, "canvas_creation_failed"),
     ({"channel": "COPS", "operation": "delete", "section": "x"}, 404, "has no canvas"),
     ({"channel": "COPS"}, 400, "missing: text"), ({"canvas": "F0", "text": "x"}, 404, "no such"),
     ({"user": "UBO", "channel": "COPS", "text": "x"}, 400, "not in the channel")],
)  # fmt: skip
async def test_a_wrong_hand_is_refused_in_words(
    hands: Hands, fields: Json, status: int, words: str
) -> None:
    got, answer = await hands.attempt("canvas", **{"user": "UANA", **fields})
    assert (got, words in answer["error"]) == (status, True), answer
