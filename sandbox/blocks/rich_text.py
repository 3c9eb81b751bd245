"""The limits of rich text: sections, lists, quotes, and what stands in their lines."""

from collections.abc import Mapping

from sandbox.blocks.objects import IDENTIFIER, address
from sandbox.blocks.rules import (
    Rule,
    anything,
    boolean,
    by_type,
    choice,
    integer,
    items,
    shape,
    string,
    written,
)

MOST_PARTS = 3000
DEEPEST_LIST = 8
LONGEST_PART = 12_000
TYPE: Mapping[str, Rule] = {"type": anything}
STYLES = ("bold", "italic", "strike", "code", "underline")
STYLED: Mapping[str, Rule] = {"style": shape({}, dict.fromkeys(STYLES, boolean))}


def _part(required: Mapping[str, Rule], optional: Mapping[str, Rule] = STYLED) -> Rule:
    return shape({**TYPE, **required}, {**optional, **STYLED})


TEXT = _part({"text": string(LONGEST_PART)})
LINK = _part({"url": address}, {"text": string(LONGEST_PART, least=0), "unsafe": boolean})
INLINE = by_type(
    {
        "text": TEXT,
        "link": LINK,
        "user": _part({"user_id": IDENTIFIER}),
        "usergroup": _part({"usergroup_id": IDENTIFIER}),
        "channel": _part({"channel_id": IDENTIFIER}),
        "team": _part({"team_id": IDENTIFIER}),
        "broadcast": _part({"range": choice("here", "channel", "everyone")}),
        "emoji": _part(
            {"name": IDENTIFIER},
            {"skin_tone": integer(1, 6), "unicode": string(255)},
        ),
        "date": _part(
            {"timestamp": integer(0, 9_999_999_999), "format": string(255)},
            {"url": address, "fallback": string(255)},
        ),
        "color": _part({"value": written("#[0-9A-Fa-f]{6}", "#RRGGBB")}),
    }
)
BORDER: Mapping[str, Rule] = {"border": integer(0, 1)}
SECTION = shape({**TYPE, "elements": items(INLINE, MOST_PARTS, least=0)})
RICH_TEXT_PARTS: Mapping[str, Rule] = {
    "rich_text_section": SECTION,
    "rich_text_quote": shape({**TYPE, "elements": items(INLINE, MOST_PARTS, least=0)}, BORDER),
    "rich_text_preformatted": shape(
        {**TYPE, "elements": items(by_type({"text": TEXT, "link": LINK}), MOST_PARTS, least=0)},
        {**BORDER, "language": string(255)},
    ),
    "rich_text_list": shape(
        {
            **TYPE,
            "style": choice("bullet", "ordered"),
            "elements": items(by_type({"rich_text_section": SECTION}), MOST_PARTS, least=0),
        },
        {**BORDER, "indent": integer(0, DEEPEST_LIST), "offset": integer(0, 10_000)},
    ),
}
RICH_TEXT = by_type(
    {
        "rich_text": shape(
            {**TYPE, "elements": items(by_type(RICH_TEXT_PARTS), MOST_PARTS)},
            {"block_id": IDENTIFIER},
        )
    }
)
