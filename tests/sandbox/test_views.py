"""Modals and the Home tab, opened by a real Bolt app and used by people."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.clock import SteppedClock
from sandbox.server import Sandbox
from sandbox.wire import Json
from tests.sandbox.apps import bolt, by_socket
from tests.sandbox.hands import Hands
from tests.sandbox.kit import actions, button, field, modal, options, plain, section
from tests.sandbox.test_web_api import refusal

FORM = modal(
    field({"type": "plain_text_input", "action_id": "text", "max_length": 5}, block_id="title"),
    field(
        {"type": "static_select", "action_id": "pick", "options": options(3)},
        block_id="level",
        optional=True,
    ),
    callback_id="form",
    submit=plain("Go"),
)
GIVEN: Json = {"title": {"text": "disk"}, "level": {"pick": "2"}}


@pytest.fixture
async def triggers(sandbox: Sandbox) -> AsyncIterator[list[str]]:
    """Collect the triggers of an app that only acknowledges."""
    collected: list[str] = []
    app = bolt(sandbox)

    @app.command("/incident")
    async def note(ack: AsyncAck, body: Json) -> None:
        collected.append(body["trigger_id"])
        await ack()

    @app.view_closed("form")
    async def closed(ack: AsyncAck) -> None:
        await ack()

    async with by_socket(app):
        yield collected


async def opened(hands: Hands, client: AsyncWebClient, triggers: list[str]) -> Json:
    await hands.do("command", user="UANA", channel="COPS", text="new")
    answer = await client.views_open(trigger_id=triggers[-1], view=FORM)
    view: Json = answer["view"]
    return view


def is_deep(depth: int, stack: list[Json]) -> bool:
    return len(stack) == depth


def submitting(sandbox: Sandbox, answer: Json) -> tuple[AsyncApp, list[Json]]:
    """Return an app that opens the form and answers its submission like this."""
    app, submitted = bolt(sandbox), []

    @app.command("/incident")
    async def show(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)
        await ack()

    @app.view("form")
    async def submit(ack: AsyncAck, view: Json) -> None:
        submitted.append(view["state"]["values"])
        await ack(**answer)

    return app, submitted


async def test_a_trigger_opens_one_modal(
    client: AsyncWebClient, hands: Hands, triggers: list[str]
) -> None:
    await opened(hands, client, triggers)
    again = client.views_open(trigger_id=triggers[0], view=FORM)
    assert await refusal(again) == "exchanged_trigger_id"
    unknown = client.views_open(trigger_id="1.2", view=FORM)
    assert await refusal(unknown) == "invalid_trigger_id"
    assert len(await hands.see("views", user="UANA")) == 1
    assert await hands.see("views", user="UBO") == []


async def test_a_trigger_lives_three_seconds(clock: SteppedClock) -> None:
    async with Sandbox(clock=clock) as sandbox, ClientSession() as session:
        hands, seen = Hands(session, sandbox), []
        app = bolt(sandbox)

        @app.command("/incident")
        async def note(ack: AsyncAck, body: Json) -> None:
            seen.append(body["trigger_id"])
            await ack()

        async with by_socket(app):
            await hands.do("command", user="UANA", channel="COPS", text="new")
            await hands.do("command", user="UANA", channel="COPS", text="new")
            clock.step(2.9)
            await app.client.views_open(trigger_id=seen[0], view=FORM)
            clock.step(0.1)
            late = app.client.views_open(trigger_id=seen[1], view=FORM)
            assert await refusal(late) == "expired_trigger_id"


async def test_a_bad_view_says_where(
    client: AsyncWebClient, hands: Hands, triggers: list[str]
) -> None:
    await hands.do("command", user="UANA", channel="COPS", text="new")
    with pytest.raises(SlackApiError) as refused:
        await client.views_open(trigger_id=triggers[0], view={**FORM, "title": plain("x" * 25)})
    assert refused.value.response["error"] == "invalid_arguments"
    assert refused.value.response["response_metadata"]["messages"] == [
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
    ]


async def test_a_stale_hash_is_a_conflict(
    client: AsyncWebClient, hands: Hands, triggers: list[str]
) -> None:
    view = await opened(hands, client, triggers)
    changed = await client.views_update(view_id=view["id"], hash=view["hash"], view=FORM)
    assert changed["view"]["hash"] != view["hash"]
    stale = client.views_update(view_id=view["id"], hash=view["hash"], view=FORM)
    assert await refusal(stale) == "hash_conflict"
    assert await refusal(client.views_update(view_id="V0", view=FORM)) == "not_found"


async def test_a_view_stays_of_its_type(
    client: AsyncWebClient, hands: Hands, triggers: list[str]
) -> None:
    view = await opened(hands, client, triggers)
    with pytest.raises(SlackApiError) as refused:
        await client.views_update(view_id=view["id"], view={"type": "home", "blocks": []})
    assert refused.value.response["response_metadata"]["messages"] == [
        "[ERROR] must match the `type` of the root view [json-pointer:/view/type]"
    ]


async def test_a_modal_is_opened_with_one_handle(
    client: AsyncWebClient, hands: Hands, triggers: list[str]
) -> None:
    await hands.do("command", user="UANA", channel="COPS")
    both = {"trigger_id": triggers[0], "interactivity_pointer": triggers[0]}
    call = client.api_call("views.open", json={**both, "view": FORM})
    assert await refusal(call) == "invalid_arguments"
    assert (await client.views_open(interactivity_pointer=triggers[0], view=FORM))["ok"]


async def test_an_external_id_is_used_once(
    client: AsyncWebClient, hands: Hands, triggers: list[str]
) -> None:
    named = {**FORM, "external_id": "mine"}
    for user in ("UANA", "UBO"):
        await hands.do("command", user=user, channel="CINCIDENTS", text="new")
    await client.views_open(trigger_id=triggers[0], view=named)
    again = client.views_open(trigger_id=triggers[1], view=named)
    assert await refusal(again) == "duplicate_external_id"
    await client.views_update(external_id="mine", view=named)


async def test_slacks_client_holds_back_an_incomplete_form(
    client: AsyncWebClient, hands: Hands, triggers: list[str]
) -> None:
    await opened(hands, client, triggers)
    empty = await hands.do("submit", user="UANA", values={})
    assert empty == {"client_errors": {"title": "Please complete this required field."}}
    long = await hands.do("submit", user="UANA", values={"title": {"text": "x" * 6}})
    assert "at most 5" in long["client_errors"]["title"]


async def test_a_submission_carries_what_was_entered(sandbox: Sandbox, hands: Hands) -> None:
    app, submitted = submitting(sandbox, {})
    async with by_socket(app):
        await hands.do("command", user="UANA", channel="COPS")
        outcome = await hands.do("submit", user="UANA", values=GIVEN)
    assert outcome["acked"]
    assert submitted[0]["title"]["text"]["value"] == "disk"
    assert submitted[0]["level"]["pick"]["selected_option"]["value"] == "2"
    assert await hands.see("views", user="UANA") == []


async def test_errors_stay_in_the_modal_with_what_was_entered(
    sandbox: Sandbox, hands: Hands
) -> None:
    app, submitted = submitting(
        sandbox, {"response_action": "errors", "errors": {"title": "Taken"}}
    )
    async with by_socket(app):
        await hands.do("command", user="UANA", channel="COPS")
        await hands.do("submit", user="UANA", values=GIVEN)
        (view,) = await hands.see("views", user="UANA")
        await hands.do("submit", user="UANA")
    assert view["errors"] == {"title": "Taken"}
    assert submitted[0] == submitted[1]


async def test_a_pushed_view_lies_on_top_and_clear_takes_all(
    sandbox: Sandbox, hands: Hands
) -> None:
    app, _ = submitting(sandbox, {"response_action": "push", "view": modal(submit=plain("Sure"))})

    @app.view("")
    async def clear(ack: AsyncAck) -> None:
        await ack(response_action="clear")

    async with by_socket(app):
        await hands.do("command", user="UANA", channel="COPS")
        await hands.do("submit", user="UANA", values=GIVEN)
        below, front = await hands.see("views", user="UANA")
        assert front["previous_view_id"] == front["root_view_id"] == below["id"]
        await hands.do("submit", user="UANA")
    assert await hands.see("views", user="UANA") == []


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "push", "view": modal(title=plain("x" * 25))},
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "errors", "errors": {"title": 5}},
        {"response_action": "errors", "errors": {"title": ""}},
        {"response_action": "explode"},
    ],
)
async def test_an_invalid_answer_is_trouble_connecting(
    sandbox: Sandbox, hands: Hands, answer: Json
) -> None:
    app, _ = submitting(sandbox, answer)
    async with by_socket(app):
        await hands.do("command", user="UANA", channel="COPS")
        outcome = await hands.do("submit", user="UANA", values=GIVEN)
    assert (outcome["warning"], bool(outcome["problems"])) == ("trouble connecting", True)
    assert len(await hands.see("views", user="UANA")) == 1
    assert (await hands.see("deliveries"))[-1]["problems"] == outcome["problems"]


async def test_no_more_than_three_modals_are_stacked(sandbox: Sandbox, hands: Hands) -> None:
    app, errors = bolt(sandbox), []
    deeper = modal(actions(button(action_id="deeper")))

    @app.command("/incident")
    async def show(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=deeper)
        await ack()

    @app.action("deeper")
    async def push(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        try:
            await client.views_push(trigger_id=body["trigger_id"], view=deeper)
        except SlackApiError as error:
            errors.append(error.response["error"])

    async with by_socket(app):
        await hands.do("command", user="UANA", channel="COPS")
        for depth in (2, 3, 3):
            await hands.do("click", user="UANA", action_id="deeper")
            await hands.until("views", partial(is_deep, depth), user="UANA")
        await hands.until("calls", lambda _: errors == ["push_limit_reached"])


async def test_the_home_tab_is_opened_published_and_clicked(
    sandbox: Sandbox, hands: Hands
) -> None:
    app, clicked = bolt(sandbox), []

    @app.event("app_home_opened")
    async def show(event: Json, client: AsyncWebClient) -> None:
        view = {"type": "home", "blocks": [actions(button(action_id="go", value="7"))]}
        await client.views_publish(user_id=event["user"], view=view)

    @app.action("go")
    async def click(ack: AsyncAck, action: Json) -> None:
        clicked.append(action["value"])
        await ack()

    async with by_socket(app):
        assert await hands.see("home", user="UANA") is None
        assert (await hands.do("home", user="UANA"))["deliveries"]
        await hands.until("home", bool, user="UANA")
        await hands.do("click", user="UANA", home=True, action_id="go")
    assert clicked == ["7"]


async def test_a_closed_modal_is_reported_if_the_app_cares(
    client: AsyncWebClient, hands: Hands, triggers: list[str]
) -> None:
    await opened(hands, client, triggers)
    assert await hands.do("close_view", user="UANA") == {"delivery": None}
    await hands.do("command", user="UANA", channel="COPS")
    await client.views_open(trigger_id=triggers[-1], view={**FORM, "notify_on_close": True})
    assert (await hands.do("close_view", user="UANA"))["delivery"]
    sent: list[Any] = await hands.see("deliveries")
    assert sent[-1]["payload"]["type"] == "view_closed"


async def test_clicks_need_an_element_the_person_sees(
    client: AsyncWebClient, hands: Hands
) -> None:
    blocks = [actions(button(action_id="a", value="1")), section(block_id="s")]
    whisper = await client.chat_postEphemeral(
        channel="CINCIDENTS", user="UANA", text="x", blocks=blocks
    )
    place = {"channel": "CINCIDENTS", "ts": whisper["message_ts"]}
    assert (await hands.attempt("click", user="UBO", action_id="a", **place))[0] == 404
    assert (await hands.attempt("click", user="UANA", action_id="b", **place))[0] == 404
    wrong = await hands.attempt("click", user="UANA", action_id="a", value="2", **place)
    assert wrong[0] == 404
    assert (await hands.attempt("click", user="UANA", action_id="a", **place))[0] == 200


async def test_an_update_takes_the_errors_away(sandbox: Sandbox, hands: Hands) -> None:
    app, _ = submitting(sandbox, {"response_action": "errors", "errors": {"title": "Taken"}})
    async with by_socket(app):
        await hands.do("command", user="UANA", channel="COPS")
        await hands.do("submit", user="UANA", values=GIVEN)
        (shown,) = await hands.see("views", user="UANA")
        await app.client.views_update(view_id=shown["id"], view=FORM)
        (view,) = await hands.see("views", user="UANA")
    assert (shown["errors"], view["errors"]) == ({"title": "Taken"}, {})
