"""Small pieces of Block Kit that tests are put together from."""

from typing import Any

from sandbox.wire import Json

PUBLIC = "https://example.com/picture.png"


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "x", **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(text: str = "Go", **more: Any) -> Json:
    return {"type": "button", "text": plain(text), **more}


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def option(value: str = "1", text: str = "One", **more: Any) -> Json:
    return {"text": plain(text), "value": value, **more}


def options(count: int) -> list[Json]:
    return [option(str(n), str(n)) for n in range(count)]


def field(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain("Label"), "element": element, **more}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain("Title"), "blocks": list(blocks), **more}


def form(*blocks: Json, **more: Any) -> Json:
    return modal(*blocks, submit=plain("Go"), callback_id="form", **more)


def image(**more: Any) -> Json:
    return {"type": "image", "alt_text": "x", "image_url": PUBLIC, **more}


def select(kind: str = "static_select", **more: Any) -> Json:
    return {"type": kind, **more}


def line(*parts: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(parts)}


def rich(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": list(parts)}


def said(text: str = "x") -> Json:
    return rich(line({"type": "text", "text": text}))


def raw(text: str) -> Json:
    return {"type": "raw_text", "text": text}


def table(rows: int = 1, cells: int = 1, text: str = "x", **more: Any) -> Json:
    return {"type": "table", "rows": [[raw(text)] * cells] * rows, **more}


def data_table(rows: int = 2, cells: int = 1, text: str = "x", **more: Any) -> Json:
    grid = [[raw(text)] * cells] * rows
    return {"type": "data_table", "caption": "Figures", "rows": grid, **more}


def pie(segments: int = 1, label: str = "x", **more: Any) -> Json:
    chart = {"type": "pie", "segments": [{"label": label, "value": 1}] * segments}
    return {"type": "data_visualization", "title": "Pie", "chart": chart, **more}


def bars(series: int = 1, points: int = 1, **more: Any) -> Json:
    labels = [str(n) for n in range(points)]
    data = [{"label": label, "value": 1} for label in labels]
    drawn = [{"name": str(n), "data": data} for n in range(series)]
    chart = {"type": "bar", "series": drawn, "axis_config": {"categories": labels, **more}}
    return {"type": "data_visualization", "title": "Bars", "chart": chart}


def card(**more: Any) -> Json:
    return {"type": "card", "title": plain("Card"), **more}


def container(*children: Json, **more: Any) -> Json:
    return {"type": "container", "title": plain("Box"), "child_blocks": list(children), **more}


def task(**more: Any) -> Json:
    return {"type": "task_card", "task_id": "t", "title": "Task", "status": "pending", **more}


def plan(count: int = 1, **more: Any) -> Json:
    return {"type": "plan", "title": "Plan", "tasks": [task()] * count, **more}


def video(**more: Any) -> Json:
    return {
        "type": "video", "alt_text": "x", "title": plain("Film"), "thumbnail_url": PUBLIC,
        "video_url": "https://example.com/film", **more,
    }  # fmt: skip


def alert(text: str = "x", **more: Any) -> Json:
    return {"type": "alert", "text": mrkdwn(text), **more}


def feedback(**more: Any) -> Json:
    yes, no = ({"text": plain(word), "value": word} for word in ("yes", "no"))
    return {"type": "feedback_buttons", "positive_button": yes, "negative_button": no, **more}


def bin_button(**more: Any) -> Json:
    return {"type": "icon_button", "icon": "trash", "text": plain("Delete"), **more}


def context_actions(*elements: Json) -> Json:
    return {"type": "context_actions", "elements": list(elements)}
