"""The limits of cards, alerts, plans, and of containers around other blocks."""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.blocks.elements import PRESSED, TYPE
from sandbox.blocks.objects import IDENTIFIER, IMAGE, address, plain, words
from sandbox.blocks.rich_text import RICH_TEXT
from sandbox.blocks.rules import (
    Rule,
    boolean,
    both,
    by_type,
    choice,
    either,
    items,
    problem,
    shape,
    string,
)

MOST_TASKS = 50
MOST_CHILDREN = 10
NOT_IN_CONTAINERS = ("card", "carousel", "data_table", "container")
NAMED: Mapping[str, Rule] = {"block_id": IDENTIFIER}
STATUS = choice("pending", "in_progress", "complete", "error")
SOURCE = by_type({"url": shape({**TYPE, "url": address, "text": string(3000)})})
BUTTON = by_type({"button": PRESSED["button"]})
PLAIN_PICTURE = by_type({"image": IMAGE})
CARD = by_type(
    {
        "card": both(
            shape(
                TYPE,
                {
                    **NAMED,
                    "hero_image": PLAIN_PICTURE,
                    "icon": PLAIN_PICTURE,
                    "title": words(150),
                    "subtitle": words(150),
                    "body": words(200),
                    "actions": items(BUTTON, 3),
                },
            ),
            either("hero_image", "title", "actions", "body"),
        )
    }
)
TASK = by_type(
    {
        "task_card": shape(
            {**TYPE, "task_id": IDENTIFIER, "title": string(150), "status": STATUS},
            {
                **NAMED,
                "details": RICH_TEXT,
                "output": RICH_TEXT,
                "sources": items(SOURCE, MOST_TASKS),
            },
        )
    }
)
CARDS: Mapping[str, Rule] = {
    "alert": shape(
        {**TYPE, "text": words(200)},
        {**NAMED, "level": choice("default", "info", "warning", "error", "success")},
    ),
    "card": CARD,
    "carousel": shape({**TYPE, "elements": items(CARD, 10)}, NAMED),
    "task_card": TASK,
    "plan": shape({**TYPE, "title": string(150)}, {**NAMED, "tasks": items(TASK, MOST_TASKS)}),
    "context_actions": shape(
        {
            **TYPE,
            "elements": items(
                by_type({n: PRESSED[n] for n in ("feedback_buttons", "icon_button")}), 5
            ),
        },
        NAMED,
    ),
}


def _folding(block: Any, at: str) -> Iterator[str]:
    collapsible = block.get("is_collapsible", False)
    if block.get("default_collapsed") and not collapsible:
        yield problem("must define `is_collapsible`", f"{at}/default_collapsed")
    if block.get("has_header_divider") and collapsible:
        yield problem("must not be set with `is_collapsible`", f"{at}/has_header_divider")


def container(kinds: Mapping[str, Rule]) -> Rule:
    """Accept a container around blocks of these kinds, but not around every one of them."""
    children = {name: rule for name, rule in kinds.items() if name not in NOT_IN_CONTAINERS}
    return both(
        both(
            shape(
                {**TYPE, "child_blocks": items(by_type(children), MOST_CHILDREN)},
                {
                    **NAMED,
                    "title": plain(150),
                    "rich_text_title": RICH_TEXT,
                    "subtitle": words(150),
                    "icon": PLAIN_PICTURE,
                    "width": choice("narrow", "standard", "wide", "full"),
                    "is_collapsible": boolean,
                    "default_collapsed": boolean,
                    "has_header_divider": boolean,
                },
            ),
            either("title", "rich_text_title"),
        ),
        _folding,
    )
