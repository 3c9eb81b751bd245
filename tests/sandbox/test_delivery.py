"""Deliveries: both transports, repeats, retries, and everything that goes wrong on the way."""

import asyncio
import json

import pytest
from aiohttp import ClientSession, WSServerHandshakeError, web
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.clock import SteppedClock
from sandbox.server import Sandbox
from sandbox.wire import Json
from tests.sandbox.apps import bolt, by_http, by_socket, listening
from tests.sandbox.hands import Hands
from tests.sandbox.kit import actions, button, section


def echoing(sandbox: Sandbox) -> tuple[AsyncApp, list[Json]]:
    """Return an app that says commands back, and what it has heard."""
    app, heard = bolt(sandbox), []

    @app.command("/incident")
    async def echo(ack: AsyncAck, body: Json) -> None:
        heard.append(body)
        await ack(f"you said {body['text']}")

    @app.event("app_mention")
    async def mention(body: Json) -> None:
        heard.append(body)

    return app, heard


class Recorder:
    """An HTTP endpoint that records what it is sent and answers as it is told."""

    def __init__(self, *answers: web.Response) -> None:
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.answers = list(answers)
        self.application = web.Application()
        self.application.router.add_post("/slack/events", self._answer)

    async def _answer(self, request: web.Request) -> web.Response:
        self.requests.append((dict(request.headers), await request.read()))
        return self.answers.pop(0) if self.answers else web.Response()


async def test_a_command_travels_by_socket_and_its_answer_is_shown(
    sandbox: Sandbox, hands: Hands
) -> None:
    app, heard = echoing(sandbox)
    async with by_socket(app):
        outcome = await hands.do("command", user="UANA", channel="COPS", text="status")
    assert (outcome["acked"], outcome["status"], outcome["warning"]) == (True, None, None)
    assert heard[0]["user_id"] == "UANA"
    seen = (await hands.see("messages", channel="COPS", user="UANA"))[-1]
    assert (seen["text"], seen["ephemeral"]) == ("you said status", True)
    assert await hands.see("messages", channel="COPS", user="UBO") == []


async def test_a_command_travels_by_signed_http(sandbox: Sandbox, hands: Hands) -> None:
    app, _ = echoing(sandbox)
    async with by_http(app) as url:
        await hands.do("settings", mode="http", url=url)
        outcome = await hands.do("command", user="UANA", channel="COPS", text="status")
    assert (outcome["acked"], outcome["status"]) == (True, 200)
    assert outcome["body"] == "you said status"


async def test_slacks_own_verifier_accepts_the_signature(sandbox: Sandbox, hands: Hands) -> None:
    recorder = Recorder()
    async with listening(recorder.application) as url:
        await hands.do("settings", mode="http", url=url)
        await hands.do("command", user="UANA", channel="COPS", text="a b&c")
        await hands.do("shortcut", user="UANA", callback_id="declare")
        await hands.do("message", user="UANA", channel="COPS", text="<@UBOT> hello")
        await hands.until("deliveries", lambda sent: len(sent) == 3)
    verifier = SignatureVerifier("sandbox-signing-secret")
    assert all(verifier.is_valid_request(body, heads) for heads, body in recorder.requests)
    assert not verifier.is_valid_request(b"else", recorder.requests[0][0])
    kinds = [heads["Content-Type"] for heads, _ in recorder.requests]
    form = "application/x-www-form-urlencoded"
    assert kinds == [form, form, "application/json"]


async def test_an_event_refused_with_500_comes_again_with_the_same_id(
    sandbox: Sandbox, hands: Hands
) -> None:
    recorder = Recorder(web.Response(status=500), web.Response(status=500))
    async with listening(recorder.application) as url:
        await hands.do("settings", mode="http", url=url, retry_factor=0.001)
        await hands.do("message", user="UANA", channel="COPS", text="<@UBOT> hello")
        await hands.until("deliveries", lambda sent: sent and sent[-1]["acked"])
    bodies = [json.loads(body)["event_id"] for _, body in recorder.requests]
    assert len(bodies) == 3
    assert len(set(bodies)) == 1
    marks = [
        (heads.get("X-Slack-Retry-Num"), heads.get("X-Slack-Retry-Reason"))
        for heads, _ in recorder.requests
    ]
    assert marks == [(None, None), ("1", "http_error"), ("2", "http_error")]


async def test_an_event_comes_four_times_and_no_more(sandbox: Sandbox, hands: Hands) -> None:
    recorder = Recorder(*(web.Response(status=500) for _ in range(9)))
    async with listening(recorder.application) as url:
        await hands.do("settings", mode="http", url=url, retry_factor=0)
        await hands.do("message", user="UANA", channel="COPS", text="<@UBOT> one")
        await hands.until("deliveries", lambda sent: len(sent) == 4)
        await hands.do("message", user="UANA", channel="COPS", text="<@UBOT> two")
        sent = await hands.until("deliveries", lambda sent: len(sent) == 8)
    assert [attempt["attempt"] for attempt in sent] == [0, 1, 2, 3] * 2


async def test_an_app_can_decline_repeats(sandbox: Sandbox, hands: Hands) -> None:
    declined = web.Response(status=500, headers={"x-slack-no-retry": "1"})
    recorder = Recorder(declined)
    async with listening(recorder.application) as url:
        await hands.do("settings", mode="http", url=url, retry_factor=0)
        await hands.do("message", user="UANA", channel="COPS", text="<@UBOT> one")
        await hands.until("deliveries", lambda sent: len(sent) == 1)
        await hands.do("message", user="UANA", channel="COPS", text="<@UBOT> two")
        sent = await hands.until("deliveries", lambda sent: len(sent) == 2)
    assert [(attempt["acked"], attempt["attempt"]) for attempt in sent] == [(False, 0), (True, 0)]


async def test_an_event_is_kept_for_an_app_that_connects_late(
    sandbox: Sandbox, hands: Hands
) -> None:
    app, heard = echoing(sandbox)
    await hands.do("settings", retry_factor=0.004)
    await hands.do("message", user="UANA", channel="COPS", text="<@UBOT> hello")
    await hands.until("deliveries", lambda sent: len(sent) == 2)
    async with by_socket(app):
        sent = await hands.until("deliveries", lambda sent: sent[-1]["acked"])
    assert [attempt["retry_reason"] for attempt in sent][1:] == ["connection_failed"] * (
        len(sent) - 1
    )
    assert len(heard) == 1


async def test_an_unacknowledged_command_times_out_after_three_seconds(
    clock: SteppedClock,
) -> None:
    async with Sandbox(clock=clock) as sandbox, ClientSession() as session:
        hands, reached = Hands(session, sandbox), asyncio.Event()
        app = bolt(sandbox)

        @app.command("/incident")
        async def stall() -> None:
            reached.set()
            await asyncio.Event().wait()

        async with by_socket(app), asyncio.TaskGroup() as group:
            command = group.create_task(hands.do("command", user="UANA", channel="COPS"))
            await reached.wait()
            clock.step(3)
        assert (command.result()["acked"], command.result()["warning"]) == (
            False, "operation_timeout",
        )  # fmt: skip


async def test_every_delivery_can_be_doubled(sandbox: Sandbox, hands: Hands) -> None:
    app, heard = echoing(sandbox)
    async with by_socket(app):
        await hands.do("settings", copies=2)
        outcome = await hands.do("command", user="UANA", channel="COPS", text="once")
        assert [repeat["acked"] for repeat in outcome["repeats"]] == [True]
        assert heard[0]["trigger_id"] == heard[1]["trigger_id"]
        await hands.do("message", user="UANA", channel="COPS", text="<@UBOT> twice")
        await hands.until("deliveries", lambda sent: len(sent) == 4)
    assert heard[2]["event_id"] == heard[3]["event_id"]
    seen = await hands.see("messages", channel="COPS", user="UANA")
    assert len([message for message in seen if message["ephemeral"]]) == 1


async def test_a_delivery_is_repeated_on_request(sandbox: Sandbox, hands: Hands) -> None:
    app, heard = echoing(sandbox)
    async with by_socket(app):
        first = await hands.do("command", user="UANA", channel="COPS", text="again")
        second = await hands.do("redeliver", delivery=first["delivery"])
    assert second["acked"]
    assert heard[0] == heard[1]


async def test_a_payload_made_by_hand_is_delivered(sandbox: Sandbox, hands: Hands) -> None:
    app, heard = echoing(sandbox)
    payload = {"command": "/incident", "text": "evil", "user_id": "UEVE", "team_id": "T1"}
    async with by_socket(app):
        outcome = await hands.do("deliver", type="slash_commands", payload=payload)
    assert outcome["body"] == {"text": "you said evil"}
    assert heard[0]["user_id"] == "UEVE"


async def test_envelopes_go_to_one_connection_in_turn(sandbox: Sandbox, hands: Hands) -> None:
    (one, by_one), (two, by_two) = echoing(sandbox), echoing(sandbox)
    async with by_socket(one), by_socket(two):
        await hands.until("state", lambda state: state["connections"] == 2)
        for _ in range(4):
            await hands.do("command", user="UANA", channel="COPS", text="hi")
    assert (len(by_one), len(by_two)) == (2, 2)


async def test_a_ticket_opens_one_connection(sandbox: Sandbox) -> None:
    client = AsyncWebClient(base_url=sandbox.api_url)
    opened = await client.apps_connections_open(app_token="xapp-sandbox")
    async with ClientSession() as session:
        async with session.ws_connect(opened["url"]) as socket:
            hello = await socket.receive_json()
            assert (hello["type"], hello["num_connections"]) == ("hello", 1)
        with pytest.raises(WSServerHandshakeError):
            await session.ws_connect(opened["url"])


async def test_an_eleventh_connection_is_sent_away(sandbox: Sandbox) -> None:
    client = AsyncWebClient(base_url=sandbox.api_url)
    async with ClientSession() as session:
        sockets = []
        for _ in range(11):
            opened = await client.apps_connections_open(app_token="xapp-sandbox")
            sockets.append(await session.ws_connect(opened["url"]))
        greetings = [await socket.receive_json() for socket in sockets]
    assert [greeting["type"] for greeting in greetings] == ["hello"] * 10 + ["disconnect"]
    assert greetings[-1]["reason"] == "too_many_websockets"


@pytest.mark.parametrize("interruption", ["cut", "refresh"])
async def test_an_app_comes_back_after_losing_its_socket(
    sandbox: Sandbox, hands: Hands, interruption: str
) -> None:
    app, _ = echoing(sandbox)

    def reconnected(calls: list[Json]) -> bool:
        return [c["method"] for c in calls].count("apps.connections.open") == 2

    async with by_socket(app):
        await hands.until("state", lambda state: state["connections"] == 1)
        await hands.do(interruption)
        await hands.until("calls", reconnected)
        await hands.until("state", lambda state: state["connections"] == 1)
        outcome = await hands.do("command", user="UANA", channel="COPS", text="back")
    assert outcome["acked"]


async def test_a_bad_command_answer_is_shown_as_an_error(sandbox: Sandbox, hands: Hands) -> None:
    app = bolt(sandbox)

    @app.command("/incident")
    async def answer(ack: AsyncAck) -> None:
        await ack(text="x", blocks=[section("x" * 3001)])

    async with by_socket(app):
        outcome = await hands.do("command", user="UANA", channel="COPS")
    assert outcome["warning"] == "invalid_command_response"
    assert "invalid_blocks" in outcome["problems"]
    assert await hands.see("messages", channel="COPS", user="UANA") == []


async def test_a_response_url_takes_five_answers(sandbox: Sandbox, hands: Hands) -> None:
    app, answers = bolt(sandbox), []

    @app.action("go")
    async def answer(ack: AsyncAck, respond: AsyncRespond) -> None:
        await ack()
        await respond(text="replaced", replace_original=True)
        for _ in range(5):
            said = await respond(text="only you", replace_original=False)
            answers.append((said.status_code, said.body))

    blocks = [actions(button(action_id="go"))]
    posted = await app.client.chat_postMessage(channel="COPS", text="card", blocks=blocks)
    async with by_socket(app):
        await hands.do("click", user="UANA", channel="COPS", ts=posted["ts"], action_id="go")
        await hands.until("messages", lambda _: len(answers) == 5, channel="COPS")
    assert answers == [(200, "ok")] * 4 + [(404, "used_url")]
    card, *whispers = await hands.see("messages", channel="COPS", user="UANA")
    assert (card["text"], card["blocks"]) == ("replaced", None)
    assert [whisper["ephemeral"] for whisper in whispers] == [True] * 4


@pytest.mark.parametrize(("when", "posted"), [("before", 0), ("after", 1)])
async def test_an_ordered_fault_strikes_before_or_after(
    client: AsyncWebClient, hands: Hands, when: str, posted: int
) -> None:
    await hands.do("faults", method="chat.postMessage", kind="http_500", when=when, times=1)
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel="COPS", text="x")
    assert refused.value.response.status_code == 500
    assert len(await hands.see("messages", channel="COPS")) == posted
    await client.chat_postMessage(channel="COPS", text="x")


async def test_a_rate_limit_says_how_long(client: AsyncWebClient, hands: Hands) -> None:
    await hands.do("faults", method="auth.test", kind="ratelimited", times=9, retry_after=7)
    with pytest.raises(SlackApiError) as refused:
        await client.auth_test()
    response = refused.value.response
    assert (response.status_code, response.headers["Retry-After"]) == (429, "7")
    await hands.forget_faults()
    await client.auth_test()


async def test_a_dropped_reply_leads_to_a_second_message(
    client: AsyncWebClient, hands: Hands
) -> None:
    await hands.do("faults", method="chat.postMessage", kind="drop", when="after", times=1)
    await client.chat_postMessage(channel="COPS", text="twice")
    assert len(await hands.see("messages", channel="COPS")) == 2


async def test_a_hanging_call_outlasts_the_client(sandbox: Sandbox, hands: Hands) -> None:
    await hands.do("faults", method="auth.test", kind="hang", times=1)
    client = AsyncWebClient(token="xoxb-sandbox", base_url=sandbox.api_url)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await client.auth_test()


@pytest.mark.parametrize(("when", "meanwhile"), [("before", 0), ("after", 1)])
async def test_a_held_call_goes_on_when_it_is_let(
    sandbox: Sandbox, hands: Hands, when: str, meanwhile: int
) -> None:
    await hands.do(
        "faults", method="chat.postMessage", kind="hold", when=when, where={"channel": "COPS"}
    )
    url = f"{sandbox.url}/from/somebody/api/"
    client = AsyncWebClient(token="xoxb-sandbox", base_url=url)
    await client.chat_postMessage(channel="CINCIDENTS", text="not meant")
    posting = asyncio.ensure_future(client.chat_postMessage(channel="COPS", text="x"))
    (_, held) = await hands.until("calls", lambda calls: len(calls) == 2)
    assert (held["fault"], held["caller"]) == ("hold", "somebody")
    assert len(await hands.see("messages", channel="COPS")) == meanwhile
    assert not posting.done()
    await hands.forget_faults()
    assert (await posting)["ok"]
    assert len(await hands.see("messages", channel="COPS")) == 1


async def test_several_addresses_are_sent_to_in_turns(sandbox: Sandbox, hands: Hands) -> None:
    one, two = Recorder(), Recorder()
    async with listening(one.application) as here, listening(two.application) as there:
        await hands.do("settings", mode="http", url=[here, there])
        for text in ("1", "2", "3"):
            await hands.do("command", user="UANA", channel="COPS", text=text)
        assert (len(one.requests), len(two.requests)) == (2, 1)
        await hands.do("settings", copies=2)
        await hands.do("command", user="UANA", channel="COPS", text="both")
        assert (len(one.requests), len(two.requests)) == (3, 2)


async def test_own_joining_is_told_like_any_other(sandbox: Sandbox, hands: Hands) -> None:
    app, joined = bolt(sandbox), []

    @app.event("member_joined_channel")
    async def note(event: Json) -> None:
        joined.append(event["user"])

    async with by_socket(app):
        channel = (await app.client.conversations_create(name="inc-1"))["channel"]["id"]
        await hands.until("deliveries", lambda sent: len(sent) == 1)
        await hands.do("join", user="UANA", channel=channel)
        await hands.until("deliveries", lambda sent: len(sent) == 2)
    assert joined == ["UBOT", "UANA"]


@pytest.mark.parametrize(
    ("act", "fields", "status"),
    [
        ("command", {}, 400),
        ("command", {"user": "UNOBODY", "channel": "COPS"}, 404),
        ("command", {"user": "UBO", "channel": "COPS"}, 400),
        ("command", {"user": 5, "channel": "COPS"}, 400),
        ("click", {"user": "UANA", "channel": "COPS", "ts": "1.0", "action_id": "x"}, 404),
        ("submit", {"user": "UANA"}, 404),
        ("redeliver", {"delivery": ["L"]}, 404),
        ("deliver", {"type": "carrier_pigeon"}, 400),
        ("settings", {"mode": "http", "url": "http://example.com/"}, 400),
        ("settings", {"copies": [3]}, 400),
        ("settings", {"url": ["http://127.0.0.1:1/", 5]}, 400),
        ("faults", {"method": ["x"], "kind": "hang"}, 400),
        ("faults", {"method": "*", "kind": "hang", "where": "COPS"}, 400),
        ("nonsense", {}, 404),
    ],
)
async def test_a_wrong_control_request_is_refused_in_words(
    hands: Hands, act: str, fields: Json, status: int
) -> None:
    answered, body = await hands.attempt(act, **fields)
    assert (answered, isinstance(body["error"], str)) == (status, True)
