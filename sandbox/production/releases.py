"""What is deployed, and what a version does that another does not."""

from collections.abc import Iterable
from dataclasses import dataclass

REGISTRY = "registry.shop.example"


@dataclass(frozen=True, slots=True)
class Traits:
    """How a version behaves: what it adds to, or multiplies of, what its service does.

    `errors` is the share of requests that fail by itself; `leak` is megabytes a minute under usual
    load; `spoils` is a pattern of cache keys that it writes, and that make all versions fail.
    """

    errors: float = 0.0
    says: str = ""
    seconds: float = 0.0
    cpu: float = 1.0
    queries: float = 1.0
    leak: float = 0.0
    spoils: str = ""
    starts: bool = True


GOOD = Traits()


@dataclass(frozen=True, slots=True)
class Release:
    """A version of a service, deployed `at` seconds after the scenario begins."""

    service: str
    version: int
    at: float
    author: str
    summary: str
    traits: Traits = GOOD

    @property
    def image(self) -> str:
        """Return the image that holds it."""
        return image(self.service, self.version)

    @property
    def tag(self) -> str:
        """Return its tag in the repository."""
        return f"{self.service}-v{self.version}"


def image(service: str, version: int) -> str:
    """Return the image of a version."""
    return f"{REGISTRY}/{service}:v{version}"


def traits_of(releases: Iterable[Release]) -> dict[str, Traits]:
    """Return what is special of each image; all others are good."""
    return {release.image: release.traits for release in releases}
