"""Buttons that say a verb: of an incident, or of one of its numbered parts."""

from functools import partial

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from .desk import Desk
from .dialog import converse
from .grammar import Asked
from .payloads import Kind, Payload, kind, person

# What each button says; the part after a slash in its value comes last.
SAYS = {
    "dismiss": "decline",
    "merge": "merge",
    "triage": "triage",
    "update": "update",
    "resolve": "resolve",
    "reopen": "reopen",
    "handover": "role commander",
    "timeline_show": "timeline",
    "timeline_page": "timeline page",
    "note_edit": "timeline edit",
    "action_add": "action add",
    "action_edit": "action edit",
    "action_done": "action done",
    "role_accept": "role accept",
    "role_decline": "role decline",
}


async def say(
    says: str, desk: Desk, client: AsyncWebClient, action: Payload, body: Payload
) -> BoltResponse:
    """Do what the button says; Home, where it was clicked, is drawn again."""
    verb, _, rest = says.partition(" ")
    incident, _, part = action["value"].partition("/")
    asked = Asked(verb, incident, f"{rest} {part}".strip())
    try:
        return await converse(desk, client, asked, body)
    finally:  # refused or not, the button was of an older picture
        if kind(body) is Kind.HOME:
            await desk.incidents.owe_home(person(body))


async def merge_into(
    desk: Desk, client: AsyncWebClient, action: Payload, body: Payload
) -> BoltResponse:
    """Merge the incident that was asked about into the chosen one."""
    merged, into = action["block_id"].partition(":")[2], action["selected_option"]["value"]
    return await converse(desk, client, Asked("merge", merged, into), body)


def register(app: AsyncApp, desk: Desk) -> None:
    """Bind the buttons."""
    for name, says in SAYS.items():
        app.action(name)(partial(say, says, desk))
    app.action("merge_into")(partial(merge_into, desk))
