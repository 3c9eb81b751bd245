"""The workspace as it is before anybody does anything."""

from dataclasses import dataclass

OWN_TEAM = "T1"
SLACKBOT = "USLACKBOT"
PEOPLE = ("UANA", "UBO", "UCY", "USUE", "UEVE", "UPAM")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account in the workspace, or met in a channel shared with another.

    A guest with `only_channel` is a single-channel guest. A `team` other than the workspace's
    is another company.
    """

    id: str
    name: str
    is_guest: bool = False
    is_bot: bool = False
    title: str = ""
    team: str = OWN_TEAM
    only_channel: str = ""
    is_deleted: bool = False
    is_admin: bool = False
    is_owner: bool = False
    is_away: bool = False
    real_name: str = ""
    tz: str = "Etc/UTC"
    tz_offset: int = 0

    @property
    def email(self) -> str:
        """Return the address that the workspace knows the person by."""
        return f"{self.name}@{self.team.lower()}.example"


@dataclass(frozen=True, slots=True)
class ChannelSeed:
    """A channel that exists from the start."""

    id: str
    name: str
    members: tuple[str, ...]
    is_private: bool = False
    is_ext_shared: bool = False


@dataclass(frozen=True, slots=True)
class GroupSeed:
    """A user group that exists from the start."""

    id: str
    handle: str
    name: str
    users: tuple[str, ...]
    is_disabled: bool = False


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """A command the app registered, as its manifest describes it to people."""

    command: str
    description: str
    usage_hint: str = ""
    should_escape: bool = True  # people and channels in the text arrive as <@U…|name>, <#C…|name>


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A shortcut the app registered; `kind` is global or message."""

    name: str
    kind: str
    callback_id: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Seed:
    """Everything a new workspace starts from; replace fields to start elsewhere."""

    team: str = OWN_TEAM
    team_name: str = "Sandbox"
    enterprise: str = ""  # the organisation that the workspace belongs to, if any
    enterprise_name: str = ""
    app: str = "A1"
    bot: str = "BBOT"
    bot_user: str = "UBOT"
    bot_name: str = "incident-bot"
    bot_token: str = "xoxb-sandbox"
    app_token: str = "xapp-sandbox"
    signing_secret: str = "sandbox-signing-secret"
    rate_factor: float = 1.0  # how many times as fast as Slack's the limits are; 0: no limits
    events_an_hour: int = 30_000
    connection_seconds: float = 0  # after which a socket is recycled; 0: never
    socket_mode: bool = True  # False: payloads travel over HTTP
    is_paid: bool = True  # user groups, and canvases that hang on no channel
    people: tuple[Person, ...] = (
        Person("UANA", "ana", title="Commander", is_admin=True),
        Person("UBO", "bo", title="Responder", tz="Europe/Berlin", tz_offset=3600),
        Person("UCY", "cy", title="On call", tz="America/New_York", tz_offset=-18000),
        Person("USUE", "sue", title="Stakeholder"),
        Person("UEVE", "eve", is_guest=True, title="Guest"),
        Person("UPAM", "pam", title="Approver", tz="Asia/Tokyo", tz_offset=32400),
        Person(
            "UULA", "ula", is_guest=True, only_channel="CGENERAL", title="Single-channel guest"
        ),
        Person("UXAV", "xav", team="T2", title="From another company"),
        Person("UDAN", "dan", is_deleted=True, title="Deactivated"),
    )
    channels: tuple[ChannelSeed, ...] = (
        ChannelSeed("CGENERAL", "general", (*PEOPLE, "UULA")),
        ChannelSeed("CINCIDENTS", "incidents", (*PEOPLE, "UBOT")),
        ChannelSeed("COPS", "operators", ("UANA", "UBOT")),
        ChannelSeed("CPARTNERS", "partners", ("UANA", "UPAM", "UXAV", "UBOT"), is_ext_shared=True),
    )
    groups: tuple[GroupSeed, ...] = (
        GroupSeed("SONCALL", "on-call", "On call", ("UCY",)),
        GroupSeed("SAPPROVE", "approvers", "Approvers", ("UPAM", "USUE")),
        GroupSeed("SOLD", "old-guard", "Nobody any more", (), is_disabled=True),
    )
    commands: tuple[SlashCommand, ...] = (
        SlashCommand("/incident", "Declare or run an incident", "declare | status | help"),
    )
    shortcuts: tuple[Shortcut, ...] = ()
    unfurl_domains: tuple[str, ...] = ()  # whose links the app may unfurl
    emoji: tuple[tuple[str, str], ...] = ()  # the workspace's own: name, address or alias:name
    restricted: tuple[str, ...] = ()  # Web API methods the admins keep to themselves
    app_invites_guests: bool = True
    home_tab: bool = True  # the app's, where views are published
    messages_tab: bool = True  # the app's direct messages
    messages_tab_read_only: bool = False  # where people only read
    unsupported_blocks: tuple[str, ...] = ()  # types that have not been rolled out here yet
    general: str = "CGENERAL"
    scopes: tuple[str, ...] = (
        "commands", "chat:write", "channels:manage", "channels:read", "channels:history",
        "channels:join", "groups:write", "groups:read", "groups:history", "im:write",
        "im:history", "users:read", "usergroups:read", "bookmarks:read", "bookmarks:write",
        "pins:write", "reactions:read", "files:write", "canvases:write", "app_mentions:read",
    )  # fmt: skip
    events: tuple[str, ...] = (
        "app_mention",
        "app_home_opened",
        "member_joined_channel",
        "member_left_channel",
        "message.im",
    )
