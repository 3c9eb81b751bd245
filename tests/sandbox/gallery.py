"""A Bolt app that shows every block and element there is, and keeps what it was told."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.seed import Seed
from sandbox.server import Sandbox
from sandbox.wire import Json
from tests.sandbox.apps import bolt
from tests.sandbox.kit import mrkdwn, plain

SEED = replace(Seed(), scopes=(*Seed().scopes, "links.embed:write"))
PICTURE = "https://pictures.example/board.png"
CONFIRM: Json = {
    "title": {"type": "plain_text", "text": "Close it for good?"},
    "text": {"type": "mrkdwn", "text": "It *cannot* be reopened."},
    "confirm": {"type": "plain_text", "text": "Close It"},
    "deny": {"type": "plain_text", "text": "Keep It"},
    "style": "danger",
}


def option(text: str, more: str = "") -> Json:
    about = {"description": plain(more)} if more else {}
    return {"text": plain(text), "value": text.lower(), **about}


def button(text: str, action_id: str, **more: object) -> Json:
    return {"type": "button", "text": plain(text), "action_id": action_id, **more}


def image(alt: str) -> Json:
    return {"type": "image", "image_url": PICTURE, "alt_text": alt}


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def run(text: str, **style: bool) -> Json:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def rich_section(*elements: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(elements)}


COLOURS = [option("Red", "as a rose"), option("Green"), option("Blue")]
GROUPS = [
    {"label": plain("Warm"), "options": [option("Red"), option("Orange")]},
    {"label": plain("Cold"), "options": [option("Blue")]},
]
RICH = rich(
    rich_section(
        run("bold", bold=True), run(" and "), run("italic", italic=True), run(" "),
        run("struck", strike=True), run(" "), run("code", code=True), run(" "),
        {"type": "link", "url": "https://example.com/a", "text": "a link"}, run(" "),
        {"type": "user", "user_id": "UBO"}, run(" "),
        {"type": "usergroup", "usergroup_id": "SONCALL"}, run(" "),
        {"type": "channel", "channel_id": "CGENERAL"}, run(" "),
        {"type": "broadcast", "range": "here"}, run(" "),
        {"type": "emoji", "name": "tada"}, run(" "),
        {"type": "date", "timestamp": 1768478400, "format": "{date_num} {time}",
         "fallback": "2026-01-15"}, run(" "),
        {"type": "color", "value": "#C0FFEE"},
    ),
    {"type": "rich_text_list", "style": "ordered",
     "elements": [rich_section(run("first")), rich_section(run("second"))]},
    {"type": "rich_text_list", "style": "bullet", "indent": 1,
     "elements": [rich_section(run("deeper"))]},
    {"type": "rich_text_quote", "elements": [run("quoted")]},
    {"type": "rich_text_preformatted", "elements": [run("kubectl get pods")]},
)  # fmt: skip
MARKDOWN = """\
# Findings
Some **bold**, *italic*, ~~struck~~ and `code`, with [a link](https://example.com).

- one
  - deeper
- two
1. first
2. second

> quoted

| what | how many |
|------|---------:|
| pods | 3 |

```
kubectl get pods
```
"""
TEXTS: list[Json] = [
    {"type": "header", "text": plain("Every block :tada:")},
    {"type": "section", "text": mrkdwn("*A section* with a picture <@UANA>"),
     "accessory": image("A red board")},
    {"type": "section", "fields": [mrkdwn(f"*Field {n}*\nvalue {n}") for n in range(4)]},
    {"type": "section", "text": mrkdwn("A long text. " * 80)},
    {"type": "divider"},
    {"type": "context", "elements": [image("A sign"), mrkdwn("In small"), plain("print")]},
    {**image("A graph that rises"), "title": plain("The graph")},
    {"type": "video", "title": plain("How to restart"), "alt_text": "A restart",
     "thumbnail_url": PICTURE, "video_url": "https://videos.example/1", "provider_name": "Videos",
     "description": plain("In two minutes")},
    RICH,
    {"type": "markdown", "text": MARKDOWN},
]  # fmt: skip
PLOT: Json = {
    "axis_config": {"categories": ["Mon", "Tue"], "x_label": "Day", "y_label": "Errors"},
    "series": [
        {"name": name, "data": [{"label": "Mon", "value": n}, {"label": "Tue", "value": n + 4}]}
        for n, name in enumerate(("web", "api"), 3)
    ],
}
PIE: Json = {
    "type": "pie",
    "segments": [{"label": "Up", "value": 9}, {"label": "Down", "value": 1}],
}


def cells(*texts: str) -> list[Json]:
    return [{"type": "raw_text", "text": text} for text in texts]


def number(value: int) -> Json:
    return {"type": "raw_number", "value": value, "text": str(value)}


def charts(*kinds: str) -> list[Json]:
    made = [{"type": kind, **PLOT} if kind != "pie" else PIE for kind in kinds]
    return [{"type": "data_visualization", "title": f"A {c['type']}", "chart": c} for c in made]


def card(name: str) -> Json:
    return {
        "type": "card",
        "icon": image("An icon"),
        "title": mrkdwn(f"*{name}*"),
        "subtitle": mrkdwn("A service"),
        "body": mrkdwn("It is _well_."),
        "actions": [button("Restart", f"restart_{name}", value=name)],
    }


def task(name: str, status: str) -> Json:
    details = rich(rich_section(run("Look at the graphs")))
    source = {"type": "url", "url": "https://example.com/runbook", "text": "Runbook"}
    task = {"type": "task_card", "task_id": name, "title": name, "status": status}
    return {**task, "details": details, "sources": [source]}


DATA: list[Json] = [
    {"type": "table", "column_settings": [None, {"align": "right"}],
     "rows": [cells("Service", "Errors"), [*cells("web"), number(3)],
              [rich(rich_section(run("api", bold=True))), number(12)]]},
    {"type": "data_table", "caption": "Pods", "page_size": 2,
     "rows": [cells("Pod", "Restarts"),
              *([*cells(f"pod-{n}"), number(10 - n)] for n in range(5))]},
    *charts("bar", "pie"),
    {"type": "carousel", "elements": [card("web"), card("api")]},
    {"type": "container", "title": plain("More"), "is_collapsible": True,
     "child_blocks": [{"type": "section", "text": mrkdwn("Inside")}]},
    {"type": "plan", "title": "The runbook",
     "tasks": [task(s, s) for s in ("pending", "in_progress", "complete", "error")]},
    {"type": "context_actions", "elements": [
        {"type": "feedback_buttons", "action_id": "feedback",
         "positive_button": {"text": plain("Good"), "value": "good"},
         "negative_button": {"text": plain("Bad"), "value": "bad"}},
        {"type": "icon_button", "action_id": "trash", "icon": "trash", "text": plain("Delete")}]},
]  # fmt: skip
LINES: list[Json] = charts("line", "area")
ELEMENTS: list[Json] = [
    button("Press", "press", value="v1", style="primary", accessibility_label="Press this"),
    button("Close", "confirmed", value="v2", style="danger", confirm=CONFIRM),
    button("Open", "opening"),
    button("Read", "link", url="https://example.com/read"),
    {"type": "overflow", "action_id": "more", "options": [option("Edit"), option("Copy")]},
    {"type": "static_select", "action_id": "colour", "options": COLOURS,
     "placeholder": plain("Pick a colour")},
    {"type": "multi_static_select", "action_id": "colours", "option_groups": GROUPS,
     "placeholder": plain("Pick colours")},
    {"type": "external_select", "action_id": "searched", "min_query_length": 2,
     "placeholder": plain("Search a service")},
    {"type": "multi_external_select", "action_id": "searched_many", "min_query_length": 0,
     "placeholder": plain("Search services")},
    {"type": "users_select", "action_id": "person", "placeholder": plain("Pick a person")},
    {"type": "multi_users_select", "action_id": "people", "placeholder": plain("Pick people")},
    {"type": "channels_select", "action_id": "channel", "placeholder": plain("Pick a channel")},
    {"type": "multi_channels_select", "action_id": "channels",
     "placeholder": plain("Pick channels")},
    {"type": "conversations_select", "action_id": "talk", "placeholder": plain("Pick a talk")},
    {"type": "multi_conversations_select", "action_id": "talks",
     "placeholder": plain("Pick talks")},
    {"type": "radio_buttons", "action_id": "radio", "options": COLOURS},
    {"type": "checkboxes", "action_id": "boxes", "options": COLOURS},
    {"type": "datepicker", "action_id": "date", "placeholder": plain("Pick a date")},
    {"type": "timepicker", "action_id": "time", "placeholder": plain("Pick a time")},
    {"type": "datetimepicker", "action_id": "moment"},
]  # fmt: skip
ENTRIES: list[Json] = [
    {"type": "plain_text_input", "action_id": "text", "placeholder": plain("In one line")},
    {"type": "plain_text_input", "action_id": "long", "multiline": True, "max_length": 50},
    {"type": "email_text_input", "action_id": "email"},
    {"type": "url_text_input", "action_id": "url"},
    {"type": "number_input", "action_id": "number", "is_decimal_allowed": True},
    {"type": "rich_text_input", "action_id": "rich"},
    {"type": "file_input", "action_id": "file", "max_files": 2},
]
ACTING: list[Json] = [
    {"type": "actions", "block_id": f"acts-{e['action_id']}", "elements": [e]} for e in ELEMENTS
]


def asked(element: Json, **more: object) -> Json:
    name = element["action_id"]
    return {"type": "input", "block_id": name, "label": plain(f"The {name}"), "element": element,
            "optional": True, **more}  # fmt: skip


def fields() -> Iterator[Json]:
    """Yield an input block for every element that can stand in one."""
    for element in (*ENTRIES, *ELEMENTS):
        if element["type"] not in {"button", "overflow"}:
            yield asked(element)


def modal(*blocks: Json, **more: object) -> Json:
    view = {"type": "modal", "callback_id": "form", "title": plain("Every field"),
            "submit": plain("Send"), "close": plain("Cancel")}  # fmt: skip
    return {**view, "blocks": list(blocks), **more}


EVERY_FIELD = modal(
    {"type": "alert", "level": "warning", "text": mrkdwn("*Mind* the gap")},
    {"type": "header", "text": plain("A header")},
    *fields(),
    notify_on_close=True,
)
HOME: Json = {"type": "home", "blocks": [*TEXTS[:-1], *charts("bar"), *ACTING[:-1]]}


@dataclass
class Gallery:
    """The app, what it was told, and how it answers."""

    app: AsyncApp
    actions: asyncio.Queue[Json] = field(default_factory=asyncio.Queue)
    submissions: asyncio.Queue[Json] = field(default_factory=asyncio.Queue)
    closed: asyncio.Queue[Json] = field(default_factory=asyncio.Queue)
    view: Json = field(default_factory=lambda: EVERY_FIELD)
    answer: Json = field(default_factory=dict)
    deaf: bool = False

    async def post(self, blocks: list[Json], text: str = "Gallery") -> str:
        answer = await self.app.client.chat_postMessage(
            channel="CINCIDENTS", text=text, blocks=blocks
        )
        return str(answer["ts"])


async def told(queue: asyncio.Queue[Json]) -> Json:
    """Return the next payload that the app got, once it is there."""
    return await asyncio.wait_for(queue.get(), 5)


def gallery(sandbox: Sandbox) -> Gallery:
    """Return the app, not yet connected."""
    shown = Gallery(bolt(sandbox))
    app = shown.app

    @app.action("opening")
    async def opening(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await shown.actions.put(body)
        await client.views_open(trigger_id=body["trigger_id"], view=shown.view)
        await ack()

    @app.action("pushing")
    async def pushing(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await shown.actions.put(body)
        await client.views_push(trigger_id=body["trigger_id"], view=shown.view)
        await ack()

    @app.action(re.compile(""))
    async def acted(ack: AsyncAck, body: Json) -> None:
        await shown.actions.put(body)
        if not shown.deaf:
            await ack()

    @app.options(re.compile(""))
    async def offered(ack: AsyncAck, body: Json) -> None:
        await ack(options=[option(f"{body['value']}-service"), option("other")])

    @app.view("form")
    async def submitted(ack: AsyncAck, body: Json) -> None:
        await shown.submissions.put(body)
        await ack(**shown.answer)

    @app.view_closed("form")
    async def closed(ack: AsyncAck, body: Json) -> None:
        await shown.closed.put(body)
        await ack()

    @app.event("app_home_opened")
    async def opened(event: Json, client: AsyncWebClient) -> None:
        await client.views_publish(user_id=event["user"], view=HOME)

    return shown
