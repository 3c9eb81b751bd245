"""What is assessed: alerts, or what somebody declared, in the same terms."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.domain.severity import Severity


class Told(Protocol):
    """An alert, as it came or as an incident keeps it."""

    @property
    def name(self) -> str:
        """Return what its rule is called."""

    @property
    def summary(self) -> str:
        """Return what it says."""

    @property
    def description(self) -> str:
        """Return what it says at length."""

    @property
    def labels(self) -> Mapping[str, str]:
        """Return its labels."""

    @property
    def firing(self) -> bool:
        """Say whether it is still wrong."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Texts, the labels of each alert, and what people stated, which is never overruled."""

    texts: tuple[str, ...] = ()
    labels: tuple[Mapping[str, str], ...] = field(default=())
    services: tuple[str, ...] = ()
    stated: Severity | None = None


def of_words(
    title: str,
    details: str = "",
    *,
    services: Iterable[str] = (),
    stated: Severity | None = None,
) -> Subject:
    """Return what somebody declared."""
    texts = tuple(text for text in (title, details) if text.strip())
    return Subject(texts, (), tuple(services), stated)


def of_alerts(alerts: Iterable[Told]) -> Subject:
    """Return what alerts tell, in whatever order they came: those that fire, if any does."""
    every = tuple(alerts)
    told = [alert for alert in every if alert.firing] or every
    texts = {text for a in told for text in (a.name, a.summary, a.description) if text.strip()}
    labels = {tuple(sorted(alert.labels.items())) for alert in told}
    return Subject(tuple(sorted(texts)), tuple(dict(each) for each in sorted(labels)))
