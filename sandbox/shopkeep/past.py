"""What people at a shop commit, week after week."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random

WEEKS = 6 * 7 * 86400.0  # seconds: how far the past goes back
QUIET = 20 * 3600.0  # seconds before now in which nothing was deployed
MIGRATING = 0.25  # of the changes
DEPLOYED = 6  # versions of each service that the past still knows
PEOPLE = (
    *("Ada Okafor", "Bo Lindqvist", "Chen Wei", "Dana Petrov", "Elif Kaya", "Fatou Diallo"),
    *("Gil Santos",),
)
CHANGES = (
    "Validate the postal code before the order is placed",
    "Retry once when the connection is reset",
    "Return 404 instead of an empty list",
    "Log the request id with every error",
    "Drop the feature flag for the new layout",
    "Bump the HTTP client",
    "Speed up the start by loading templates lazily",
    "Fix a rounding error in the total",
    "Read the timeout from the configuration",
    "Remove code that nobody calls",
    "Add a counter for rejected requests",
    "Close the connection pool on shutdown",
    "Cover the edge case of an empty basket",
    "Rename fields to match the API",
    "Cache the exchange rate for a minute",
    "Answer health checks before warming up",
)
MIGRATIONS = ("add_index_on_created_at", "add_discount_column", "widen_reference", "drop_unused")


@dataclass(frozen=True, slots=True)
class Commit:
    """A change by somebody: files with their new text, and a tag where it was deployed."""

    at: float
    author: str
    message: str
    files: Mapping[str, str]
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Deployment:
    """A version that is put into service, and the migration that comes with it, if any."""

    service: str
    version: int
    at: float
    author: str
    summary: str
    migration: str = ""


@dataclass(slots=True)
class Past:
    """Makes commits up, the same ones from the same seed."""

    random: Random
    registry: str = "registry.shop.example"
    _changes: dict[str, int] = field(default_factory=dict)
    _migrations: int = 0

    def until(self, now: float, versions: Mapping[str, int]) -> Iterator[Commit]:
        """Make up the weeks before now, in which each service came to its version."""
        yield self._beginning(now - WEEKS, versions)
        for at, service, version in self._moments(now, versions):
            author, what = self.random.choice(PEOPLE), self.random.choice(CHANGES)
            if version is not None:
                yield self.deployment(Deployment(service, version, at, author, what))
            elif self.random.random() < MIGRATING:
                name = self.random.choice(MIGRATIONS)
                files = self.change(service, what) | self.migration(service, name)
                message = f"{service}: Migration: {name.replace('_', ' ')}"
                yield Commit(at, author, message, files)
            else:
                yield Commit(at, author, f"{service}: {what}", self.change(service, what))

    def deployment(self, told: Deployment) -> Commit:
        """Return the commit that puts a version into service."""
        service = told.service
        files = {f"{service}/deploy.yml": self._manifest(service, told.version)}
        files |= self.change(service, told.summary)
        if told.migration:
            files |= self.migration(service, told.migration)
        message, tag = f"{service}: {told.summary}", f"{service}-v{told.version}"
        return Commit(told.at, told.author, message, files, tag)

    def migration(self, service: str, what: str) -> dict[str, str]:
        """Return the next file of the migrations."""
        self._migrations += 1
        name = f"migrations/{self._migrations:04}_{service}_{what}.sql"
        return {name: f"-- {service}: {what.replace('_', ' ')}\nBEGIN;\n-- …\nCOMMIT;\n"}

    def _moments(
        self, now: float, versions: Mapping[str, int]
    ) -> list[tuple[float, str, int | None]]:
        """Return when which version was deployed, or something was only changed."""
        found = list[tuple[float, str, int | None]]()
        for service, version in versions.items():
            known = min(version, DEPLOYED)
            times = sorted(now - self.random.uniform(QUIET, WEEKS * 0.95) for _ in range(known))
            numbers = range(version - known + 1, version + 1)
            found += [(at, service, number) for at, number in zip(times, numbers, strict=True)]
            before = (at - self.random.uniform(1800, 14_400) for at in times[::2])
            found += [(at, service, None) for at in before]
        return sorted(found, key=lambda moment: moment[0])

    def _beginning(self, at: float, versions: Mapping[str, int]) -> Commit:
        files = {"README.md": "# The shop\n\nOne folder per service; each deployment is tagged.\n"}
        for service, version in versions.items():
            first = max(version - DEPLOYED, 0)
            files[f"{service}/deploy.yml"] = self._manifest(service, first)
            files |= self.change(service, "begin")
        return Commit(at, PEOPLE[0], "Bring the services into one repository", files)

    def change(self, service: str, what: str) -> dict[str, str]:
        """Return what changes in a service's files."""
        count = self._changes[service] = self._changes.get(service, 0) + 1
        lines = "".join(f"STEP_{number} = {number * 7 % 13}\n" for number in range(count))
        text = f'"""The {service} service."""\n\n# {what}\n{lines}'
        return {f"{service}/app.py": text}

    def _manifest(self, service: str, version: int) -> str:
        image = f"{self.registry}/{service}:v{version}"
        return f"name: {service}\nimage: {image}\nversion: {version}\n"
