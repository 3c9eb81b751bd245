"""The kinds of value that a team writes in its YAML file."""

import re
from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, HttpUrl, model_validator

from bot.domain.catalogue import Measures, Service


class Model(BaseModel):
    """A part of the file; what it does not know is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        msg = f"is no pattern (regular expression): {error}"
        raise ValueError(msg) from None
    return text


Minutes = Annotated[int, Field(gt=0, le=7 * 24 * 60)]
Days = Annotated[int, Field(gt=0, le=36500)]
Id = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]+$")]
Emoji = Annotated[
    str,
    Field(pattern=r"^[a-z0-9_+'-]+$", description="as in :pushpin:, without colons and skin tone"),
]
ServiceName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$")]
Pattern = Annotated[
    str, AfterValidator(_pattern), Field(description="a regular expression for the whole value")
]
Patterns = Annotated[Mapping[str, Pattern], Field(description="patterns, by label")]
SomePatterns = Annotated[
    Mapping[str, Pattern], Field(min_length=1, description="patterns, by label")
]


class MeasuresEntry(Model):
    """Queries of the metrics; each is a rate per second, but for `users`, a number of people."""

    requests: str = ""
    failed: str = ""
    users: str = ""
    lost: str = ""
    currency: str = ""

    @model_validator(mode="after")
    def _counted_in_something(self) -> Self:
        if self.lost and not self.currency:
            raise ValueError("lost is an amount: say in which currency")
        return self


class ServiceEntry(Model):
    """What the catalogue says of one service; people and user groups by their Slack ids."""

    owners: tuple[Id, ...] = ()
    on_call: tuple[Id, ...] = ()
    user_groups: tuple[Id, ...] = ()
    links: Annotated[Mapping[str, HttpUrl], Field(max_length=8)] = {}
    bridge: HttpUrl | None = None
    aliases: tuple[Annotated[str, Field(min_length=2, max_length=62)], ...] = ()
    depends_on: tuple[ServiceName, ...] = ()
    labels: Patterns = {}
    health: HttpUrl | None = None
    logs: tuple[str, ...] = ()
    measures: MeasuresEntry = MeasuresEntry()

    def service(self, name: str) -> Service:
        """Return the service for the domain."""
        return Service(
            name,
            self.owners,
            self.on_call,
            self.user_groups,
            {title: str(url) for title, url in self.links.items()},
            str(self.bridge) if self.bridge else None,
            depends_on=self.depends_on,
            labels=self.labels,
            health=str(self.health) if self.health else None,
            logs=self.logs,
            measures=Measures(**self.measures.model_dump()),
            aliases=self.aliases,
        )


def wrong_dependencies(services: Mapping[str, ServiceEntry]) -> list[str]:
    """Say which services need one that is not listed, or in the end themselves."""
    unknown = [
        f"services.{name}.depends_on names {other}, which services does not have"
        for name, entry in services.items()
        for other in entry.depends_on
        if other not in services
    ]
    circles = dict[frozenset[str], list[str]]()
    for name in services:
        circle = _back(name, services)
        circles.setdefault(frozenset(circle), [*circle, name])
    circles.pop(frozenset(), None)
    return unknown + [
        f"services need each other in a circle: {' -> '.join(circle)}"
        for circle in circles.values()
    ]


def _back(name: str, services: Mapping[str, ServiceEntry]) -> list[str]:
    """Return a way from a service over what it needs back to it, if there is one."""
    ways, seen = [[name]], set[str]()
    for way in ways:
        for other in services[way[-1]].depends_on:
            if other == name:
                return way
            if other in services and other not in seen:
                seen.add(other)
                ways.append([*way, other])
    return []
