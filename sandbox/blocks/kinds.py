"""The limits of Block Kit's blocks, and of the views made of them."""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.blocks.elements import ACCESSORY, ACTION, CONTEXT_PART, ENTRY, TYPE
from sandbox.blocks.objects import ID_LIMIT, IDENTIFIER, plain, words
from sandbox.blocks.rules import (
    Rule,
    anything,
    boolean,
    both,
    by_type,
    choice,
    items,
    problem,
    shape,
    string,
)

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
NAMED: Mapping[str, Rule] = {"block_id": IDENTIFIER}


def _says_something(block: Any, at: str) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield problem("must define either `text` or `fields`", at)


COMMON: Mapping[str, Rule] = {
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
        _says_something,
    ),
    "header": shape({**TYPE, "text": plain(150)}, NAMED),
    "divider": shape(TYPE, NAMED),
    "context": shape({**TYPE, "elements": items(CONTEXT_PART, 10)}, NAMED),
    "actions": shape({**TYPE, "elements": items(ACTION, 25)}, NAMED),
    "input": shape(
        {**TYPE, "label": plain(2000), "element": ENTRY},
        {**NAMED, "hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "image": shape(
        {**TYPE, "image_url": string(3000), "alt_text": string(2000)},
        {**NAMED, "title": plain(2000)},
    ),
}
MESSAGE = items(by_type(COMMON), MESSAGE_BLOCKS, least=0)
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
            "blocks": items(by_type(COMMON), VIEW_BLOCKS, least=0),
        },
        {
            **VIEW_COMMON,
            "submit": plain(24),
            "close": plain(24),
            "clear_on_close": boolean,
            "notify_on_close": boolean,
            "submit_disabled": boolean,
        },
    ),
    "home": shape(
        {"type": anything, "blocks": items(by_type(COMMON), VIEW_BLOCKS, least=0)}, VIEW_COMMON
    ),
}
