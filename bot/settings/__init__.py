"""The environment and one YAML file, read into frozen models; every mistake told at the door."""

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import Field, HttpUrl, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.domain.authority import Authority, Source
from bot.domain.policy import REACTIONS, Marking, Policy
from bot.domain.severity import Severity

from .alerts import Alerts, Heartbeat
from .assessment import AssessmentRules
from .drills import DrillRules
from .fields import Days, Emoji, Id, Minutes, Model, ServiceEntry, ServiceName, wrong_dependencies
from .watch import Server, Watching

DEFAULT_CONFIG = Path("incident.yml")
DEFAULT_GROUPS = {"on-call", "security"}
Token = Annotated[SecretStr, Field(min_length=16)]  # shorter ones can be guessed


class Mistakes(Exception):
    """What is wrong with the settings, a line each."""


class Places(BaseSettings):
    """Where things are and where the bot can be asked, from the environment or `.env`."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    data_dir: Path = Path("data")
    local_socket: Path | None = None
    incident_config: Path | None = None

    @property
    def socket(self) -> Path:
        """Return where people on this machine can ask the bot."""
        return self.local_socket or self.data_dir / "responder.sock"


class Environment(Places):
    """Secrets and places, from the environment or a file `.env` in the working directory."""

    slack_bot_token: Annotated[SecretStr, Field(description="xoxb-…, of the installed app")]
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_api_url: str = "https://slack.com/api/"
    database_url: SecretStr | None = None
    alertmanager_token: Token | None = None
    grafana_token: Token | None = None
    pagerduty_token: Token | None = None
    pagerduty_secret: Token | None = None
    alerts_token: Token | None = None
    heartbeat_url: SecretStr | None = None
    prometheus_login: SecretStr | None = None
    alertmanager_login: SecretStr | None = None
    events_file: Path | None = None
    host: str = "0.0.0.0"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080

    @model_validator(mode="after")
    def _usable(self) -> Self:
        mistakes = [
            *_begins(self.slack_bot_token, "SLACK_BOT_TOKEN", "xoxb-"),
            *_begins(self.slack_app_token, "SLACK_APP_TOKEN", "xapp-"),
            *_is_postgres(self.database_url),
            *_is_address(self.heartbeat_url, "HEARTBEAT_URL"),
        ]
        if not (self.slack_app_token or self.slack_signing_secret):
            mistakes.append(
                "set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP mode)"
            )
        if mistakes:
            raise ValueError("\n".join(mistakes))
        return self

    def secret(self, variable: str) -> str | None:
        """Return what a variable that holds a secret is set to."""
        found: SecretStr | None = getattr(self, variable.lower())
        return found.get_secret_value() if found else None

    @property
    def event_log(self) -> Path:
        """Return where the event log is."""
        return self.events_file or self.data_dir / "events.ndjson"


def _begins(secret: SecretStr | None, name: str, start: str) -> list[str]:
    right = secret is None or secret.get_secret_value().startswith(start)
    return [] if right else [f"{name} does not begin with {start}; is it another token?"]


def _is_address(url: SecretStr | None, name: str) -> list[str]:
    right = url is None or url.get_secret_value().startswith(("https://", "http://"))
    return [] if right else [f"{name} does not begin with https:// or http://"]


def _is_postgres(url: SecretStr | None) -> list[str]:
    right = url is None or is_postgres(url.get_secret_value())
    return [] if right else ["DATABASE_URL does not begin with postgresql:// or postgres://"]


def is_postgres(place: str) -> bool:
    """Say whether this names a PostgreSQL database."""
    return place.startswith(("postgresql://", "postgres://"))


class Channels(Model):
    """Where the bot posts besides the incidents' own channels, by the channels' ids."""

    announcements: Id | None = None
    operators: Id | None = None
    triage: Id | None = None


class SeverityRules(Model):
    """What one severity asks for."""

    acknowledge_within_minutes: Minutes | None = None
    update_every_minutes: Minutes | None = None


class Transcripts(Model):
    """For how many days what was said is kept once an incident is over, by severity."""

    keep_days: Mapping[Severity, Days] = {}


class Offers(Model):
    """Where words like "outage" are answered with an offer to declare, which one person sees."""

    channels: tuple[Id, ...] = ()


class Reactions(Model):
    """What each reaction makes of a message in an incident's channel, by the names of emoji."""

    timeline: tuple[Emoji, ...] = REACTIONS[Marking.TIMELINE]
    action: tuple[Emoji, ...] = REACTIONS[Marking.ACTION]
    update: tuple[Emoji, ...] = REACTIONS[Marking.UPDATE]

    @model_validator(mode="after")
    def _disjoint(self) -> Self:
        uses = [(name, marking) for marking, names in self.by_marking().items() for name in names]
        mistakes = [
            f"{name} is in {first} and in {second}; a reaction can mean one thing only"
            for (name, first), (other, second) in combinations(uses, 2)
            if name == other and first != second
        ]
        if mistakes:
            raise ValueError("\n".join(mistakes))
        return self

    def by_marking(self) -> Mapping[Marking, tuple[str, ...]]:
        """Return the emoji for the domain."""
        return {marking: getattr(self, marking) for marking in Marking}


class PrivateIncidents(Model):
    """Who may know of private incidents besides the people in them."""

    readers: tuple[str, ...] = ("security",)


class Operators(Model):
    """How to reach whoever runs the bot when Slack cannot."""

    webhook: HttpUrl | None = None


class Local(Model):
    """Who may ask the bot on its own machine, where Slack is not needed."""

    people: Mapping[str, Id] = {}
    group: str | None = None


class Configuration(Model):
    """What a team configures in its YAML file."""

    command: Annotated[str, Field(pattern=r"^/[a-z0-9_-]{1,31}$")] = "/incident"
    channels: Channels = Channels()
    severities: Mapping[Severity, SeverityRules] = {}
    undecided_counts_as: Severity = Severity.P1
    page_undecided_after_seconds: Annotated[int, Field(ge=0, le=3600)] = 60
    services: Mapping[ServiceName, ServiceEntry] = {}
    bridge: HttpUrl | None = None
    archive_after_days: Annotated[int, Field(gt=0, le=365)] = 7
    groups: Mapping[str, tuple[Id, ...]] = {}
    on_call: str = "on-call"
    private_incidents: PrivateIncidents = PrivateIncidents()
    transcripts: Transcripts = Transcripts()
    offers: Offers = Offers()
    reactions: Reactions = Reactions()
    operators: Operators = Operators()
    local: Local = Local()
    alerts: Alerts = Alerts()
    assessment: AssessmentRules = AssessmentRules()
    heartbeat: Heartbeat = Heartbeat()
    prometheus: Server = Server()
    alertmanager: Server = Server()
    watch: Watching = Watching()
    drills: DrillRules = DrillRules()

    @model_validator(mode="after")
    def _groups_exist(self) -> Self:
        readers = self.private_incidents
        named = {"on_call": [self.on_call] if "on_call" in self.model_fields_set else []}
        named["private_incidents.readers"] = [*readers.readers] if readers.model_fields_set else []
        mistakes = [
            f"{setting} names {name}, which groups does not have"
            for setting, names in named.items()
            for name in names
            if name not in self.groups and (self.groups or name not in DEFAULT_GROUPS)
        ]
        if mistakes:
            raise ValueError("\n".join(mistakes))
        return self

    @model_validator(mode="after")
    def _services_need_no_unknown(self) -> Self:
        if mistakes := wrong_dependencies(self.services):
            raise ValueError("\n".join(mistakes))
        return self

    def _silenced(self) -> frozenset[str]:
        """Return the sources that can be told to be quiet."""
        return frozenset({"alertmanager"} if self.alertmanager.url else ())

    def policy(self) -> Policy:
        """Return the rules for the domain."""
        default = Policy()
        within = {
            severity: timedelta(minutes=rules.acknowledge_within_minutes)
            for severity, rules in self.severities.items()
            if rules.acknowledge_within_minutes
        }
        every = {
            severity: timedelta(minutes=rules.update_every_minutes)
            for severity, rules in self.severities.items()
            if rules.update_every_minutes
        }
        keep = {severity: timedelta(days=d) for severity, d in self.transcripts.keep_days.items()}
        return replace(
            default,
            keep_said={**default.keep_said, **keep},
            acknowledge_within={**default.acknowledge_within, **within},
            update_every={**default.update_every, **every},
            grace=timedelta(seconds=self.page_undecided_after_seconds),
            services={name: entry.service(name) for name, entry in self.services.items()},
            bridge=str(self.bridge) if self.bridge else None,
            archive_after=timedelta(days=self.archive_after_days),
            on_call_people=self.groups.get(self.on_call, ()),
            undecided_is=self.undecided_counts_as,
            on_call=self.on_call,
            private_readers=self.private_incidents.readers,
            announcements=self.channels.announcements,
            operators=self.channels.operators,
            offered_in=frozenset(self.offers.channels),
            reactions=self.reactions.by_marking(),
            alerts=replace(self.alerts.rules(self.channels.triage), silenced_at=self._silenced()),
            assessment=tuple(entry.rule() for entry in self.assessment.rules),
            watch=self.watch.rules(),
            drills_last=timedelta(hours=self.drills.hours),
        )


class ConfiguredRules:
    """The Rules port: what the YAML file says, until it is read again."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self.configuration = Configuration()
        self.reload()

    def reload(self) -> None:
        """Read the file again; if it has Mistakes, what was read before stays."""
        self.configuration = read_configuration(self._path)
        self._policy = self.configuration.policy()
        self._as_of = datetime.now(UTC)

    def policy(self) -> Policy:
        """Return the policy in force."""
        return self._policy

    def authority(self, person: str) -> Authority:
        """Return the person with their groups."""
        groups = self.configuration.groups
        member = frozenset(name for name, people in groups.items() if person in people)
        return Authority(person, Source.SLACK, member, self._as_of)


def read() -> tuple[Environment, ConfiguredRules]:
    """Read everything, or raise Mistakes that name everything that is wrong."""
    mistakes = []
    try:
        environment = read_environment()
        path = environment.incident_config
    except Mistakes as found:
        mistakes.append(str(found))
        environment, path = None, _named_config()
    try:
        rules = ConfiguredRules(path)
    except Mistakes as found:
        raise Mistakes("\n".join([*mistakes, str(found)])) from None
    if environment is None:
        raise Mistakes("\n".join(mistakes))
    return environment, rules


def _named_config() -> Path | None:
    named = os.environ.get("INCIDENT_CONFIG")
    return Path(named) if named else None


def read_places() -> Places:
    """Read where things are; a file `.env` that is not for this user counts for nothing."""
    try:
        return Places()
    except PermissionError:
        return Places(_env_file=None)


def read_environment() -> Environment:
    """Read the environment, or raise Mistakes that name everything that is wrong."""
    try:
        return Environment()
    except ValidationError as error:
        raise Mistakes(_lines(error, upper=True)) from None


def read_configuration(path: Path | None) -> Configuration:
    """Read the YAML file; None is the default file, which need not exist."""
    file = path or DEFAULT_CONFIG
    if path is None and not file.exists():
        return Configuration()
    try:
        given = yaml.safe_load(file.read_text(encoding="utf-8"))
        return Configuration.model_validate({} if given is None else given)
    except OSError as error:
        msg = f"{file}: {error.strerror}"
        raise Mistakes(msg) from None
    except ValidationError as error:
        raise Mistakes(_lines(error, before=f"{file}: ")) from None
    except yaml.MarkedYAMLError as error:  # without the line itself: it may hold a secret
        at, what = error.problem_mark, error.problem or error.context or "it cannot be read"
        where = f", line {at.line + 1}, column {at.column + 1}" if at else ""
        msg = f"{file} is not YAML{where}: {what}"
        raise Mistakes(msg) from None
    except (yaml.YAMLError, ValueError) as error:  # an impossible date is a plain ValueError
        msg = f"{file} is not YAML: {type(error).__name__}"
        raise Mistakes(msg) from None


def _lines(error: ValidationError, *, before: str = "", upper: bool = False) -> str:
    """Say what is wrong where, without the values: they may be secrets."""
    lines = []
    for mistake in error.errors(include_input=False, include_url=False):
        where = ".".join(str(step) for step in mistake["loc"])
        what = mistake["msg"].removeprefix("Value error, ")
        place = f"{where.upper() if upper else where}: " if where else ""
        lines += [f"{before}{place}{line}" for line in what.splitlines()]
    return "\n".join(lines)
