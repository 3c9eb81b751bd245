"""The limits of Block Kit's composition objects."""

from sandbox.blocks.rules import Rule, anything, boolean, by_type, choice, shape, string

ID_LIMIT = 255
URL_LIMIT = 3000


def plain(most: int) -> Rule:
    """Accept a plain_text object of at most so many characters."""
    fields = {"type": anything, "text": string(most)}
    return by_type({"plain_text": shape(fields, {"emoji": boolean})})


def words(most: int) -> Rule:
    """Accept a plain_text or mrkdwn object of at most so many characters."""
    fields = {"type": anything, "text": string(most)}
    return by_type(
        {
            "plain_text": shape(fields, {"emoji": boolean}),
            "mrkdwn": shape(fields, {"verbatim": boolean}),
        }
    )


IDENTIFIER = string(ID_LIMIT)
OPTION = shape({"text": plain(75), "value": string(150)}, {"description": plain(75)})
LINK_OPTION = shape(
    {"text": plain(75), "value": string(150)},
    {"description": plain(75), "url": string(URL_LIMIT)},
)
RICH_OPTION = shape({"text": words(75), "value": string(150)}, {"description": words(75)})
STYLE = choice("primary", "danger")
CONFIRM = shape(
    {"title": plain(100), "text": words(300), "confirm": plain(30), "deny": plain(30)},
    {"style": STYLE},
)
