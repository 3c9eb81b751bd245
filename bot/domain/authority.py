"""Who asks, and what vouches for them."""

import enum
from dataclasses import dataclass
from datetime import datetime


class Source(enum.StrEnum):
    """Where a wish came from."""

    SLACK = "slack"
    LOCAL = "local"
    BOT = "bot"


@dataclass(frozen=True, slots=True)
class Authority:
    """A person, the groups they are known to be in, and since when that is known."""

    person: str
    source: Source
    groups: frozenset[str] = frozenset()
    as_of: datetime | None = None


BOT = Authority("bot", Source.BOT)
