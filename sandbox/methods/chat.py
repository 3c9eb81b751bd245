"""Web API methods that say something."""

from sandbox.access import kept_message, require_scope, visible
from sandbox.arguments import Arguments
from sandbox.blocks.checking import message_blocks
from sandbox.errors import SlackError
from sandbox.methods.method import Method, Tier
from sandbox.records import Channel, Message
from sandbox.wire import Json
from sandbox.workspace import Workspace

LONGEST_POST = 40_000
LONGEST_CHANGE = 4_000
NOT_BUILT = ("attachments", "markdown_text")
MASKS = ("username", "icon_emoji", "icon_url")


def post_message(workspace: Workspace, args: Arguments) -> Json:
    """Post a message where everybody in the channel sees it."""
    if any(args.text(mask) for mask in MASKS):
        require_scope(workspace, "chat:write.customize")
    channel = _destination(workspace, args.required("channel"))
    text, blocks = _content(args)
    message = Message(
        workspace.stamp(),
        workspace.seed.bot_user,
        text[:LONGEST_POST],
        bot_id=workspace.seed.bot,
        blocks=blocks or None,
        metadata=_metadata(args) or None,
        thread_ts=_thread(channel, args),
        details={"app_id": workspace.seed.app, "team": workspace.seed.team},
    )
    workspace.add(channel, message)
    shown = message.shown(with_metadata=True)
    answer: Json = {"channel": channel.id, "ts": message.ts, "message": shown}
    if len(text) > LONGEST_POST:
        warnings = {"warnings": ["message_truncated"]}
        answer |= {"warning": "message_truncated", "response_metadata": warnings}
    return answer


def update(workspace: Workspace, args: Arguments) -> Json:
    """Change one of the bot's own messages."""
    channel = _destination(workspace, args.required("channel"), archived="is_inactive")
    message = kept_message(channel, args.required("ts"))
    if message.bot_id != workspace.seed.bot or message.subtype is not None:
        raise SlackError("cant_update_message")
    text, blocks = _content(args)
    metadata = _metadata(args)
    _refuse_long(text)
    before = message.shown()
    if args.has("text"):
        if text != message.text:
            message.edited = {"user": workspace.seed.bot_user, "ts": workspace.stamp()}
        message.text = text
    message.blocks = blocks or None
    message.metadata = message.metadata if metadata is None else metadata or None
    workspace.change(channel, message, before)
    shown = message.shown(with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


def post_ephemeral(workspace: Workspace, args: Arguments) -> Json:
    """Show a message to one member of the channel, and keep it nowhere."""
    channel = _destination(workspace, args.required("channel"))
    user = workspace.person(args.required("user"))
    text, blocks = _content(args)
    _refuse_long(text)
    if user.id not in channel.members:
        raise SlackError("user_not_in_channel")
    message = Message(
        workspace.stamp(),
        workspace.seed.bot_user,
        text,
        bot_id=workspace.seed.bot,
        blocks=blocks or None,
        thread_ts=_thread(channel, args),
        only_for=user.id,
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
    if channel_id in workspace.people and channel_id != workspace.seed.bot_user:
        return workspace.direct(channel_id)
    channel = visible(workspace, channel_id)
    if channel.is_archived:
        raise SlackError(archived)
    if workspace.seed.bot_user not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _content(args: Arguments) -> tuple[str, list[Json]]:
    for name in NOT_BUILT:
        if args.given.get(name):
            raise SlackError("invalid_arguments", [f"{name} is not built in this sandbox"])
    given = args.structure("blocks", "invalid_blocks_format")
    blocks = [] if given is None else message_blocks(given)
    if not blocks and not args.text("text"):
        raise SlackError("no_text")
    return args.text("text"), blocks


def _refuse_long(text: str) -> None:
    if len(text) > LONGEST_CHANGE:
        raise SlackError("msg_too_long")


def _metadata(args: Arguments) -> Json | None:
    """Return the given metadata, empty to remove it, None if there is none."""
    given = args.structure("metadata", "invalid_metadata_format")
    if given is None:
        return None
    if given == {}:
        return {}
    fits = isinstance(given, dict) and set(given) == {"event_type", "event_payload"}
    if not fits or not given["event_type"] or not isinstance(given["event_payload"], dict):
        raise SlackError("invalid_metadata_format")
    return {name: given[name] for name in ("event_type", "event_payload")}


def _thread(channel: Channel, args: Arguments) -> str | None:
    if not args.text("thread_ts"):
        return None
    parent = channel.find(args.text("thread_ts"))
    if parent is None:
        raise SlackError("thread_not_found")
    if parent.only_for is not None or parent.thread_ts not in {None, parent.ts}:
        raise SlackError("cannot_reply_to_message")
    return parent.ts


METHODS = {
    "chat.getPermalink": Method(permalink, (), Tier.HUNDREDS),
    "chat.postEphemeral": Method(post_ephemeral, ("chat:write",), Tier.FOUR),
    "chat.postMessage": Method(post_message, ("chat:write",), Tier.POSTING),
    "chat.update": Method(update, ("chat:write",)),
}
