"""Slack's errors, in our words; and what only Slack can do to us."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack import REQUIRED_SCOPES, SlackChat, _wait, client
from bot.adapters.socket import admitted
from bot.adapters.throttle import Rate, Throttle
from bot.chatter import Mark
from bot.domain.errors import Refused
from bot.ports import Rejected, Unavailable
from sandbox.seed import Seed
from sandbox.server import Sandbox
from tests.fakes.clock import SteppedClock
from tests.samples import ROOMY

WORDS = {"text": "hello"}
MARK = Mark("INC-1", "INC-1/card")


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(seed=replace(Seed(), rate_factor=0)) as serving:
        yield serving


def chat_of(
    sandbox: Sandbox, token: str = "xoxb-sandbox", clock: SteppedClock | None = None
) -> SlackChat:
    quick = client(token, sandbox.api_url)
    quick.timeout = 1
    return SlackChat(quick, Throttle(clock or SteppedClock(), ROOMY, {}))


async def fault(sandbox: Sandbox, **fault: Any) -> None:
    async with ClientSession() as http:
        await http.post(f"{sandbox.url}/control/faults", json=fault)


async def called(sandbox: Sandbox) -> list[str]:
    async with ClientSession() as http:
        calls = await (await http.get(f"{sandbox.url}/control/calls")).json()
    return [call["method"] for call in calls]


@pytest.mark.parametrize(
    ("happens", "wait"),
    [
        ({"kind": "ratelimited", "retry_after": 30}, timedelta(seconds=30)),
        ({"kind": "http_500"}, None),
        ({"kind": "error", "error": "internal_error"}, None),
        ({"kind": "hang"}, None),
        ({"kind": "drop"}, None),
    ],
    ids=["429", "500", "internal_error", "hang", "drop"],
)
async def test_what_passes_is_unavailable(
    sandbox: Sandbox, happens: dict[str, Any], wait: timedelta | None
) -> None:
    clock = SteppedClock()
    chat = chat_of(sandbox, clock=clock)
    await fault(sandbox, **{"method": "chat.postMessage", "times": 1, **happens})
    with pytest.raises(Unavailable) as unavailable:
        await chat.post("CINCIDENTS", WORDS, MARK)
    assert unavailable.value.retry_after == wait
    clock.advance(wait.total_seconds() if wait else 0)
    await chat.post("CINCIDENTS", WORDS, MARK)


async def test_after_a_429_that_method_is_not_called_and_the_others_are(sandbox: Sandbox) -> None:
    clock = SteppedClock()
    chat = chat_of(sandbox, clock=clock)
    happens = {"kind": "ratelimited", "retry_after": 30}
    await fault(sandbox, method="chat.postMessage", times=1, **happens)
    for waited in (0, 10):
        clock.advance(waited)
        for channel in ("CINCIDENTS", "COPS"):
            with pytest.raises(Unavailable) as unavailable:
                await chat.post(channel, WORDS, MARK)
            assert unavailable.value.retry_after == timedelta(seconds=30 - waited)
    assert (await called(sandbox)).count("chat.postMessage") == 1
    await chat.topic("CINCIDENTS")
    clock.advance(20)
    await chat.post("CINCIDENTS", WORDS, MARK)


async def test_a_method_without_a_turn_is_not_called(sandbox: Sandbox) -> None:
    clock = SteppedClock()
    one = {"conversations.info": Rate(timedelta(seconds=3), 1)}
    chat = SlackChat(client("xoxb-sandbox", sandbox.api_url), Throttle(clock, one))
    for _ in range(5):
        with suppress(Unavailable):
            await chat.topic("CINCIDENTS")
    assert (await called(sandbox)).count("conversations.info") == 1


async def test_what_was_posted_before_the_line_went_dead_is_found(sandbox: Sandbox) -> None:
    chat = chat_of(sandbox)
    await fault(sandbox, method="chat.postMessage", kind="http_500", when="after", times=1)
    with pytest.raises(Unavailable):
        await chat.post("CINCIDENTS", WORDS, MARK)
    assert await chat.find_post("CINCIDENTS", MARK)


async def test_a_line_that_goes_dead_is_not_tried_again_behind_our_back(
    sandbox: Sandbox,
) -> None:
    chat = chat_of(sandbox)
    await fault(sandbox, method="chat.postMessage", kind="drop", when="after", times=1)
    with pytest.raises(Unavailable):
        await chat.post("CINCIDENTS", WORDS, MARK)
    async with ClientSession() as http:
        url = f"{sandbox.url}/control/messages?channel=CINCIDENTS"
        said = await (await http.get(url)).json()
    assert [m["text"] for m in said if m["bot_id"]] == ["hello"]


@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [
        (503, "text/plain", "upstream connect error"),
        (502, "text/html", "<html>bad gateway</html>"),
        (200, "application/json", '{"ok": tr'),
        (200, "text/html", "<html>please log in</html>"),
        (200, "application/json", "[]"),
    ],
)
async def test_what_a_proxy_answers_is_not_taken_for_slacks_word(
    status: int, kind: str, body: str
) -> None:
    async def proxy(_: web.Request) -> web.Response:
        return web.Response(status=status, text=body, content_type=kind)

    app = web.Application()
    app.router.add_route("*", "/api/{method}", proxy)
    async with TestServer(app) as server:
        chat = SlackChat(client("xoxb-1", str(server.make_url("/api/"))), Throttle(SteppedClock()))
        for call in (chat.whoami(), chat.post("C1", WORDS, MARK), chat.topic("C1")):
            with pytest.raises(Unavailable):
                await call


async def test_a_search_without_end_is_given_up_and_not_taken_for_an_answer() -> None:
    async def endless(request: web.Request) -> web.Response:
        more = {"channels": [], "response_metadata": {"next_cursor": "more"}}
        me = {"team_id": "T1", "user_id": "UBOT"}
        asked = request.match_info["method"]
        return web.json_response({"ok": True} | (me if asked == "auth.test" else more))

    app = web.Application()
    app.router.add_route("*", "/api/{method}", endless)
    async with TestServer(app) as server:
        chat = SlackChat(client("xoxb-1", str(server.make_url("/api/"))), Throttle(SteppedClock()))
        with pytest.raises(Unavailable, match="too many channels"):
            await chat.own_channels({"inc-1"})


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("is_archived", "its channel is archived; somebody has to unarchive it"),
        ("restricted_action", "restricted_action"),
    ],
)
async def test_what_slack_will_not_do_is_refused(sandbox: Sandbox, error: str, said: str) -> None:
    await fault(sandbox, method="chat.postMessage", kind="error", error=error, times=1)
    with pytest.raises(Refused, match=said):
        await chat_of(sandbox).post("CINCIDENTS", WORDS, MARK)


async def test_a_wrong_token_is_rejected(sandbox: Sandbox) -> None:
    chat = chat_of(sandbox, "xoxb-wrong")
    with pytest.raises(Rejected, match="invalid_auth"):
        await chat.whoami()
    with pytest.raises(Rejected):
        await admitted(AsyncWebClient("xoxb-sandbox", base_url=sandbox.api_url), "xapp-wrong")
    await admitted(AsyncWebClient("xoxb-sandbox", base_url=sandbox.api_url), "xapp-sandbox")


async def test_a_missing_scope_is_named() -> None:
    few = replace(Seed(), scopes=("chat:write",))
    async with Sandbox(seed=few) as sandbox:
        with pytest.raises(Refused, match=r"missing_scope, it needs the scope .*channels:manage"):
            await chat_of(sandbox).open_channel("inc-1", private=False)


async def test_the_workspace_grants_what_is_required(sandbox: Sandbox) -> None:
    assert (await chat_of(sandbox).whoami()).scopes >= REQUIRED_SCOPES


async def test_a_channel_where_nothing_can_be_posted_is_told_apart(sandbox: Sandbox) -> None:
    chat = chat_of(sandbox)
    with pytest.raises(Refused, match="I am not in #general; somebody must invite me"):
        await chat.check_channel("CGENERAL")
    async with ClientSession() as http:
        await http.post(f"{sandbox.url}/control/archive", json={"channel": "CINCIDENTS"})
    with pytest.raises(Refused, match="#incidents is archived"):
        await chat.check_channel("CINCIDENTS")


async def test_who_could_not_be_invited_is_named(sandbox: Sandbox) -> None:
    chat = chat_of(sandbox)
    opened = await chat.open_channel("inc-1", private=False)
    everybody = ["UANA", "UNOBODY", "UULA", "UXAV", "UDAN"]
    missing = await chat.invite(opened, everybody)
    assert missing == {
        "UNOBODY": "I know nobody of that id",
        "UULA": "is a guest of a single channel",
        "UXAV": "is of another company",
        "UDAN": "their account cannot be invited; perhaps it was deactivated",
    }
    assert await chat.invite(opened, everybody) == missing


async def test_more_people_than_one_call_takes_are_invited(sandbox: Sandbox) -> None:
    chat = chat_of(sandbox)
    opened = await chat.open_channel("inc-1", private=False)
    strangers = [f"UNONE{n}" for n in range(205)]
    assert set(await chat.invite(opened, [*strangers, "UANA"])) == set(strangers)
    assert (await called(sandbox)).count("conversations.invite") == 3


async def test_a_channel_is_found_on_any_page(sandbox: Sandbox) -> None:
    chat = chat_of(sandbox)
    opened = [await chat.open_channel(f"inc-{n}", private=False) for n in range(210)]
    for n in (0, 209):
        assert [c.id for c in await chat.own_channels({f"inc-{n}"})] == [opened[n]]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("30", 30), ("1.5", 2), ("0", 1), ("-3", 1), ("Wed, 21 Oct 2026 07:28:00 GMT", 1)],
)
def test_however_slack_says_it_there_is_a_wait(header: str, seconds: int) -> None:
    assert _wait({"Retry-After": header}) == timedelta(seconds=seconds)
