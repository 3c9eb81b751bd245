"""Payloads as Slack sends them, one of each kind."""

from typing import Any

Payload = dict[str, Any]


def command(
    text: str, *, by: str = "UANA", channel: str = "CGENERAL", trigger: str = "t1"
) -> Payload:
    return {
        "command": "/incident",
        "text": text,
        "user_id": by,
        "channel_id": channel,
        "team_id": "T1",
        "trigger_id": trigger,
    }


def click(
    value: str,
    *,
    action: str = "acknowledge",
    by: str = "UBO",
    action_ts: str = "1.1",
    channel: str = "CGENERAL",
    **more: Any,
) -> Payload:
    clicked = {"type": "button", "action_id": action, "block_id": "b", "value": value, **more}
    return {
        "type": "block_actions",
        "user": {"id": by},
        "team": {"id": "T1"},
        "channel": {"id": channel},
        "container": {"type": "message", "message_ts": "ts1"},
        "trigger_id": "t7",
        "actions": [clicked | {"action_ts": action_ts}],
    }


def home_click(value: str, *, by: str = "UBO", action_ts: str = "1.1") -> Payload:
    clicked = click(value, by=by, action_ts=action_ts)
    del clicked["channel"]
    return clicked | {"container": {"type": "view", "view_id": "VHOME"}}


def view(
    title: str,
    *,
    by: str = "UANA",
    view_id: str = "V1",
    severity: str | None = None,
    private: bool = False,
    channel: str = "CGENERAL",
    callback: str = "declare",
) -> Payload:
    chosen = {"selected_option": {"value": severity} if severity else None}
    checked = {"selected_options": [{"value": "private"}] if private else []}
    return {
        "type": "view_submission",
        "user": {"id": by},
        "team": {"id": "T1"},
        "view": {
            "type": "modal",
            "callback_id": callback,
            "id": view_id,
            "hash": "h",
            "private_metadata": channel,
            "state": {
                "values": {
                    "title": {"title": {"type": "plain_text_input", "value": title}},
                    "severity": {"severity": chosen},
                    "private": {"private": checked},
                }
            },
        },
    }


def shortcut(callback_id: str = "declare_incident", *, by: str = "UANA") -> Payload:
    return {
        "type": "shortcut",
        "callback_id": callback_id,
        "user": {"id": by},
        "team": {"id": "T1"},
        "trigger_id": "t9",
    }


def message_shortcut(
    text: str, callback_id: str = "declare_from_message", *, by: str = "UANA"
) -> Payload:
    return shortcut(callback_id, by=by) | {
        "type": "message_action",
        "channel": {"id": "CGENERAL"},
        "message": {"ts": "5.5", "text": text, "user": "UBO"},
    }


def event(event_id: str = "Ev1", **fields: Any) -> Payload:
    return {"type": "event_callback", "team_id": "T1", "event_id": event_id, "event": fields}


def mention(text: str, *, by: str = "UANA", event_id: str = "Ev1") -> Payload:
    said = f"<@UBOT> {text}"
    return event(event_id, type="app_mention", user=by, channel="CGENERAL", text=said)


def direct(text: str, *, by: str = "UANA", event_id: str = "Ev2") -> Payload:
    where = {"channel": "DUANA", "channel_type": "im"}
    return event(event_id, type="message", user=by, text=text, **where)


def said(text: str, *, by: str = "UANA", event_id: str = "EvS", **more: Any) -> Payload:
    """Return the event of a message in a channel; what is None is left out."""
    where = {"channel": "C1", "channel_type": "channel", "ts": "5.5"}
    fields = {"type": "message", "user": by, "text": text, **where, **more}
    return event(event_id, **{name: value for name, value in fields.items() if value is not None})


def changed(now: Payload, *, event_id: str = "EvC", **more: Any) -> Payload:
    """Return the event that a message now looks so; `now` is the event of it."""
    shown = {k: v for k, v in now["event"].items() if k not in {"channel", "channel_type"}}
    other = {"user": None, "text": "", "subtype": "message_changed", "message": shown}
    where = {name: now["event"][name] for name in ("channel", "channel_type")}
    return said(**{"event_id": event_id, "by": None, "ts": "8.8", **where, **other, **more})


def deleted(before: Payload, *, event_id: str = "EvD", **more: Any) -> Payload:
    """Return the event that a message is gone; `before` is the event of it."""
    gone = {"subtype": "message_deleted", "deleted_ts": before["event"]["ts"], "ts": "9.9"}
    where = {name: before["event"][name] for name in ("channel", "channel_type")}
    other = {"by": None, "text": None, "previous_message": before["event"]}
    return said(**{"event_id": event_id, **other, **where, **gone, **more})


def home_opened(*, by: str = "UANA", event_id: str = "Ev3") -> Payload:
    return event(event_id, type="app_home_opened", user=by, channel="DUANA", tab="home")


def joined(channel: str, *, by: str = "UEVE", event_id: str = "Ev4") -> Payload:
    return event(event_id, type="member_joined_channel", user=by, channel=channel)


def left(channel: str, *, by: str = "UEVE", event_id: str = "Ev5") -> Payload:
    return event(event_id, type="member_left_channel", user=by, channel=channel)


def sent(form: Payload, *, by: str = "UANA", view_id: str = "VF", **values: Any) -> Payload:
    """Return an opened form as it is sent, with what was filled in; the rest is empty."""
    names = [block["block_id"] for block in form["blocks"] if block["type"] == "input"]
    assert set(values) <= set(names)
    state = {name: {name: {"type": "x", **values.get(name, {})}} for name in names}
    shown = {key: form[key] for key in ("callback_id", "private_metadata")}
    view = {"type": "modal", "id": view_id, "hash": "h", **shown, "state": {"values": state}}
    return {
        "type": "view_submission",
        "user": {"id": by},
        "team": {"id": "T1"},
        "view": view,
    }


def typed(text: str) -> Payload:
    return {"value": text}


def chosen(value: str) -> Payload:
    return {"selected_option": {"value": value}}
