"""How Alertmanager groups alerts, and how long it waits before it tells them (in seconds)."""

from collections.abc import Sequence
from dataclasses import dataclass

from .matching import Labels, Matcher, only
from .silences import all_fit

EVERY_LABEL = "..."


@dataclass(frozen=True, slots=True)
class Route:
    """Where alerts go that fit; the first of the inner routes that fits has them instead."""

    group_by: Sequence[str] = ()
    group_wait: float = 30.0
    group_interval: float = 300.0
    repeat_interval: float = 14400.0
    matchers: Sequence[Matcher] = ()
    routes: "Sequence[Route]" = ()

    def path(self, labels: Labels) -> "Sequence[Route]":
        """Return this route and the inner ones that labels take."""
        inner = next((route for route in self.routes if all_fit(route.matchers, labels)), None)
        return (self, *inner.path(labels)) if inner else (self,)

    def group(self, labels: Labels) -> Labels:
        """Return the labels that a group of alerts has in common."""
        return labels if EVERY_LABEL in self.group_by else only(labels, *self.group_by)


def key(path: Sequence[Route], group: Labels) -> str:
    """Return what a group is called: its routes and its labels."""
    routes = "/".join("{" + ",".join(map(str, route.matchers)) + "}" for route in path)
    return routes + ":{" + ", ".join(f'{name}="{value}"' for name, value in group) + "}"
