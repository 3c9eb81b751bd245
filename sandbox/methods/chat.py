"""Web API methods that say something."""

from sandbox.access import (
    kept_message,
    open_channel,
    refuse_without_tab,
    require_allowed,
    require_scope,
    visible,
    written_to,
)
from sandbox.arguments import Arguments
from sandbox.content import LONGEST_TEXT, Content, content, metadata_of
from sandbox.errors import SlackError
from sandbox.happenings import messages
from sandbox.methods.method import Method, Tier
from sandbox.records import Channel, Message
from sandbox.viewing import BROADCAST_REPLY
from sandbox.wire import Json
from sandbox.workspace import Workspace

LONGEST_CHANGE = 4_000
MASKS = ("username", "icon_emoji", "icon_url")
PARSED = {"", "none", "full"}
TASTES = ("unfurl_links", "unfurl_media", "link_names", "mrkdwn")  # taken, and without effect here


def post_message(workspace: Workspace, args: Arguments) -> Json:
    """Post a message where everybody in the channel sees it."""
    channel, message = compose(workspace, args)
    message.ts = workspace.stamp()
    workspace.add(channel, message)
    shown = message.shown(with_metadata=True)
    answer: Json = {"channel": channel.id, "ts": message.ts, "message": shown}
    if len(args.text("text")) > LONGEST_TEXT:
        warnings = {"warnings": ["message_truncated"]}
        answer |= {"warning": "message_truncated", "response_metadata": warnings}
    return answer


def compose(workspace: Workspace, args: Arguments) -> tuple[Channel, Message]:
    """Return the message that a call describes, without a timestamp yet, and where it goes."""
    mask = _mask(workspace, args)
    require_allowed(workspace, "chat.postMessage")
    channel = _destination(workspace, args.required("channel"))
    made = _content(workspace, args)
    message = Message(
        "",
        workspace.seed.bot_user,
        (made.text or "")[:LONGEST_TEXT],
        bot_id=workspace.seed.bot,
        blocks=made.blocks or None,
        attachments=made.attachments or None,
        metadata=_metadata(args) or None,
        thread_ts=_thread(channel, args),
        details={"app_id": workspace.seed.app, "team": workspace.seed.team, **mask},
    )
    if args.flag("reply_broadcast"):
        messages.broadcast(channel, message)
    return channel, message


def update(workspace: Workspace, args: Arguments) -> Json:
    """Change one of the bot's own messages."""
    channel = _destination(workspace, args.required("channel"), archived="is_inactive")
    message = kept_message(channel, args.required("ts"))
    if message.bot_id != workspace.seed.bot or message.subtype not in {None, BROADCAST_REPLY}:
        raise SlackError("cant_update_message")
    made = _content(workspace, args)
    metadata = _metadata(args)
    _refuse_long(made)
    _refuse_mismatch(message, made)
    before = message.shown()
    if args.flag("reply_broadcast"):
        messages.broadcast(channel, message)
    if made.text is not None and made.text != message.text:
        message.edited = {"user": workspace.seed.bot_user, "ts": workspace.stamp()}
    made.put_into(message)
    message.metadata = message.metadata if metadata is None else metadata or None
    workspace.change(channel, message, before)
    shown = message.shown(with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


def post_ephemeral(workspace: Workspace, args: Arguments) -> Json:
    """Show a message to one member of the channel, and keep it nowhere."""
    mask = _mask(workspace, args)
    channel = _destination(workspace, args.required("channel"))
    user = workspace.person(args.required("user"))
    made = _content(workspace, args)
    _refuse_long(made)
    if args.has("metadata"):
        raise SlackError("invalid_arguments", ["an ephemeral message carries no `metadata`"])
    if user.id not in channel.members:
        raise SlackError("user_not_in_channel")
    message = Message(
        workspace.stamp(),
        workspace.seed.bot_user,
        made.text or "",
        bot_id=workspace.seed.bot,
        blocks=made.blocks or None,
        attachments=made.attachments or None,
        thread_ts=_thread(channel, args),
        only_for=user.id,
        details=mask,
    )
    workspace.add(channel, message)
    return {"message_ts": message.ts}


def permalink(workspace: Workspace, args: Arguments) -> Json:
    """Return the address of a message."""
    channel = visible(workspace, args.required("channel"))
    message = kept_message(channel, args.required("message_ts"))
    link = f"{workspace.url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def _destination(
    workspace: Workspace, channel_id: str, *, archived: str = "is_archived"
) -> Channel:
    if channel_id in workspace.people:
        return written_to(workspace, channel_id)
    return refuse_without_tab(workspace, open_channel(workspace, channel_id, archived=archived))


def _mask(workspace: Workspace, args: Arguments) -> Json:
    """Return under which name and picture the message is to be shown."""
    if not any(args.has(mask) for mask in MASKS):
        return {}
    require_scope(workspace, "chat:write.customize")
    name, emoji, picture = (args.text(mask) for mask in MASKS)
    icons = {"emoji": emoji} if emoji else {"image_48": picture} if picture else None
    mask = {"username": name or None, "icons": icons}
    return {part: value for part, value in mask.items() if value is not None}


def _content(workspace: Workspace, args: Arguments) -> Content:
    if args.text("parse") not in PARSED:
        raise SlackError("invalid_arguments", ["must be none or full [json-pointer:/parse]"])
    for taste in TASTES:
        args.flag(taste)
    given: Json = {name: args.text(name) for name in ("text", "markdown_text") if args.has(name)}
    given["blocks"] = args.structure("blocks", "invalid_blocks_format")
    given["attachments"] = args.structure("attachments", "invalid_attachments")
    return content(workspace, given)


def _refuse_long(made: Content) -> None:
    if len(made.text or "") > LONGEST_CHANGE:
        raise SlackError("msg_too_long")


def _refuse_mismatch(message: Message, made: Content) -> None:
    had = any(block["type"] == "rich_text" for block in message.blocks or ())
    if had and made.blocks and all(block["type"] != "rich_text" for block in made.blocks):
        raise SlackError("block_mismatch")


def _metadata(args: Arguments) -> Json | None:
    """Return the given metadata, empty to remove it, None if there is none."""
    return metadata_of(args.structure("metadata", "invalid_metadata_format"))


def _thread(channel: Channel, args: Arguments) -> str | None:
    ts = args.text("thread_ts")
    return messages.parent_of(channel, ts).ts if ts else None


METHODS = {
    "chat.getPermalink": Method(permalink, (), Tier.HUNDREDS),
    "chat.postEphemeral": Method(post_ephemeral, ("chat:write",), Tier.FOUR),
    "chat.postMessage": Method(post_message, ("chat:write",), Tier.POSTING),
    "chat.update": Method(update, ("chat:write",)),
}
