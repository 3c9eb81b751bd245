"""What Slack sends: which kind it is, who sent it, from where, and how to know it again."""

import enum
from typing import Any, NamedTuple

Payload = dict[str, Any]


class Kind(enum.StrEnum):
    """The ways a person reaches us."""

    COMMAND = "command"
    VIEW = "view"
    CLICK = "click"
    HOME = "home"
    MESSAGE_SHORTCUT = "message_shortcut"
    GLOBAL_SHORTCUT = "global_shortcut"
    EVENT = "event"


class Shape(NamedTuple):
    """Where a payload keeps what we need; the key stays the same when Slack sends it again."""

    person: str
    channel: str
    key: tuple[str, ...]


SHAPES = {
    Kind.COMMAND: Shape("user_id", "channel_id", ("trigger_id",)),
    Kind.VIEW: Shape("user.id", "view.private_metadata", ("view.id", "view.hash")),
    Kind.CLICK: Shape(
        "user.id", "channel.id", ("container.message_ts", "actions.0.action_ts", "user.id")
    ),
    Kind.HOME: Shape("user.id", "", ("container.view_id", "actions.0.action_ts", "user.id")),
    Kind.MESSAGE_SHORTCUT: Shape("user.id", "channel.id", ("trigger_id",)),
    Kind.GLOBAL_SHORTCUT: Shape("user.id", "", ("trigger_id",)),
    Kind.EVENT: Shape("event.user", "event.channel", ("event_id",)),
}

TYPES = {
    "view_submission": Kind.VIEW,
    "block_actions": Kind.CLICK,
    "shortcut": Kind.GLOBAL_SHORTCUT,
    "message_action": Kind.MESSAGE_SHORTCUT,
    "event_callback": Kind.EVENT,
}


def kind(body: Payload) -> Kind:
    """Say what was sent; a click in a view has no channel."""
    if "command" in body:
        return Kind.COMMAND
    found = TYPES[body["type"]]
    in_view = found is Kind.CLICK and _at(body, "container.type") == "view"
    return Kind.HOME if in_view else found


def readable(value: Any) -> Any:
    """Return a payload in which every character is whole: half of one cannot be written down."""
    match value:
        case str():
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case dict():
            return {key: readable(found) for key, found in value.items()}
        case list():
            return [readable(found) for found in value]
        case _:
            return value


def person(body: Payload) -> str:
    """Return who it was."""
    return _at(body, SHAPES[kind(body)].person)


def channel(body: Payload) -> str:
    """Return where it was; Home, a global shortcut and a direct message are nowhere."""
    direct = (
        _at(body, "event.channel_type") == "im"
        or _at(body, "event.type") == "app_home_opened"
        or _at(body, "channel.name") == "directmessage"
    )
    place = _at(body, SHAPES[kind(body)].channel) or _at(body, "event.item.channel")
    return "" if direct else place.partition(" ")[0]


class Metadata(NamedTuple):
    """What a form knows: where it was asked for, and which part of which incident it is about."""

    channel: str
    incident: str = ""
    number: int = 0


def metadata(body: Payload) -> Metadata:
    """Return what a form knows."""
    channel, incident, number = f"{_at(body, 'view.private_metadata')}  ".split(" ")[:3]
    return Metadata(channel, incident, int(number or 0))


def chosen(view: Payload, name: str) -> Payload:
    """Return what somebody chose or typed there in a form; nothing if the form had no such."""
    found: Payload = (view["state"]["values"].get(name) or {}).get(name) or {}
    return found


def thread(body: Payload) -> str:
    """Return the thread it was in, if it was in one."""
    return _at(body, "event.thread_ts") or _at(body, "container.thread_ts")


def overheard(body: Payload) -> bool:
    """Say whether it is something that was said in a channel, and not to the bot."""
    kinds = {"channel", "group"}
    return _at(body, "event.type") == "message" and _at(body, "event.channel_type") in kinds


def request_key(body: Payload) -> str:
    """Return what tells a repeat from a new request."""
    found = kind(body)
    parts = [_at(body, path) for path in SHAPES[found].key]
    if not all(parts):
        msg = f"a {found} payload without {', '.join(SHAPES[found].key)}"
        raise ValueError(msg)
    return "/".join((found, *parts))


def button_key(body: Payload) -> str:
    """Return what tells one button of one message from others, however often it is clicked."""
    parts = (
        _at(body, path) for path in ("container.message_ts", "user.id", "actions.0.action_id")
    )
    return "/".join(("button", *parts))


def _at(body: Any, path: str) -> str:
    for step in path.split(".") if path else ():
        body = body[int(step)] if isinstance(body, list) else (body or {}).get(step)
    return str(body or "") if path else ""
