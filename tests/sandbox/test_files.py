"""Files go up, are shared, come down, and go away, as in Slack."""

import io
from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientSession, FormData
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.clock import SteppedClock
from sandbox.seed import ChannelSeed, Seed
from sandbox.server import Sandbox
from sandbox.wire import Json
from tests.sandbox.hands import Hands
from tests.sandbox.test_web_api import refusal

PIXEL = b"\x89PNG\r\n\x1a\n..."
FILES = replace(
    Seed(),
    rate_factor=0,
    scopes=(*Seed().scopes, "files:read"),
    events=("file_created", "file_deleted", "file_shared", "message.channels"),
    channels=(*Seed().channels, ChannelSeed("CHIDDEN", "hidden", ("UANA",), is_private=True)),
)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(seed=FILES) as running:
        yield running


async def upload(hands: Hands, **fields: Any) -> Any:
    content = b64encode(fields.pop("content", PIXEL)).decode()
    given = {"user": "UANA", "filename": "graph.png", "content": content}
    return await hands.do("upload", **given | fields)


async def shared(hands: Hands, channel: str = "COPS", count: int = 1) -> list[Json]:
    """Return the channel's messages with files, once there are that many."""

    def with_files(messages: list[Json]) -> list[Json]:
        return [message for message in messages if message["subtype"] == "file_share"]

    seen = await hands.until("messages", lambda m: len(with_files(m)) >= count, channel=channel)
    return with_files(seen)


async def fetched(url: str, token: str = "xoxb-sandbox") -> tuple[int, bytes, str]:
    headers = {"Authorization": f"Bearer {token}"}
    async with ClientSession() as session, session.get(url, headers=headers) as response:
        return response.status, await response.read(), response.content_type


async def seen_by(sandbox: Sandbox, file: str, *users: str) -> list[int]:
    places = [f"{sandbox.url}/control/file?user={user}&file={file}" for user in users]
    return [(await fetched(place))[0] for place in places]


async def test_a_person_uploads_and_who_sees_the_channel_sees_the_bytes(
    sandbox: Sandbox, hands: Hands
) -> None:
    sent = await upload(hands, channel="COPS", text="see", title="Graph", alt_text="A line")
    message = (await shared(hands))[0]
    assert (message["ts"], message["text"]) == (sent["ts"], "see")
    file = sent["file"]
    assert (file["title"], file["alt_txt"], file["channels"]) == ("Graph", "A line", ["COPS"])
    people = ("UANA", "UBO", "UEVE", "UXAV")
    assert await seen_by(sandbox, file["id"], *people) == [200, 200, 404, 404]
    place = f"{sandbox.url}/control/file?user=UBO&file={file['id']}"
    assert await fetched(place) == (200, PIXEL, "image/png")


async def test_a_file_that_is_shared_nowhere_is_its_owners(sandbox: Sandbox, hands: Hands) -> None:
    sent = await upload(hands)
    assert (sent["channel"], sent["ts"], sent["deliveries"]) == (None, None, [])
    assert await seen_by(sandbox, sent["file"]["id"], "UANA", "UBO") == [200, 404]


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"content": ""}, "an empty file"), ({"content": "?"}, "content is base64"),
     ({"filename": ""}, "a file has a name"), ({"channel": "CNONE"}, "no such channel"),
     ({"channel": "COPS", "thread_ts": "1.0"}, "no such message")],
)  # fmt: skip
async def test_a_wrong_upload_is_refused_in_words(hands: Hands, fields: Json, words: str) -> None:
    given = {"user": "UANA", "filename": "a.txt", "content": b64encode(b"x").decode()}
    _status, answer = await hands.attempt("upload", **given | fields)
    assert words in answer["error"]


async def test_the_app_hears_of_a_file_and_fetches_it(
    client: AsyncWebClient, hands: Hands
) -> None:
    sent = await upload(hands, channel="COPS", content=b"hello", filename="a b.txt")

    def heard(deliveries: list[Json]) -> bool:
        events = [delivery["payload"]["event"] for delivery in deliveries]
        kinds = {(event["type"], event.get("subtype")) for event in events}
        return {("file_shared", None), ("message", "file_share")} <= kinds

    deliveries = await hands.until("deliveries", heard)
    events = {d["payload"]["event"]["type"]: d["payload"]["event"] for d in deliveries}
    told = events["file_shared"]
    assert (told["file_id"], told["channel_id"], told["user_id"]) == (
        sent["file"]["id"], "COPS", "UANA")  # fmt: skip
    info = await client.files_info(file=told["file_id"])
    assert info["file"]["shares"]["public"]["COPS"][0]["ts"] == sent["ts"]
    assert info["content"] == "hello"
    assert await fetched(info["file"]["url_private"]) == (200, b"hello", "text/plain")


async def test_who_may_not_read_a_file_gets_the_sign_in_page(
    sandbox: Sandbox, hands: Hands
) -> None:
    mine = (await upload(hands, channel="COPS"))["file"]["url_private"]
    hidden = (await upload(hands, channel="CHIDDEN"))["file"]["url_private"]
    unknown = f"{sandbox.url}/files/F0/x.png"
    for url, token in [(mine, "wrong"), (hidden, "xoxb-sandbox"), (unknown, "xoxb-sandbox")]:
        status, body, kind = await fetched(url, token)
        assert (status, kind) == (200, "text/html")
        assert b"Sign in" in body


async def test_reading_files_takes_its_scope(hands: Hands) -> None:
    async with Sandbox() as poor, ClientSession() as session:
        sent = await upload(Hands(session, poor), channel="COPS")
        assert (await fetched(sent["file"]["url_private"]))[2] == "text/html"
        client = AsyncWebClient(token="xoxb-sandbox", base_url=poor.api_url)
        assert await refusal(client.files_info(file=sent["file"]["id"])) == "missing_scope"


async def test_nothing_but_pictures_and_text_is_shown_in_place(hands: Hands) -> None:
    shown = {"a.png": "inline", "a.txt": "inline", "a.svg": "attachment", "a.html": "attachment",
             "a.exe": "attachment"}  # fmt: skip
    for name, kind in shown.items():
        url = (await upload(hands, channel="COPS", filename=name))["file"]
        headers = {"Authorization": "Bearer xoxb-sandbox"}
        async with ClientSession() as session:
            async with session.get(url["url_private"], headers=headers) as response:
                assert response.headers["Content-Disposition"].startswith(kind), name
                assert response.headers["X-Content-Type-Options"] == "nosniff"
            async with session.get(url["url_private_download"], headers=headers) as response:
                assert response.headers["Content-Disposition"].startswith("attachment"), name


async def test_the_sdk_uploads_text_with_all_that_goes_with_it(
    client: AsyncWebClient, hands: Hands
) -> None:
    parent = await client.chat_postMessage(channel="COPS", text="here")
    answer = await client.files_upload_v2(
        content="print(1)", filename="a.py", title="A", alt_txt="code", snippet_type="python",
        channel="COPS", thread_ts=parent["ts"], initial_comment="look",
    )  # fmt: skip
    assert "shares" not in answer["file"]
    message = (await shared(hands))[0]
    assert (message["text"], message["thread_ts"]) == ("look", parent["ts"])
    assert (message["user"], message["bot_id"]) == ("UBOT", "BBOT")
    file = (await client.files_info(file=answer["file"]["id"]))["file"]
    assert (file["title"], file["alt_txt"], file["mode"]) == ("A", "code", "snippet")
    assert (file["filetype"], file["size"]) == ("python", 8)
    share = file["shares"]["public"]["COPS"][0]
    assert (share["ts"], share["thread_ts"]) == (message["ts"], parent["ts"])


async def test_the_sdk_uploads_several_files_into_several_channels(
    client: AsyncWebClient, hands: Hands
) -> None:
    pictures = [{"file": io.BytesIO(PIXEL), "filename": name} for name in ("a.png", "b.png")]
    answer = await client.files_upload_v2(file_uploads=pictures, channels=["COPS", "CINCIDENTS"])
    assert [file["name"] for file in answer["files"]] == ["a.png", "b.png"]
    for channel in ("COPS", "CINCIDENTS"):
        await shared(hands, channel)
        history = await client.conversations_history(channel=channel)
        assert [file["name"] for file in history["messages"][0]["files"]] == ["a.png", "b.png"]


async def test_a_file_is_shared_a_moment_after_the_answer(clock: SteppedClock) -> None:
    async with Sandbox(clock=clock, seed=FILES) as sandbox, ClientSession() as session:
        client = AsyncWebClient(token="xoxb-sandbox", base_url=sandbox.api_url)
        hands = Hands(session, sandbox)
        file = (await client.files_upload_v2(content="x", filename="a.txt", channel="COPS"))[
            "file"
        ]
        assert (await client.files_info(file=file["id"]))["file"]["shares"] == {}
        assert await hands.see("messages", channel="COPS") == []
        clock.step(1)
        ts = (await shared(hands))[0]["ts"]
        now = (await client.files_info(file=file["id"]))["file"]["shares"]
        assert now["public"]["COPS"][0]["ts"] == ts


@pytest.mark.parametrize(
    ("args", "error"),
    [({"length": 0}, "missing_argument"), ({"length": "x"}, "invalid_arguments"),
     ({"filename": ""}, "invalid_arguments"), ({"length": ""}, "invalid_arguments"),
     ({"alt_txt": "x" * 1001}, "alt_txt_too_large"),
     ({"snippet_type": "klingon"}, "unknown_snippet_type"),
     ({"snippet_type": "python", "length": 2**20 + 1}, "snippet_too_large"),
     ({"length": 20 * 2**20 + 1}, "file_upload_size_restricted")],
)  # fmt: skip
async def test_an_upload_is_refused_before_its_bytes(
    client: AsyncWebClient, args: Json, error: str
) -> None:
    given = {"filename": "a.txt", "length": 3, **args}
    assert await refusal(client.api_call("files.getUploadURLExternal", params=given)) == error


async def test_bytes_are_taken_once_and_as_many_as_announced(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    url = (await client.files_getUploadURLExternal(filename="a.txt", length=3))["upload_url"]
    form = FormData()
    form.add_field("filename", b"abc", filename="a.txt", content_type="text/plain")
    async with ClientSession() as session:
        for place, body, status in [
            (f"{sandbox.url}/upload/v1/unknown", b"abc", 404),
            (url, b"abcd", 400),
            (url, form, 200),
            (url, b"abc", 410),
        ]:
            async with session.post(place, data=body) as response:
                assert response.status == status
                if status == 200:
                    assert await response.text() == "OK - 3"


async def sent_file(client: AsyncWebClient, *, with_bytes: bool = True) -> str:
    announced = await client.files_getUploadURLExternal(filename="a.txt", length=3)
    if with_bytes:
        async with ClientSession() as session:
            await session.post(announced["upload_url"], data=b"abc")
    return str(announced["file_id"])


@pytest.mark.parametrize(
    ("args", "error"),
    [({"channel_id": "CGENERAL"}, "not_in_channel"),
     ({"channel_id": "CHIDDEN"}, "channel_not_found"),
     ({"channel_id": "operators"}, "channel_not_found"),
     ({"channels": "operators"}, "invalid_channel"),
     ({"channels": ",".join(f"C{n}" for n in range(101))}, "channels_limit_exceeded"),
     ({"channel_id": "COPS", "channels": "COPS"}, "invalid_arguments"),
     ({"channel_id": "COPS", "thread_ts": "1.0"}, "thread_not_found"),
     ({"channels": "COPS,CINCIDENTS", "thread_ts": "1.0"}, "invalid_arguments"),
     ({"channel_id": "COPS", "blocks": "["}, "invalid_blocks_format"),
     ({"channel_id": "COPS", "blocks": '[{"type":"header"}]'}, "invalid_blocks"),
     ({"channel_id": "COPS", "username": "me"}, "missing_scope"),
     ({"files": "[]"}, "invalid_arguments"), ({"files": '[{"id":"F0"}]'}, "file_not_found"),
     ({"files": '[{"title":"x"}]'}, "invalid_arguments"),
     ({"files": '[{"id":"F0","name":"x"}]'}, "invalid_arguments")],
)  # fmt: skip
async def test_a_wrong_completion_is_refused_and_shares_nothing(
    client: AsyncWebClient, hands: Hands, args: Json, error: str
) -> None:
    file = await sent_file(client)
    given = {"files": f'[{{"id":"{file}"}}]', **args}
    assert await refusal(client.api_call("files.completeUploadExternal", params=given)) == error
    assert await refusal(client.files_info(file=file)) == "file_not_found"


async def test_what_was_not_sent_or_is_done_is_not_completed(client: AsyncWebClient) -> None:
    empty, file = await sent_file(client, with_bytes=False), await sent_file(client)
    complete = client.files_completeUploadExternal
    assert await refusal(complete(files=[{"id": empty}])) == "file_not_found"
    assert await refusal(complete(files=[{"id": file}, {"id": file}])) == "invalid_arguments"
    await complete(files=[{"id": file}])
    assert await refusal(complete(files=[{"id": file}])) == "file_update_failed"


async def test_the_app_lists_the_files_it_sees(client: AsyncWebClient, hands: Hands) -> None:
    await upload(hands, channel="COPS")
    await upload(hands, channel="CHIDDEN", filename="hidden.png")
    await upload(hands, channel="CGENERAL", filename="far.png")
    await client.files_upload_v2(content="x", filename="own.txt")

    async def names(**args: Any) -> list[str]:
        return [file["name"] for file in (await client.files_list(**args))["files"]]

    assert await names() == ["own.txt", "graph.png"]
    assert await names(user="UANA") == ["graph.png"]
    assert await names(channel="CINCIDENTS") == []
    assert await names(types="images,pdfs") == ["graph.png"]
    assert await names(ts_to="1") == []
    assert await names(count=1, page=2) == ["graph.png"]
    assert (await client.files_list(count=1))["paging"] == {
        "count": 1, "total": 2, "page": 1, "pages": 2}  # fmt: skip
    assert await refusal(client.files_list(types="songs")) == "unknown_type"
    assert await refusal(client.files_list(user="UNONE")) == "user_not_found"


async def test_the_app_deletes_its_own_files_only(client: AsyncWebClient, hands: Hands) -> None:
    theirs = (await upload(hands, channel="COPS"))["file"]["id"]
    hidden = (await upload(hands, channel="CHIDDEN"))["file"]["id"]
    own = (await client.files_upload_v2(content="x", filename="a.txt", channel="COPS"))["file"]
    await shared(hands, count=2)
    assert await refusal(client.files_delete(file=theirs)) == "cant_delete_file"
    assert await refusal(client.files_delete(file=hidden)) == "file_not_found"
    await client.files_delete(file=own["id"])
    assert await refusal(client.files_delete(file=own["id"])) == "file_deleted"
    assert await refusal(client.files_info(file=own["id"])) == "file_deleted"
    assert (await fetched(own["url_private"]))[2] == "text/html"
    newest = (await client.conversations_history(channel="COPS"))["messages"][0]
    assert newest["files"] == [{"id": own["id"], "mode": "tombstone"}]
    await hands.until(
        "deliveries",
        lambda seen: any(d["payload"]["event"]["type"] == "file_deleted" for d in seen),
    )


async def test_people_delete_their_files_and_admins_anybodys(hands: Hands) -> None:
    await hands.do("leave", user="UEVE", channel="CINCIDENTS")
    for tries in ({"UCY": 400, "UEVE": 404, "UBO": 200}, {"UANA": 200}):
        file = (await upload(hands, user="UBO", channel="CINCIDENTS"))["file"]["id"]
        for user, status in tries.items():
            assert (await hands.attempt("delete_file", user=user, file=file))[0] == status
        seen = await hands.see("timeline", user="UANA", channel="CINCIDENTS")
        assert seen["messages"][-1]["files"] == [{"id": file, "mode": "tombstone"}]


async def test_an_upload_says_what_was_typed_and_calls_the_app() -> None:
    seed = replace(FILES, events=("app_mention",))
    async with Sandbox(seed=seed) as sandbox, ClientSession() as session:
        hands = Hands(session, sandbox)
        sent = await upload(hands, channel="COPS", text="<@UBOT> 1 < 2")
        assert len(sent["deliveries"]) == 1
        assert (await shared(hands))[0]["text"] == "<@UBOT> 1 &lt; 2"


async def test_a_picture_in_blocks_is_seen_by_who_sees_the_blocks(
    sandbox: Sandbox, client: AsyncWebClient, hands: Hands
) -> None:
    hidden = (await upload(hands, channel="CHIDDEN"))["file"]["id"]
    text = (await client.files_upload_v2(content="x", filename="a.txt"))["file"]["id"]
    file = (await client.files_upload_v2(file=PIXEL, filename="a.png"))["file"]
    assert await seen_by(sandbox, file["id"], "UANA", "UEVE") == [404, 404]
    for place in ({"id": file["id"]}, {"url": file["url_private"]}):
        block = {"type": "image", "alt_text": "a", "slack_file": place}
        await client.chat_postMessage(channel="COPS", text="x", blocks=[block])
    assert await seen_by(sandbox, file["id"], "UANA", "UEVE") == [200, 404]
    for place in ({"id": "F0"}, {"url": "https://x.example"}, {"id": hidden}, {"id": text}):
        block = {"type": "image", "alt_text": "a", "slack_file": place}
        post = client.chat_postMessage(channel="COPS", text="x", blocks=[block])
        assert await refusal(post) == "invalid_blocks"


@pytest.mark.parametrize(
    ("method", "error"),
    [("files.upload", "method_deprecated"), ("files.sharedPublicURL", "not_allowed_token_type")],
)
async def test_some_ways_are_closed(client: AsyncWebClient, method: str, error: str) -> None:
    assert await refusal(client.api_call(method)) == error


async def test_the_app_hears_of_no_deletion_that_it_did_not_see(hands: Hands) -> None:
    for channel, told in (("CHIDDEN", 0), ("COPS", 2)):  # a changed message and a deleted file
        file = (await upload(hands, channel=channel))["file"]["id"]
        gone = await hands.do("delete_file", user="UANA", file=file)
        assert len(gone["deliveries"]) == told
    assert (await hands.heard("file_deleted"))["user_id"] == "UANA"


async def test_a_revoked_token_fetches_no_file(client: AsyncWebClient, hands: Hands) -> None:
    url = (await upload(hands, channel="COPS"))["file"]["url_private"]
    assert (await fetched(url))[2] == "image/png"
    await client.auth_revoke()
    assert (await fetched(url))[2] == "text/html"


async def test_the_app_is_not_told_where_else_a_file_is(
    sandbox: Sandbox, client: AsyncWebClient, hands: Hands
) -> None:
    ticket = await client.files_getUploadURLExternal(filename="a.txt", length=1)
    async with ClientSession() as session:
        await session.post(ticket["upload_url"], data=b"a")
    one = [{"id": ticket["file_id"]}]
    await client.files_completeUploadExternal(files=one, channels=["COPS", "CINCIDENTS"])
    await shared(hands, "CINCIDENTS")
    await client.conversations_leave(channel="CINCIDENTS")
    shown = (await client.files_info(file=ticket["file_id"]))["file"]["shares"]
    assert {kind: list(places) for kind, places in shown.items()} == {"public": ["COPS"]}


async def test_what_was_left_meanwhile_gets_no_file(clock: SteppedClock) -> None:
    async with Sandbox(seed=FILES, clock=clock) as sandbox, ClientSession() as session:
        client, hands = AsyncWebClient("xoxb-sandbox", sandbox.api_url), Hands(session, sandbox)
        file = await sent_file(client)
        await client.files_completeUploadExternal(files=[{"id": file}], channel_id="COPS")
        await hands.do("archive", channel="COPS")
        before = (await hands.see("state"))["version"]
        clock.step(1)
        await hands.do("message", user="UANA", channel="CINCIDENTS", text="a moment later")
        assert (await hands.see("state"))["version"] > before
        kinds = [message["subtype"] for message in await hands.see("messages", channel="COPS")]
        assert kinds == ["channel_archive"]


async def test_a_message_with_files_is_not_updated(client: AsyncWebClient, hands: Hands) -> None:
    await client.files_upload_v2(content="x", filename="a.txt", channel="COPS")
    (message,) = await shared(hands)
    change = client.chat_update(channel="COPS", ts=message["ts"], text="y")
    assert await refusal(change) == "cant_update_message"
