"""The table of Web API methods, with the token and scopes each one needs."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.arguments import Arguments
from sandbox.methods import account, chat, conversations, membership, pins, reading, views
from sandbox.wire import Json
from sandbox.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Method:
    """How one Web API method is run, and by whom it may be."""

    run: Callable[[Workspace, Arguments], Json]
    scopes: tuple[str, ...] = ()
    for_app_token: bool = False


CHANNELS_WRITE = ("channels:manage", "groups:write")
CHANNELS_READ = ("channels:read", "groups:read", "im:read", "mpim:read")
CHANNELS_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
INVITES = (*CHANNELS_WRITE, "channels:write.invites", "groups:write.invites")
TOPICS = (*CHANNELS_WRITE, "channels:write.topic", "groups:write.topic")

# Scopes are alternatives; where the kind of channel decides, the method looks again.
METHODS = {
    "apps.connections.open": Method(account.connections_open, for_app_token=True),
    "auth.test": Method(account.auth_test),
    "bookmarks.add": Method(pins.add_bookmark, ("bookmarks:write",)),
    "bookmarks.list": Method(pins.list_bookmarks, ("bookmarks:read",)),
    "chat.getPermalink": Method(chat.permalink),
    "chat.postEphemeral": Method(chat.post_ephemeral, ("chat:write",)),
    "chat.postMessage": Method(chat.post_message, ("chat:write",)),
    "chat.update": Method(chat.update, ("chat:write",)),
    "conversations.archive": Method(conversations.archive, CHANNELS_WRITE),
    "conversations.create": Method(conversations.create, CHANNELS_WRITE),
    "conversations.history": Method(reading.history, CHANNELS_HISTORY),
    "conversations.info": Method(conversations.info, CHANNELS_READ),
    "conversations.invite": Method(membership.invite, INVITES),
    "conversations.join": Method(membership.join, ("channels:join",)),
    "conversations.list": Method(conversations.list_all, CHANNELS_READ),
    "conversations.members": Method(conversations.members, CHANNELS_READ),
    "conversations.open": Method(membership.open_direct, ("im:write", "mpim:write")),
    "conversations.replies": Method(reading.replies, CHANNELS_HISTORY),
    "conversations.setPurpose": Method(conversations.set_purpose, TOPICS),
    "conversations.setTopic": Method(conversations.set_topic, TOPICS),
    "pins.add": Method(pins.add_pin, ("pins:write",)),
    "pins.list": Method(pins.list_pins, ("pins:read",)),
    "users.conversations": Method(conversations.list_joined, CHANNELS_READ),
    "users.info": Method(account.users_info, ("users:read",)),
    "views.open": Method(views.open_view),
    "views.publish": Method(views.publish_view),
    "views.push": Method(views.push_view),
    "views.update": Method(views.update_view),
}
