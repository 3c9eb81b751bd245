"""Web API methods about what was already said: deleting it, unfurling its links."""

from typing import Any

from sandbox.access import joined, open_channel, require_allowed, standing_message
from sandbox.arguments import Arguments
from sandbox.blocks.attachments import blocks_within, message_attachments, refuse_many_blocks
from sandbox.errors import SlackError
from sandbox.happenings import messages
from sandbox.happenings.links import addresses_in, links_in
from sandbox.methods.method import Method
from sandbox.records import Message
from sandbox.wire import Json
from sandbox.workspace import Workspace

LONGEST = 4_000
UNFURLING = {"channel": "missing_channel", "ts": "missing_ts", "unfurls": "missing_unfurls"}


def delete(workspace: Workspace, args: Arguments) -> Json:
    """Take one of the bot's own messages away."""
    channel = open_channel(workspace, args.required("channel"))
    message = standing_message(channel, args.required("ts"))
    if message.bot_id != workspace.seed.bot or message.subtype in messages.SYSTEM:
        raise SlackError("cant_delete_message")
    messages.delete(workspace, channel, message)
    return {"channel": channel.id, "ts": message.ts}


def me_message(workspace: Workspace, args: Arguments) -> Json:
    """Say what the bot does, as /me does for people."""
    require_allowed(workspace, "chat.postMessage")
    channel = open_channel(workspace, args.required("channel"))
    text = args.text("text")
    if not text:
        raise SlackError("no_text")
    if len(text) > LONGEST:
        raise SlackError("msg_too_long")
    seed = workspace.seed
    message = Message(
        workspace.stamp(), seed.bot_user, text, bot_id=seed.bot, subtype="me_message"
    )
    workspace.add(channel, message)
    return {"channel": channel.id, "ts": message.ts}


def unfurl(workspace: Workspace, args: Arguments) -> Json:
    """Show what the links of a message are about, those of the app's own domains."""
    for name, refusal in UNFURLING.items():
        if not args.given.get(name):
            raise SlackError(refusal)
    channel = joined(workspace, args.text("channel"))
    if channel.is_archived:
        raise SlackError("is_archived")
    try:
        message = standing_message(channel, args.text("ts"))
    except SlackError as error:
        raise SlackError("cannot_find_message") from error
    if not workspace.seed.unfurl_domains:
        raise SlackError("cannot_find_service")
    given = args.structure("unfurls", "invalid_unfurls_format")
    if not isinstance(given, dict) or not given:
        raise SlackError("invalid_unfurls_format")
    shown = [_attachment(workspace, message, url, content) for url, content in given.items()]
    before = message.shown()
    kept = [one for one in message.attachments or [] if one.get("from_url") not in given]
    numbered = [{**one, "id": number} for number, one in enumerate([*kept, *shown], start=1)]
    refuse_many_blocks(message.blocks or [], blocks_within(numbered))
    message.attachments = numbered
    workspace.change(channel, message, before)
    return {}


def _attachment(workspace: Workspace, message: Message, url: str, content: Any) -> Json:
    if url not in addresses_in(message.text):
        raise SlackError("cannot_unfurl_message")
    if not links_in(message.text, workspace.seed.unfurl_domains, only=url):
        raise SlackError("cannot_unfurl_url")
    if not isinstance(content, dict) or not content:
        raise SlackError("cannot_parse_attachment")
    try:
        (made,) = message_attachments([{"fallback": url, **content}], workspace)
    except SlackError as error:
        raise SlackError("cannot_parse_attachment", error.messages) from error
    return {**made, "from_url": url, "bot_id": workspace.seed.bot, "app_unfurl_url": url}


METHODS = {
    "chat.delete": Method(delete, ("chat:write",)),
    "chat.meMessage": Method(me_message, ("chat:write",)),
    "chat.unfurl": Method(unfurl, ("links:write",)),
}
