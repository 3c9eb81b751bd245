"""Which blocks each surface takes, and the limits of messages and views made of them."""

from collections.abc import Mapping

from sandbox.blocks.cards import CARDS, container
from sandbox.blocks.charts import CHARTS
from sandbox.blocks.choices import CHOICES, MOMENT
from sandbox.blocks.elements import PRESSED, TYPE
from sandbox.blocks.inputs import IN_MODALS, PLAIN_TEXT, RICH
from sandbox.blocks.objects import (
    ID_LIMIT,
    IDENTIFIER,
    IMAGE,
    PICTURE,
    address,
    plain,
    public_address,
    words,
)
from sandbox.blocks.rich_text import RICH_TEXT
from sandbox.blocks.rules import (
    Rule,
    anything,
    boolean,
    both,
    by_type,
    choice,
    either,
    items,
    one_of,
    shape,
    string,
)
from sandbox.blocks.tables import TABLES

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
LONGEST_MARKDOWN = 12_000
NAMED: Mapping[str, Rule] = {"block_id": IDENTIFIER}
PLACED: Mapping[str, Rule] = {
    **CHOICES, **{name: PRESSED[name] for name in ("button", "overflow", "workflow_button")},
}  # fmt: skip
ACCESSORY = by_type({**PLACED, "image": IMAGE})
CONTEXT_PART = by_type({"plain_text": words(3000), "mrkdwn": words(3000), "image": IMAGE})
MOMENTS: Mapping[str, Rule] = {"datetimepicker": MOMENT}
RICHES: Mapping[str, Rule] = {"rich_text_input": RICH}
WRITING: Mapping[str, Rule] = {"plain_text_input": PLAIN_TEXT}
VIDEO = shape(
    {
        **TYPE,
        "alt_text": string(200),
        "title": plain(200),
        "thumbnail_url": public_address,
        "video_url": address,
    },
    {
        **NAMED,
        "title_url": address,
        "description": plain(200),
        "provider_icon_url": address,
        "provider_name": string(50),
        "author_name": string(50),
    },
)
EVERYWHERE: Mapping[str, Rule] = {
    "section": both(
        shape(
            TYPE,
            {
                **NAMED,
                "text": words(3000),
                "fields": items(words(2000), 10),
                "accessory": ACCESSORY,
                "expand": boolean,
            },
        ),
        either("text", "fields"),
    ),
    "header": shape({**TYPE, "text": plain(150)}, NAMED),
    "divider": shape(TYPE, NAMED),
    "context": shape({**TYPE, "elements": items(CONTEXT_PART, 10)}, NAMED),
    "image": both(
        shape({**TYPE, "alt_text": string(2000)}, {**NAMED, **PICTURE, "title": plain(2000)}),
        one_of(*PICTURE),
    ),
    "rich_text": RICH_TEXT,
    "video": VIDEO,
    "card": CARDS["card"],
}


def _acting(extra: Mapping[str, Rule]) -> Rule:
    elements = items(by_type({**PLACED, **extra}), 25)
    return shape({**TYPE, "elements": elements}, NAMED)


def _asking(extra: Mapping[str, Rule]) -> Rule:
    element = by_type({**CHOICES, **WRITING, **extra})
    return shape(
        {**TYPE, "label": plain(2000), "element": element},
        {**NAMED, "hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    )


_OUTSIDE_CONTAINERS: Mapping[str, Rule] = {
    **EVERYWHERE,
    **TABLES,
    **CHARTS,
    **{n: CARDS[n] for n in ("carousel", "plan", "task_card", "context_actions")},
    "actions": _acting(MOMENTS),
    "input": _asking(MOMENTS),
    "markdown": shape({**TYPE, "text": string(LONGEST_MARKDOWN)}, NAMED),
}
MESSAGE_KINDS: Mapping[str, Rule] = {
    **_OUTSIDE_CONTAINERS, "container": container(_OUTSIDE_CONTAINERS),
}  # fmt: skip
MODAL_KINDS: Mapping[str, Rule] = {
    **EVERYWHERE,
    "alert": CARDS["alert"],
    "actions": _acting({**MOMENTS, **RICHES}),
    "input": _asking({**MOMENTS, **RICHES, **IN_MODALS}),
}
HOME_KINDS: Mapping[str, Rule] = {
    **EVERYWHERE,
    **CHARTS,
    "table": TABLES["table"],
    "carousel": CARDS["carousel"],
    "actions": _acting(RICHES),
    "input": _asking(RICHES),
}
MESSAGE = items(by_type(MESSAGE_KINDS), MESSAGE_BLOCKS, least=0)
ANYWHERE = items(by_type({**HOME_KINDS, **MESSAGE_KINDS, **MODAL_KINDS}), VIEW_BLOCKS)
VIEW_COMMON: Mapping[str, Rule] = {
    "private_metadata": string(3000, least=0),
    "callback_id": string(ID_LIMIT, least=0),
    "external_id": string(ID_LIMIT, least=0),
}
SURFACES: Mapping[str, Rule] = {
    "modal": shape(
        {
            "type": choice("modal"),
            "title": plain(24),
            "blocks": items(by_type(MODAL_KINDS), VIEW_BLOCKS, least=0),
        },
        {
            **VIEW_COMMON,
            "submit": plain(24),
            "close": plain(24),
            "clear_on_close": boolean,
            "notify_on_close": boolean,
        },
    ),
    "home": shape(
        {"type": anything, "blocks": items(by_type(HOME_KINDS), VIEW_BLOCKS, least=0)},
        VIEW_COMMON,
    ),
}
