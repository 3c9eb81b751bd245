"""The limits of the elements that are pressed, and of those that pictures are."""

from collections.abc import Mapping

from sandbox.blocks.objects import (
    CONFIRM,
    IDENTIFIER,
    LINK_OPTION,
    STYLE,
    address,
    plain,
)
from sandbox.blocks.rules import Rule, anything, choice, items, shape, string

TYPE: Mapping[str, Rule] = {"type": anything}
NAMED: Mapping[str, Rule] = {"action_id": IDENTIFIER}
INTERACTIVE: Mapping[str, Rule] = {**NAMED, "confirm": CONFIRM}
SPOKEN: Mapping[str, Rule] = {"accessibility_label": string(75)}
FEEDBACK = shape({"text": plain(75), "value": string(2000)}, SPOKEN)
PARAMETER = shape({"name": string(255), "value": string(3000)})
TRIGGER = shape(
    {"url": address}, {"customizable_input_parameters": items(PARAMETER, 100, least=0)}
)
PRESSED: Mapping[str, Rule] = {
    "button": shape(
        {**TYPE, "text": plain(75)},
        {**INTERACTIVE, **SPOKEN, "url": address, "value": string(2000), "style": STYLE},
    ),
    "overflow": shape({**TYPE, "options": items(LINK_OPTION, 5)}, INTERACTIVE),
    "workflow_button": shape(
        {**TYPE, "text": plain(75), "workflow": shape({"trigger": TRIGGER})},
        {**NAMED, **SPOKEN, "style": STYLE},
    ),
    "icon_button": shape(
        {**TYPE, "icon": choice("trash"), "text": plain(75)},
        {
            **INTERACTIVE,
            **SPOKEN,
            "value": string(2000),
            "visible_to_user_ids": items(IDENTIFIER, 10),
        },
    ),
    "feedback_buttons": shape(
        {**TYPE, "positive_button": FEEDBACK, "negative_button": FEEDBACK}, NAMED
    ),
}
