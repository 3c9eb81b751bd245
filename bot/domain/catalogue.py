"""What the team says of each of its services."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Measures:
    """Queries of the metrics, in the language of the source; "" is that nobody said.

    `requests` and `failed` give a rate per second, `users` a number of people, `lost` an amount
    of `currency` per second.
    """

    requests: str = ""
    failed: str = ""
    users: str = ""
    lost: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """What the catalogue says of one service.

    `labels` are patterns of the labels of alerts that are about it; it needs all that it
    `depends_on`.
    """

    name: str
    owners: tuple[str, ...] = ()
    on_call: tuple[str, ...] = ()
    user_groups: tuple[str, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    bridge: str | None = None
    depends_on: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    health: str | None = None  # an address that answers 2xx while it works
    logs: tuple[str, ...] = ()  # patterns of the names of files
    measures: Measures = Measures()
    aliases: tuple[str, ...] = ()  # what people and machines call it besides
