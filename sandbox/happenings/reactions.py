"""Reactions: an emoji that somebody puts under a message."""

import re

from sandbox.emoji import EMOJI
from sandbox.errors import SlackError
from sandbox.records import Channel, Message
from sandbox.wire import Json
from sandbox.workspace import Workspace

MOST_EMOJI = 50
MOST_OF_ONE_PERSON = 23
SKIN_TONE = re.compile(r"::skin-tone-[2-6]$")


def react(workspace: Workspace, channel: Channel, message: Message, user: str, name: str) -> None:
    """Put somebody's emoji under a message."""
    name = known_emoji(workspace, name)
    reactions = message.reactions
    if user in reactions.get(name, []):
        raise SlackError("already_reacted")
    if name not in reactions and len(reactions) >= MOST_EMOJI:
        raise SlackError("too_many_emoji")
    if sum(user in users for users in reactions.values()) >= MOST_OF_ONE_PERSON:
        raise SlackError("too_many_reactions")
    reactions.setdefault(name, []).append(user)
    workspace.touch(channel, message)
    workspace.tell(channel, _event("reaction_added", channel, message, user, name))


def unreact(
    workspace: Workspace, channel: Channel, message: Message, user: str, name: str
) -> None:
    """Take somebody's emoji away."""
    name = known_emoji(workspace, name)
    if user not in message.reactions.get(name, []):
        raise SlackError("no_reaction")
    message.reactions[name].remove(user)
    if not message.reactions[name]:
        del message.reactions[name]
    workspace.touch(channel, message)
    workspace.tell(channel, _event("reaction_removed", channel, message, user, name))


def known_emoji(workspace: Workspace, name: str) -> str:
    """Return an emoji's name without colons, if the workspace has the emoji."""
    bare = name.strip(":") if name.startswith(":") else name
    if SKIN_TONE.sub("", bare) not in EMOJI and bare not in dict(workspace.seed.emoji):
        raise SlackError("invalid_name")
    return bare


def _event(kind: str, channel: Channel, message: Message, user: str, name: str) -> Json:
    return {
        "type": kind,
        "user": user,
        "reaction": name,
        "item": {"type": "message", "channel": channel.id, "ts": message.ts},
        "item_user": message.user,
    }
