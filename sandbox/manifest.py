"""An app's manifest, read as what the app may do and what it registered."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sandbox.seed import Seed, Shortcut, SlashCommand

LONGEST_DETAIL = 200
MOST_OF_A_KIND = 5


class ManifestError(Exception):
    """Refuse a manifest, in words that name each place that is wrong."""


class Part(BaseModel):
    """A part of a manifest; names that Slack does not know are refused."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Display(Part):
    """How the app is presented."""

    name: Annotated[str, Field(min_length=1, max_length=35)]
    description: Annotated[str, Field(max_length=140)] = ""
    long_description: Annotated[str, Field(min_length=175, max_length=4000)] | None = None
    background_color: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")] | None = None


class BotUser(Part):
    """The app's own account."""

    display_name: Annotated[str, Field(min_length=1, max_length=80)]
    always_online: bool = False


class AppHome(Part):
    """What the app's own page has."""

    home_tab_enabled: bool = False
    messages_tab_enabled: bool = False
    messages_tab_read_only_enabled: bool = True


class CommandPart(Part):
    """A slash command."""

    command: Annotated[str, Field(pattern=r"^/\S+$", max_length=32)]
    description: Annotated[str, Field(min_length=1, max_length=2000)]
    usage_hint: Annotated[str, Field(max_length=1000)] = ""
    should_escape: bool = False
    url: str = ""


class ShortcutPart(Part):
    """A shortcut."""

    name: Annotated[str, Field(min_length=1, max_length=24)]
    type: Literal["global", "message"]
    callback_id: Annotated[str, Field(min_length=1, max_length=255)]
    description: Annotated[str, Field(min_length=1, max_length=150)]


class Features(Part):
    """What the app shows in Slack."""

    bot_user: BotUser | None = None
    app_home: AppHome | None = None
    slash_commands: Annotated[list[CommandPart], Field(max_length=50)] = []
    shortcuts: Annotated[list[ShortcutPart], Field(max_length=10)] = []
    unfurl_domains: Annotated[list[str], Field(max_length=5)] = []
    assistant_view: dict[str, Any] | None = None
    agent_view: dict[str, Any] | None = None


class Scopes(Part):
    """What the app asks to be allowed."""

    bot: list[str] = []
    user: list[str] = []
    bot_optional: list[str] = []
    user_optional: list[str] = []


class Oauth(Part):
    """How the app is installed."""

    scopes: Scopes = Scopes()
    redirect_urls: list[str] = []
    token_management_enabled: bool = False
    pkce_enabled: bool = False


class Subscriptions(Part):
    """The events the app wants."""

    request_url: str = ""
    bot_events: Annotated[list[str], Field(max_length=100)] = []
    user_events: Annotated[list[str], Field(max_length=100)] = []
    metadata_subscriptions: Annotated[list[dict[str, Any]], Field(max_length=20)] = []


class Interactivity(Part):
    """Where clicks go."""

    is_enabled: bool
    request_url: str = ""
    message_menu_options_url: str = ""


class SettingsPart(Part):
    """How payloads reach the app."""

    event_subscriptions: Subscriptions = Subscriptions()
    interactivity: Interactivity | None = None
    socket_mode_enabled: bool = False
    org_deploy_enabled: bool = False
    token_rotation_enabled: bool = False
    incoming_webhooks: dict[str, Any] | None = None
    allowed_ip_address_ranges: Annotated[list[str], Field(max_length=10)] = []
    is_hosted: bool = False
    function_runtime: str | None = None


class Metadata(Part):
    """Which form of manifest it is."""

    major_version: int = 1
    minor_version: int = 1


class Manifest(Part):
    """An app's manifest."""

    metadata: Annotated[Metadata, Field(alias="_metadata")] = Metadata()
    display_information: Display
    features: Features = Features()
    oauth_config: Oauth = Oauth()
    settings: SettingsPart = SettingsPart()
    functions: dict[str, Any] = {}


def seeded(path: Path, seed: Seed) -> Seed:
    """Return the seed with the app that the manifest describes."""
    try:
        given = yaml.safe_load(path.read_text("utf-8"))
        manifest = Manifest.model_validate(given)
    except OSError as error:
        words = f"{path} cannot be read: {error.strerror}"
        raise ManifestError(words) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        words = f"{path} is not YAML: {error}"[:LONGEST_DETAIL]
        raise ManifestError(words) from error
    except ValidationError as error:
        raise ManifestError(_told(path, error)) from error
    if contradictions := _contradictions(manifest):
        raise ManifestError(f"{path}: " + "; ".join(contradictions))
    return _with_app(seed, manifest)


def _with_app(seed: Seed, manifest: Manifest) -> Seed:
    features, settings = manifest.features, manifest.settings
    bot, home = features.bot_user, features.app_home or AppHome()
    return replace(
        seed,
        bot_name=bot.display_name if bot else manifest.display_information.name,
        scopes=tuple(manifest.oauth_config.scopes.bot),
        events=tuple(settings.event_subscriptions.bot_events),
        commands=tuple(
            SlashCommand(c.command, c.description, c.usage_hint, c.should_escape)
            for c in features.slash_commands
        ),
        shortcuts=tuple(
            Shortcut(s.name, s.type, s.callback_id, s.description) for s in features.shortcuts
        ),
        unfurl_domains=tuple(features.unfurl_domains),
        home_tab=home.home_tab_enabled,
        messages_tab=home.messages_tab_enabled,
        messages_tab_read_only=home.messages_tab_read_only_enabled,
        socket_mode=settings.socket_mode_enabled,
    )


def _contradictions(manifest: Manifest) -> list[str]:
    features, scopes = manifest.features, manifest.oauth_config.scopes.bot
    found = []
    if (features.slash_commands or features.shortcuts) and "commands" not in scopes:
        found.append("slash commands and shortcuts need the scope commands")
    if scopes and features.bot_user is None:
        found.append("scopes of a bot need features.bot_user")
    kinds = [shortcut.type for shortcut in features.shortcuts]
    if max(map(kinds.count, kinds), default=0) > MOST_OF_A_KIND:
        found.append(f"features.shortcuts: at most {MOST_OF_A_KIND} of a type")
    for name, each in (
        ("command", [c.command for c in features.slash_commands]),
        ("callback_id", [s.callback_id for s in features.shortcuts]),
    ):
        if twice := sorted({one for one in each if each.count(one) > 1}):
            found.append(f"{name} is there twice: {', '.join(twice)}")
    return found


def _told(path: Path, error: ValidationError) -> str:
    wrong = [
        f"{'.'.join(map(str, each['loc'])) or 'the manifest'}: {each['msg']}"
        for each in error.errors()
    ]
    return f"{path}: " + "; ".join(wrong)
