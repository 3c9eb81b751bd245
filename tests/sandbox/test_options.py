"""Selects whose options the app gives: asked for as somebody types, and chosen from."""

from typing import Any

import pytest

from sandbox.deliveries.offers import offer
from sandbox.errors import SlackError
from sandbox.server import Sandbox
from tests.sandbox.apps import bolt, by_http
from tests.sandbox.desk import CITIES, Desk, ask, fill, value_of
from tests.sandbox.hands import Hands
from tests.sandbox.kit import actions, option, options, plain, select


@pytest.mark.parametrize("kind", ["external_select", "multi_external_select"])
async def test_the_app_is_asked_for_options(desk: Desk, hands: Hands, kind: str) -> None:
    await ask(hands, desk, select(kind, min_query_length=2))
    query = {"user": "UANA", "action_id": "it", "block_id": "b"}
    short = await hands.do("options", **query, value="b")
    assert (short["options"], short["delivery"], desk.asked) == ([], None, [])
    offered = await hands.do("options", **query, value="ber")
    assert (offered["options"], offered["warning"]) == (CITIES, None)
    (asked,) = desk.asked
    assert (asked["type"], asked["value"]) == ("block_suggestion", "ber")
    assert (asked["block_id"], asked["view"]["callback_id"]) == ("b", "form")
    assert (await fill(hands, "bergen"))["acked"]
    chosen = value_of(desk)
    assert CITIES[2] in (chosen.get("selected_option"), *chosen.get("selected_options", ()))


async def test_options_may_come_in_groups_in_a_message(desk: Desk, hands: Hands) -> None:
    desk.offer = {"option_groups": [{"label": plain("Cities"), "options": CITIES}]}
    posted = await desk.app.client.chat_postMessage(
        channel="COPS", text="x", blocks=[actions(select("external_select", action_id="it"))]
    )
    query = {"user": "UANA", "channel": "COPS", "ts": posted["ts"], "action_id": "it"}
    offered = await hands.do("options", **query, value="ber")
    assert offered["option_groups"] == desk.offer["option_groups"]
    assert desk.asked[0]["container"]["message_ts"] == posted["ts"]
    assert (await hands.do("click", **query, option="bern"))["acked"]
    assert desk.clicked[0]["actions"][0]["selected_option"] == CITIES[0]


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {},
        [],
        {"options": CITIES, "option_groups": []},
        {"options": ["bern"]},
        {"options": [option(text="x" * 76)]},
        {"options": CITIES, "more": True},
        {"option_groups": [{"label": plain("x"), "options": []}]},
    ],
)
def test_a_wrong_offer_is_refused(answer: Any) -> None:
    with pytest.raises(SlackError):
        offer(answer)


async def test_a_wrong_offer_is_trouble(desk: Desk, hands: Hands) -> None:
    await ask(hands, desk, select("external_select"))
    query = {"user": "UANA", "action_id": "it", "value": "ber"}
    desk.offer = {"options": options(100)}
    assert len((await hands.do("options", **query))["options"]) == 100
    desk.offer = {"options": options(101)}
    offered = await hands.do("options", **query)
    assert (offered["warning"], bool(offered["problems"])) == ("trouble connecting", True)
    assert (await hands.attempt("submit", user="UANA", values={"b": {"it": "100"}}))[0] == 400


async def test_options_are_asked_for_over_http_too(sandbox: Sandbox, hands: Hands) -> None:
    desk = Desk(bolt(sandbox))
    desk.listen()
    async with by_http(desk.app) as url:
        await hands.do("settings", mode="http", url=url)
        await ask(hands, desk, select("external_select"))
        query = {"user": "UANA", "action_id": "it", "value": "ber"}
        assert (await hands.do("options", **query))["options"] == CITIES


async def test_only_external_selects_ask_the_app(desk: Desk, hands: Hands) -> None:
    await ask(hands, desk, select(options=CITIES))
    query = {"user": "UANA", "action_id": "it", "value": "ber"}
    assert (await hands.attempt("options", **query))[0] == 400
