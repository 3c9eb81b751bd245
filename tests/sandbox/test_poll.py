"""A poll, which uses Slack otherwise than the bot does, as one whole conversation."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.server import Sandbox
from sandbox.wire import Json
from tests.sandbox.apps import bolt, by_socket
from tests.sandbox.hands import Hands
from tests.sandbox.kit import actions, button, field, form, mrkdwn, option, plain, section, select
from tests.sandbox.test_web_api import refusal

TEAMS = [option(name.lower(), name) for name in ("Platform", "Payments", "People")]
SURE: Json = {
    "title": plain("Close the poll?"),
    "text": mrkdwn("Nobody can vote afterwards."),
    "confirm": plain("Close"),
    "deny": plain("Keep"),
}


def wish(number: int) -> Json:
    box = select("plain_text_input", action_id="text", max_length=75)
    return field(box, block_id=f"choice-{number}", optional=number > 1)


def asking(choices: int) -> Json:
    """Return the form of a poll that is being made, with so many choices."""
    question = select("plain_text_input", action_id="text", max_length=150)
    team = select("external_select", action_id="team", min_query_length=1)
    return form(
        field(question, block_id="question"),
        field(team, block_id="team"),
        *[wish(number) for number in range(choices)],
        actions(button("One more", action_id="more"), block_id="tools"),
        private_metadata=str(choices),
    )


class Poll:
    """One poll: what is asked, and who voted for what."""

    def __init__(self, question: str, team: str, choices: list[str]) -> None:
        self.question = question
        self.team = team
        self.choices = choices
        self.votes: dict[str, int] = {}

    def count(self, choice: int) -> int:
        return list(self.votes.values()).count(choice)

    def shown(self, *, is_open: bool) -> list[Json]:
        lines = [
            section(f"*{choice}* {self.count(n)}", block_id=f"line-{n}-{len(self.votes)}")
            for n, choice in enumerate(self.choices)
        ]
        if is_open:
            for n, line in enumerate(lines):
                line["accessory"] = button("Vote", action_id="vote", value=str(n))
        head = {"type": "header", "text": plain(self.question)}
        close = button("Close", action_id="close", style="danger", confirm=SURE)
        foot = {"type": "context", "elements": [mrkdwn(f"For {self.team}")]}
        return [head, *lines, foot, *([actions(close)] if is_open else [])]


def polling(sandbox: Sandbox) -> AsyncApp:
    app, polls = bolt(sandbox), dict[str, Poll]()

    @app.command("/poll")
    async def start(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=asking(2))
        await ack()

    @app.action("more")
    async def more(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        view = body["view"]
        choices = int(view["private_metadata"]) + 1
        await client.views_update(view_id=view["id"], hash=view["hash"], view=asking(choices))
        await ack()

    @app.options("team")
    async def teams(ack: AsyncAck, payload: Json) -> None:
        typed = payload["value"].lower()
        await ack(options=[team for team in TEAMS if team["value"].startswith(typed)])

    @app.view("form")
    async def ask(ack: AsyncAck, view: Json, client: AsyncWebClient) -> None:
        entered = view["state"]["values"]
        given = [
            entered[f"choice-{n}"]["text"]["value"] for n in range(int(view["private_metadata"]))
        ]
        choices = [choice for choice in given if choice]
        if len(set(choices)) < len(choices):
            await ack(response_action="errors", errors={"choice-1": "Twice the same"})
            return
        team = entered["team"]["team"]["selected_option"]["text"]["text"]
        poll = Poll(entered["question"]["text"]["value"], team, choices)
        posted = await client.chat_postMessage(
            channel="CINCIDENTS", text=poll.question, blocks=poll.shown(is_open=True)
        )
        polls[posted["ts"]] = poll
        await ack()

    @app.action("vote")
    async def vote(ack: AsyncAck, body: Json, action: Json, client: AsyncWebClient) -> None:
        ts = body["message"]["ts"]
        polls[ts].votes[body["user"]["id"]] = int(action["value"])
        shown = polls[ts].shown(is_open=True)
        await client.chat_update(channel="CINCIDENTS", ts=ts, text="A vote", blocks=shown)
        await ack()

    @app.action("close")
    async def close(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        ts = body["message"]["ts"]
        poll = polls.pop(ts)
        shown = poll.shown(is_open=False)
        await client.chat_update(channel="CINCIDENTS", ts=ts, text="Closed", blocks=shown)
        counts = "\n".join(f"{choice}: {poll.count(n)}" for n, choice in enumerate(poll.choices))
        await client.chat_postMessage(
            channel="CINCIDENTS", thread_ts=ts, reply_broadcast=True, markdown_text=counts
        )
        await ack()

    return app


@pytest.fixture
async def app(sandbox: Sandbox) -> AsyncIterator[AsyncApp]:
    app = polling(sandbox)
    async with by_socket(app):
        yield app


async def typed(hands: Hands, **values: str) -> Json:
    entered = {name.replace("_", "-"): {"text": text} for name, text in values.items()}
    return await hands.do("submit", user="UANA", values=entered)


async def begin(hands: Hands) -> None:
    begun = await hands.do("command", user="UANA", channel="CINCIDENTS", command="/poll", text="")
    assert begun["acked"]


async def front(hands: Hands) -> Json:
    view: Json = (await hands.see("views", user="UANA"))[-1]
    return view


async def test_a_poll_is_made_voted_on_and_closed(
    app: AsyncApp, hands: Hands, client: AsyncWebClient
) -> None:
    assert app.client.base_url == client.base_url
    await begin(hands)
    # The form grows, and what was typed so far stays.
    half = {"question": {"text": "Where to?"}, "choice-0": {"text": "Bern"}}
    await hands.do("click", user="UANA", action_id="more", values=half)
    grown = await front(hands)
    assert [block["block_id"] for block in grown["blocks"]][-2] == "choice-2"
    assert grown["state"]["values"]["question"]["text"]["value"] == "Where to?"
    # The team is searched for; without one Slack's client sends nothing.
    assert set((await typed(hands))["client_errors"]) == {"team", "choice-1"}
    query = {"user": "UANA", "action_id": "team"}
    assert [o["value"] for o in (await hands.do("options", **query, value="p"))["options"]] == [
        "platform", "payments", "people",
    ]  # fmt: skip
    assert (await hands.do("options", **query, value="pa"))["options"] == [TEAMS[1]]
    chosen = {"team": {"team": "payments"}, "choice-1": {"text": "Bern"}}
    await hands.do("submit", user="UANA", values=chosen)
    assert (await front(hands))["errors"] == {"choice-1": "Twice the same"}
    assert (await typed(hands, choice_1="Rome"))["acked"]
    assert await hands.see("views", user="UANA") == []
    # Everybody votes, one of them twice.
    (poll,) = await hands.see("messages", channel="CINCIDENTS")
    place: dict[str, Any] = {"channel": "CINCIDENTS", "ts": poll["ts"]}
    for user, choice in (("UANA", "0"), ("UBO", "1"), ("UCY", "1"), ("UANA", "1")):
        voted = await hands.do("click", user=user, action_id="vote", value=choice, **place)
        assert voted["acked"]
    (poll,) = await hands.see("messages", channel="CINCIDENTS")
    counts = [b["text"]["text"] for b in poll["blocks"] if b["type"] == "section"]
    assert counts == ["*Bern* 0", "*Rome* 3"]
    # Closing it asks back, shows no more buttons, and tells the thread and the channel.
    (closing,) = [e for b in poll["blocks"] if b["type"] == "actions" for e in b["elements"]]
    assert closing["confirm"]["deny"]["text"] == "Keep"
    await hands.do("click", user="UANA", action_id="close", **place)
    closed, result = await hands.see("messages", channel="CINCIDENTS")
    assert (await hands.attempt("click", user="UBO", action_id="vote", **place))[0] == 404
    assert closed["text"] == "Closed"
    assert (result["thread_ts"], result["text"]) == (poll["ts"], "Bern: 0\nRome: 3")
    history = (await client.conversations_history(channel="CINCIDENTS"))["messages"]
    assert [message["ts"] for message in history] == [result["ts"], closed["ts"]]


async def test_a_form_that_changed_meanwhile_is_not_overwritten(
    app: AsyncApp, hands: Hands
) -> None:
    await begin(hands)
    stale = await front(hands)
    await hands.do("click", user="UANA", action_id="more")
    late = app.client.views_update(view_id=stale["id"], hash=stale["hash"], view=asking(5))
    assert await refusal(late) == "hash_conflict"
    assert (await front(hands))["private_metadata"] == "3"
