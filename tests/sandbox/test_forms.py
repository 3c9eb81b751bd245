"""Every element that holds a value: filled in by a person, and sent as Slack sends it."""

from typing import Any

import pytest

from sandbox.clock import Clock
from sandbox.entering import Entering
from sandbox.errors import ControlError
from sandbox.forms import client_errors, state_values
from sandbox.seed import Seed
from sandbox.wire import Json
from sandbox.workspace import Workspace
from tests.sandbox import kit
from tests.sandbox.desk import CITIES, Desk, ask, asking, fill, value_of
from tests.sandbox.hands import Hands
from tests.sandbox.kit import actions, button, form, options, said, select


@pytest.fixture
def entering() -> Entering:
    """Return Ana's hand, in a workspace where she and Bo have written to the app."""
    workspace = Workspace(Seed(), Clock())
    for user in ("UANA", "UBO"):
        workspace.direct(user)
    return Entering(workspace, "UANA", {})


FILLED: list[tuple[Json, Any, str, Any]] = [
    # element, what a person enters, the name and the value in the payload
    (select("plain_text_input"), "disk", "value", "disk"),
    (select("email_text_input"), "a@b.example", "value", "a@b.example"),
    (select("url_text_input"), "https://a.example/x", "value", "https://a.example/x"),
    (select("number_input", is_decimal_allowed=True), "1.5", "value", "1.5"),
    (select("rich_text_input"), "hi", "rich_text_value", said("hi")),
    (select("rich_text_input"), said("hi"), "rich_text_value", said("hi")),
    (select(options=CITIES), "bern", "selected_option", CITIES[0]),
    (select("radio_buttons", options=CITIES), "berlin", "selected_option", CITIES[1]),
    (select("checkboxes", options=CITIES), ["bern", "bergen"], "selected_options", CITIES[::2]),
    (select("multi_static_select", options=CITIES), ["bern"], "selected_options", CITIES[:1]),
    (select("users_select"), "UBO", "selected_user", "UBO"),
    (select("multi_users_select"), ["UBO", "UCY"], "selected_users", ["UBO", "UCY"]),
    (select("channels_select"), "COPS", "selected_channel", "COPS"),
    (select("multi_channels_select"), ["COPS"], "selected_channels", ["COPS"]),
    (select("conversations_select"), "COPS", "selected_conversation", "COPS"),
    (select("multi_conversations_select"), ["COPS"], "selected_conversations", ["COPS"]),
    (select("datepicker"), "2026-02-28", "selected_date", "2026-02-28"),
    (select("timepicker"), "23:59", "selected_time", "23:59"),
    (select("datetimepicker"), 1720710212, "selected_date_time", 1720710212),
]


@pytest.mark.parametrize("filled", FILLED, ids=lambda filled: filled[0]["type"])
async def test_a_field_is_filled_in_and_sent(
    desk: Desk, hands: Hands, filled: tuple[Json, Any, str, Any]
) -> None:
    element, entered, name, value = filled
    await ask(hands, desk, element)
    empty = await hands.do("submit", user="UANA", values={})
    assert empty == {"client_errors": {"b": "Please complete this required field."}}
    assert (await fill(hands, entered))["acked"]
    assert value_of(desk) == {"type": element["type"], name: value}
    await ask(hands, desk, element, optional=True)
    assert (await hands.do("submit", user="UANA"))["acked"]
    nothing: list[Any] | None = [] if isinstance(value, list) else None
    assert value_of(desk) == {"type": element["type"], name: nothing}


STARTING: list[tuple[Json, str, Any]] = [
    (select("plain_text_input", initial_value="x"), "value", "x"),
    (select("rich_text_input", initial_value=said()), "rich_text_value", said()),
    (select("multi_static_select", options=CITIES, initial_options=CITIES[:1]),
     "selected_options", CITIES[:1]),
    (select("external_select", initial_option=CITIES[0]), "selected_option", CITIES[0]),
    (select("multi_users_select", initial_users=["UBO"]), "selected_users", ["UBO"]),
    (select("channels_select", initial_channel="COPS"), "selected_channel", "COPS"),
    (select("datepicker", initial_date="2026-01-02"), "selected_date", "2026-01-02"),
    (select("timepicker", initial_time="01:02"), "selected_time", "01:02"),
    (select("conversations_select", default_to_current_conversation=True),
     "selected_conversation", "COPS"),
    (select("multi_conversations_select", default_to_current_conversation=True),
     "selected_conversations", ["COPS"]),
    (select("conversations_select", default_to_current_conversation=True,
            initial_conversation="CGENERAL"), "selected_conversation", "CGENERAL"),
]  # fmt: skip


@pytest.mark.parametrize(("element", "name", "value"), STARTING)
def test_a_field_starts_with_what_the_app_says(element: Json, name: str, value: Any) -> None:
    values = state_values([asking(element)], {}, "COPS")
    assert values == {"b": {"it": {"type": element["type"], name: value}}}


async def test_a_field_may_start_with_where_the_person_is(desk: Desk, hands: Hands) -> None:
    await ask(hands, desk, select("conversations_select", default_to_current_conversation=True))
    assert (await hands.do("submit", user="UANA"))["acked"]
    assert value_of(desk)["selected_conversation"] == "COPS"


NUMBER = select("number_input", is_decimal_allowed=False, min_value="2", max_value="9")
HELD_BACK: list[tuple[Json, Any, str]] = [
    (select("plain_text_input", max_length=3), "four", "at most 3"),
    (select("plain_text_input", min_length=3), "no", "at least 3"),
    (select("email_text_input"), "nobody", "valid email"),
    (select("url_text_input"), "example.com", "valid URL"),
    (NUMBER, "two", "valid number"),
    (NUMBER, "2.5", "whole number"),
    (NUMBER, "1", "at least 2"),
    (NUMBER, "10", "at most 9"),
    (select("multi_static_select", options=CITIES, max_selected_items=1), ["bern", "berlin"],
     "at most 1"),
    (select("multi_users_select", max_selected_items=1), ["UBO", "UCY"], "at most 1"),
]  # fmt: skip


@pytest.mark.parametrize(("element", "entered", "words"), HELD_BACK)
def test_slacks_client_holds_back_what_does_not_fit(
    entering: Entering, element: Json, entered: Any, words: str
) -> None:
    block = asking(element, optional=True)
    entry = entering.entry(("b", "it"), block["element"], entered)
    assert words in client_errors([block], {"b": {"it": entry}})["b"]


async def test_what_is_held_back_is_not_sent(desk: Desk, hands: Hands) -> None:
    await ask(hands, desk, select("email_text_input"))
    assert "valid email" in (await fill(hands, "nobody"))["client_errors"]["b"]
    assert desk.submitted == []


IMPOSSIBLE: list[tuple[Json, Any, int]] = [
    (select(options=CITIES), "rome", 400),
    (select("external_select"), "bern", 400),
    (select("users_select"), "UNOBODY", 404),
    (select("users_select"), "UDAN", 404),
    (select("channels_select"), "CNOWHERE", 404),
    (select("channels_select"), "DUANA", 404),
    (select("conversations_select"), "DUBO", 404),
    (select("conversations_select", filter={"include": ["im"]}), "COPS", 404),
    (select("conversations_select", filter={"exclude_external_shared_channels": True}),
     "CPARTNERS", 404),
    (select("conversations_select", filter={"exclude_bot_users": True}), "DUANA", 404),
    (select("file_input"), ["F0"], 404),
    (select("datepicker"), "tomorrow", 400),
    (select("datepicker"), "2026-02-30", 400),
    (select("timepicker"), "25:00", 400),
    (select("timepicker"), "1pm", 400),
    (select("datetimepicker"), "now", 400),
    (select("plain_text_input"), 5, 400),
    (select("rich_text_input"), {"type": "section"}, 400),
]  # fmt: skip


@pytest.mark.parametrize(("element", "entered", "status"), IMPOSSIBLE)
def test_a_person_enters_only_what_can_be_entered(
    entering: Entering, element: Json, entered: Any, status: int
) -> None:
    with pytest.raises(ControlError) as refused:
        entering.entry(("b", "it"), element, entered)
    assert refused.value.status == status


async def test_what_cannot_be_entered_is_refused_with_words(desk: Desk, hands: Hands) -> None:
    await ask(hands, desk, select("users_select"))
    refused = await hands.attempt("submit", user="UANA", values={"b": {"it": "UNOBODY"}})
    assert refused == (404, {"error": "there is no such person: UNOBODY"})
    assert desk.submitted == []


async def test_files_are_given_by_their_owner(desk: Desk, hands: Hands) -> None:
    uploaded = []
    for name in ("a.csv", "b.csv", "c.txt"):
        given = {"user": "UANA", "filename": name, "content": "eCx5"}
        uploaded.append((await hands.do("upload", **given))["file"]["id"])
    await ask(hands, desk, select("file_input", filetypes=["csv"], max_files=1))
    assert "at most 1" in (await fill(hands, uploaded[:2]))["client_errors"]["b"]
    assert "csv" in (await fill(hands, uploaded[2:]))["client_errors"]["b"]
    assert (await fill(hands, uploaded[:1]))["acked"]
    (file,) = value_of(desk)["files"]
    assert (file["id"], file["name"], file["user"]) == (uploaded[0], "a.csv", "UANA")
    await hands.do("command", user="UANA", channel="COPS")
    others = {"user": "UBO", "filename": "d.csv", "content": "eCx5"}
    theirs = (await hands.do("upload", **others))["file"]["id"]
    assert (await hands.attempt("submit", user="UANA", values={"b": {"it": [theirs]}}))[0] == 404


SENT: list[tuple[Json, Any, str, Any]] = [
    *FILLED,
    (button(value="7"), None, "value", "7"),
    (select("overflow", options=options(2)), "1", "selected_option", options(2)[1]),
]


@pytest.mark.parametrize("sent", SENT, ids=lambda sent: sent[0]["type"])
async def test_an_action_carries_what_was_chosen(
    desk: Desk, hands: Hands, sent: tuple[Json, Any, str, Any]
) -> None:
    element, entered, name, value = sent
    named = {**element, "action_id": "it"}
    in_input = "input" in element["type"]
    desk.view = form(
        kit.field(named, block_id="b", dispatch_action=True)
        if in_input
        else actions(named, block_id="b")
    )
    await hands.do("command", user="UANA", channel="COPS")
    assert (await hands.do("click", user="UANA", action_id="it", option=entered))["acked"]
    (action,) = desk.clicked[0]["actions"]
    assert {**action, "action_ts": "", "text": ""} == {
        "type": element["type"], "action_id": "it", "block_id": "b", name: value,
        "action_ts": "", "text": "",
    }  # fmt: skip
    if name != "value" or in_input:
        state = desk.clicked[0]["view"]["state"]["values"]
        assert element["type"] == "overflow" or state["b"]["it"][name] == value


async def test_a_click_carries_all_that_is_entered(desk: Desk, hands: Hands) -> None:
    desk.view = form(asking(select("plain_text_input")), actions(button(action_id="it")))
    desk.view["blocks"][0]["element"]["action_id"] = "text"
    await hands.do("command", user="UANA", channel="COPS")
    await hands.do("click", user="UANA", action_id="it", values={"b": {"text": "half"}})
    assert desk.clicked[0]["view"]["state"]["values"]["b"]["text"]["value"] == "half"
    assert (await hands.do("submit", user="UANA"))["acked"]
    assert desk.submitted[0]["view"]["state"]["values"]["b"]["text"]["value"] == "half"


async def test_a_click_beyond_a_limit_is_held_back(desk: Desk, hands: Hands) -> None:
    several = select("multi_users_select", action_id="it", max_selected_items=1)
    desk.view = form(actions(several))
    await hands.do("command", user="UANA", channel="COPS")
    click = {"user": "UANA", "action_id": "it"}
    assert (await hands.attempt("click", **click, option=["UBO", "UCY"]))[0] == 400
    assert (await hands.attempt("click", **click, option=["UBO"]))[0] == 200


async def test_feedback_and_icon_buttons_are_pressed(desk: Desk, hands: Hands) -> None:
    kept = [
        kit.feedback(action_id="it"),
        kit.bin_button(action_id="bin", visible_to_user_ids=["UBO"]),
    ]
    blocks = [kit.context_actions(*kept)]
    posted = await desk.app.client.chat_postMessage(channel="CINCIDENTS", text="x", blocks=blocks)
    place = {"channel": "CINCIDENTS", "ts": posted["ts"]}
    assert (await hands.do("click", user="UANA", action_id="it", option="no", **place))["acked"]
    assert desk.clicked[0]["actions"][0]["value"] == "no"
    odd = await hands.attempt("click", user="UANA", action_id="it", option="hm", **place)
    assert odd[0] == 400
    assert (await hands.attempt("click", user="UANA", action_id="bin", **place))[0] == 404
    assert (await hands.attempt("click", user="UBO", action_id="bin", **place))[0] == 200


@pytest.mark.parametrize("kind", ["conversations_select", "channels_select"])
async def test_a_submission_may_carry_a_response_url(desk: Desk, hands: Hands, kind: str) -> None:
    await ask(hands, desk, select(kind, response_url_enabled=True))
    await fill(hands, "COPS")
    (address,) = desk.submitted[0]["response_urls"]
    assert (address["channel_id"], address["block_id"], address["action_id"]) == (
        "COPS", "b", "it",
    )  # fmt: skip


async def test_an_update_keeps_what_was_entered_in_the_same_field(
    desk: Desk, hands: Hands
) -> None:
    await ask(hands, desk, select("plain_text_input"))
    await fill(hands, "x" * 3001)  # held back, and still entered
    (shown,) = await hands.see("views", user="UANA")

    async def update(*blocks: Json) -> Any:
        view = form(*blocks)
        changed = await desk.app.client.views_update(view_id=shown["id"], view=view)
        return changed["view"]["state"]["values"]["b"]["it"].get("value")

    assert await update(asking(select("plain_text_input"), optional=True)) == "x" * 3001
    assert await update(asking(select("email_text_input"))) is None
    assert await update(asking(select("plain_text_input"))) is None


async def test_of_several_chosen_the_gone_option_takes_all_with_it(
    desk: Desk, hands: Hands
) -> None:
    other = kit.field(select("plain_text_input", action_id="it"), block_id="c")
    desk.view = form(asking(select("checkboxes", options=CITIES)), other)
    await hands.do("command", user="UANA", channel="COPS")
    await hands.do("submit", user="UANA", values={"b": {"it": ["bern", "bergen"]}})
    (shown,) = await hands.see("views", user="UANA")
    view = form(asking(select("checkboxes", options=CITIES[1:])))
    changed = await desk.app.client.views_update(view_id=shown["id"], view=view)
    assert changed["view"]["state"]["values"]["b"]["it"]["selected_options"] == []


async def test_of_a_form_all_is_entered_or_nothing(desk: Desk, hands: Hands) -> None:
    other = kit.field(select(options=CITIES, action_id="it"), block_id="c")
    desk.view = form(asking(select("plain_text_input")), other)
    await hands.do("command", user="UANA", channel="COPS")
    values = {"b": {"it": "x"}, "c": {"it": "nowhere"}}
    assert (await hands.attempt("submit", user="UANA", values=values))[0] == 400
    (shown,) = await hands.see("views", user="UANA")
    assert shown["state"]["values"]["b"]["it"]["value"] is None


async def test_an_option_that_is_gone_is_chosen_no_more(desk: Desk, hands: Hands) -> None:
    other = kit.field(select("plain_text_input", action_id="it"), block_id="c")
    desk.view = form(asking(select(options=CITIES)), other)
    await hands.do("command", user="UANA", channel="COPS")
    await hands.do("submit", user="UANA", values={"b": {"it": "bern"}})  # "c" is held back
    (shown,) = await hands.see("views", user="UANA")
    assert shown["state"]["values"]["b"]["it"]["selected_option"] == CITIES[0]
    view = form(asking(select(options=CITIES[1:])))
    changed = await desk.app.client.views_update(view_id=shown["id"], view=view)
    assert changed["view"]["state"]["values"]["b"]["it"]["selected_option"] is None


async def test_a_whole_stack_that_is_closed_is_told_view_by_view(desk: Desk, hands: Hands) -> None:
    desk.view = form(actions(button(action_id="it")), notify_on_close=True)
    await hands.do("command", user="UANA", channel="COPS")
    await hands.do("click", user="UANA", action_id="it")
    trigger = desk.clicked[0]["trigger_id"]
    here = asking(select("conversations_select", default_to_current_conversation=True))
    above = form(here, notify_on_close=True)
    pushed = await desk.app.client.views_push(trigger_id=trigger, view=above)
    state = pushed["view"]["state"]["values"]["b"]["it"]
    assert state["selected_conversation"] == "COPS"
    closed = await hands.do("close_view", user="UANA", clear=True)
    assert (closed["acked"], len(closed["others"])) == (True, 1)
    assert [body["is_cleared"] for body in desk.closed] == [True, True]
    assert desk.closed[0]["view"]["id"] == pushed["view"]["id"]
    assert await hands.see("views", user="UANA") == []


async def test_clear_on_close_closes_everything(desk: Desk, hands: Hands) -> None:
    desk.view = form(actions(button(action_id="it")))
    await hands.do("command", user="UANA", channel="COPS")
    await hands.do("click", user="UANA", action_id="it")
    last = form(clear_on_close=True, notify_on_close=True)
    await desk.app.client.views_push(trigger_id=desk.clicked[0]["trigger_id"], view=last)
    await hands.do("close_view", user="UANA")
    assert [body["is_cleared"] for body in desk.closed] == [True]
    assert await hands.see("views", user="UANA") == []
