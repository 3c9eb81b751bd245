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
    """A person, the groups they are known to be in, and since when that is known.

    Somebody from outside is of another company, and shares a channel with us.
    """

    person: str
    source: Source
    groups: frozenset[str] = frozenset()
    as_of: datetime | None = None
    from_outside: bool = False


BOT = Authority("bot", Source.BOT)
