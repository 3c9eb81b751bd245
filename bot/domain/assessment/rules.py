"""What a rule of the assessment is, and what it may say."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.severity import Severity


class Cause(enum.StrEnum):
    """Why something may be wrong; a team's own rules may name others."""

    MEMORY = "memory"
    DATABASE = "database"
    CERTIFICATE = "certificate"
    DISK = "disk"
    DNS = "dns"
    RATE_LIMIT = "rate_limit"
    CREDENTIALS = "credentials"
    REPLICATION = "replication"
    BACKLOG = "backlog"
    JOB = "job"
    NODE = "node"
    NETWORK = "network"
    RECENT_CHANGE = "recent_change"
    DEPENDENCY_DOWN = "dependency_down"
    SLOW_DEPENDENCY = "slow_dependency"
    INSTANCE_DOWN = "instance_down"
    OVERLOAD = "overload"


class Action(enum.StrEnum):
    """What may be done about it at once."""

    RESTART = "restart"
    SCALE = "scale"
    CHECK_DOWNSTREAM = "check_downstream"
    CHECK_DATABASE = "check_database"
    CHECK_CHANGES = "check_changes"
    CHECK_INSTANCE = "check_instance"
    CHECK_NETWORK = "check_network"
    CHECK_DNS = "check_dns"
    CHECK_REPLICATION = "check_replication"
    ROLL_BACK = "roll_back"
    BACK_OFF = "raise_limit_or_back_off"
    FREE_DISK = "free_disk"
    RENEW_CERTIFICATE = "renew_certificate"
    RENEW_CREDENTIALS = "renew_credentials"
    RERUN_JOB = "rerun_job"
    DRAIN = "drain"


class Kind(enum.StrEnum):
    """What users notice, the worst first."""

    DATA = "data"
    OUTAGE = "outage"
    ERRORS = "errors"
    SLOW = "slow"
    DEGRADED = "degraded"
    NONE_KNOWN = "none_known"


@dataclass(frozen=True, slots=True)
class Rule:
    """What some words or labels tell. The name is for good: people disagree with a rule by it.

    `says` are phrases, one of which has to be said: `expir*` is every word that begins so, `a|b`
    is either, and `...` stands for up to three words. Of `labels`, patterns by name, each has to
    fit too. It is at least as bad as `severity`, and not worse than `at_most`.
    """

    name: str
    says: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    cause: str | None = None
    actions: tuple[Action, ...] = ()
    severity: Severity | None = None
    at_most: Severity | None = None
    impact: Kind | None = None
