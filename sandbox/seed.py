"""The workspace as it is before anybody does anything."""

from dataclasses import dataclass

PEOPLE = ("UANA", "UBO", "UCY", "USUE", "UEVE")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account in the workspace."""

    id: str
    name: str
    is_guest: bool = False
    is_bot: bool = False


@dataclass(frozen=True, slots=True)
class ChannelSeed:
    """A channel that exists from the start."""

    id: str
    name: str
    members: tuple[str, ...]
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class Seed:
    """Everything a new workspace starts from; replace fields to start elsewhere."""

    team: str = "T1"
    team_name: str = "Sandbox"
    app: str = "A1"
    bot: str = "BBOT"
    bot_user: str = "UBOT"
    bot_name: str = "incident-bot"
    bot_token: str = "xoxb-sandbox"
    app_token: str = "xapp-sandbox"
    signing_secret: str = "sandbox-signing-secret"
    people: tuple[Person, ...] = (
        Person("UANA", "ana"),
        Person("UBO", "bo"),
        Person("UCY", "cy"),
        Person("USUE", "sue"),
        Person("UEVE", "eve", is_guest=True),
    )
    channels: tuple[ChannelSeed, ...] = (
        ChannelSeed("CGENERAL", "general", PEOPLE),
        ChannelSeed("CINCIDENTS", "incidents", (*PEOPLE, "UBOT")),
        ChannelSeed("COPS", "operators", ("UANA", "UBOT")),
    )
    general: str = "CGENERAL"
    scopes: tuple[str, ...] = (
        "commands", "chat:write", "channels:manage", "channels:read", "channels:history",
        "channels:join", "groups:write", "groups:read", "groups:history", "im:write",
        "im:history", "users:read", "usergroups:read", "bookmarks:write", "pins:write",
        "reactions:read", "files:write", "canvases:write", "app_mentions:read",
    )  # fmt: skip
    events: tuple[str, ...] = (
        "app_mention",
        "app_home_opened",
        "member_joined_channel",
        "member_left_channel",
        "message.im",
    )
