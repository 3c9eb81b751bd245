"""Deliveries over HTTP: redirects, addresses of their own, verification, and repeats."""

import asyncio
import json
from collections.abc import AsyncIterator
from functools import partial

import pytest
from aiohttp import ClientSession, web
from slack_sdk.signature import SignatureVerifier

from sandbox.clock import SteppedClock
from sandbox.server import Sandbox
from tests.sandbox.apps import bolt, by_http, listening
from tests.sandbox.hands import Hands
from tests.sandbox.test_delivery import Recorder
from tests.sandbox.test_sockets import so_many


@pytest.fixture
async def stepped(clock: SteppedClock) -> AsyncIterator[Sandbox]:
    async with Sandbox(clock=clock) as running:
        yield running


def moved(times: int, status: int = 302, to: str = "/slack/events") -> list[web.Response]:
    return [web.Response(status=status, headers={"Location": to}) for _ in range(times)]


@pytest.mark.parametrize(
    ("answers", "failures"),
    [
        (moved(2), [None]),
        (moved(1, 307), [None]),
        (moved(3), ["too_many_redirects", None]),
    ],
)
async def test_two_redirects_are_followed_and_no_more(
    hands: Hands, answers: list[web.Response], failures: list[str | None]
) -> None:
    recorder = Recorder(*answers)
    async with listening(recorder.application) as url:
        await hands.do("settings", mode="http", url=url, retry_factor=0)
        await hands.do("home", user="UANA")
        sent = await hands.until("deliveries", lambda sent: sent and sent[-1]["acked"])
    assert [attempt["failure"] for attempt in sent] == failures
    verifier = SignatureVerifier("sandbox-signing-secret")
    assert all(verifier.is_valid_request(body, heads) for heads, body in recorder.requests)


async def test_a_redirect_to_another_machine_is_not_followed(hands: Hands) -> None:
    recorder = Recorder()
    async with listening(recorder.application) as url:
        recorder.answers += moved(1, to=url.replace("127.0.0.1", "0.0.0.0"))
        await hands.do("settings", mode="http", url=url, retry_factor=0)
        await hands.do("home", user="UANA")
        sent = await hands.until("deliveries", lambda sent: sent and sent[-1]["acked"])
    assert [attempt["failure"] for attempt in sent] == ["connection_failed", None]


async def test_repeats_come_at_once_then_after_a_minute_then_after_five(
    stepped: Sandbox, clock: SteppedClock
) -> None:
    recorder = Recorder(*(web.Response(status=503) for _ in range(9)))
    async with ClientSession() as session, listening(recorder.application) as url:
        hands = Hands(session, stepped)
        await hands.do("settings", mode="http", url=url, retry_factor=1)
        await hands.do("home", user="UANA")
        for expected, delay in ((2, 60), (3, 300), (4, 3600)):
            await hands.until("deliveries", partial(so_many, expected))
            clock.step(delay - 1)
            assert len(await hands.see("deliveries")) == expected
            clock.step(1)
        assert len(await hands.see("deliveries")) == 4
    numbers = [heads.get("X-Slack-Retry-Num") for heads, _ in recorder.requests]
    assert numbers == [None, "1", "2", "3"]
    moments = [int(heads["X-Slack-Request-Timestamp"]) for heads, _ in recorder.requests]
    assert [moment - moments[0] for moment in moments] == [0, 0, 60, 360]


async def test_an_answer_after_three_seconds_is_no_answer(
    stepped: Sandbox, clock: SteppedClock
) -> None:
    reached = []

    async def stall(request: web.Request) -> web.Response:
        reached.append(request.headers.get("X-Slack-Retry-Reason"))
        if len(reached) == 1:
            clock.step(3)
            await asyncio.Event().wait()
        return web.Response()

    application = web.Application()
    application.router.add_post("/slack/events", stall)
    async with ClientSession() as session, listening(application) as url:
        hands = Hands(session, stepped)
        await hands.do("settings", mode="http", url=url)
        await hands.do("home", user="UANA")
        sent = await hands.until("deliveries", lambda sent: len(sent) == 2)
    assert [attempt["failure"] for attempt in sent] == ["http_timeout", None]
    assert reached == [None, "http_timeout"]


async def test_each_kind_of_payload_may_have_an_address_of_its_own(hands: Hands) -> None:
    doors = {name: Recorder() for name in ("url", "command_url", "interactivity_url")}
    async with (
        listening(doors["url"].application) as url,
        listening(doors["command_url"].application) as commands,
        listening(doors["interactivity_url"].application) as clicks,
    ):
        await hands.do("settings", mode="http", url=url)
        await hands.do("command", user="UANA", channel="COPS")
        await hands.do("settings", command_url=commands, interactivity_url=clicks)
        await hands.do("command", user="UANA", channel="COPS")
        await hands.do("shortcut", user="UANA", callback_id="x")
        suggestion = {"type": "block_suggestion", "action_id": "x", "value": ""}
        await hands.do("deliver", type="interactive", payload=suggestion)
        await hands.do("settings", options_url=url)
        await hands.do("deliver", type="interactive", payload=suggestion)
        await hands.do("settings", command_url=None)
        await hands.do("command", user="UANA", channel="COPS")
    counts = {name: len(door.requests) for name, door in doors.items()}
    assert counts == {"url": 3, "command_url": 1, "interactivity_url": 2}


async def test_bolt_answers_the_verification_of_its_address(
    sandbox: Sandbox, hands: Hands
) -> None:
    async with by_http(bolt(sandbox)) as url:
        await hands.do("settings", mode="http", url=url, verify=True)
    assert (await hands.see("state"))["settings"]["url"] == [url]


@pytest.mark.parametrize(
    "answer",
    [web.Response(text="hello"), web.Response(status=500), web.json_response({"challenge": "x"})],
    ids=["else", "broken", "wrong"],
)
async def test_an_address_that_is_not_verified_is_not_taken(
    hands: Hands, answer: web.Response
) -> None:
    recorder = Recorder(answer)
    async with listening(recorder.application) as url:
        status, told = await hands.attempt("settings", mode="http", url=url, verify=True)
    assert (status, "url was not verified" in told["error"]) == (400, True)
    settings = (await hands.see("state"))["settings"]
    assert (settings["mode"], settings["url"]) == ("socket", [])
    (heads, body) = recorder.requests[0]
    assert json.loads(body)["type"] == "url_verification"
    assert SignatureVerifier("sandbox-signing-secret").is_valid_request(body, heads)


async def test_nothing_travels_by_http_while_sockets_are_chosen(hands: Hands) -> None:
    recorder = Recorder()
    async with listening(recorder.application) as url:
        await hands.do("settings", url=url)
        told = await hands.do("command", user="UANA", channel="COPS")
    assert (told["acked"], recorder.requests) == (False, [])


@pytest.mark.parametrize(
    "settings",
    [
        {"mode": "pigeon"},
        {"rate_factor": -1},
        {"rate_factor": "fast"},
        {"record": "yes"},
        {"socket_mode": 1},
        {"command_url": "https://example.com/"},
        {"retry_facto": 1},
    ],
)
async def test_a_wrong_setting_is_refused_in_words(
    hands: Hands, settings: dict[str, object]
) -> None:
    before = (await hands.see("state"))["settings"]
    status, told = await hands.attempt("settings", **settings)
    assert (status, isinstance(told["error"], str)) == (400, True)
    assert (await hands.see("state"))["settings"] == before


@pytest.mark.parametrize("body", [b"\xff\xfe", b"{", b"[1]", b"[" * 300 + b"]" * 300])
async def test_an_answer_that_cannot_be_read_is_told_and_trips_nothing(
    hands: Hands, body: bytes
) -> None:
    answers = [web.Response(body=body, content_type="application/json") for _ in range(2)]
    recorder = Recorder(*answers)
    async with listening(recorder.application) as url:
        status, refused = await hands.attempt("settings", mode="http", url=url, verify=True)
        assert (status, bool(refused["error"])) == (400, True)
        await hands.do("settings", mode="http", url=url)
        told = await hands.do("command", user="UANA", channel="COPS")
    assert told["acked"]
    assert (await hands.see("deliveries"))[-1]["id"] == told["delivery"]
