"""Who may log in, and what each may see and do."""

from dataclasses import dataclass

SIGNAL = "pg_signal_backend"
MONITOR = "pg_monitor"
READ_STATS = "pg_read_all_stats"
BUILT_IN = (MONITOR, READ_STATS, SIGNAL)
IMPLIED = {MONITOR: frozenset({READ_STATS})}


@dataclass(frozen=True, slots=True)
class Role:
    """Somebody who may log in; without a password they are trusted."""

    name: str
    password: str | None = None
    is_superuser: bool = False
    member_of: frozenset[str] = frozenset()

    def belongs_to(self, name: str) -> bool:
        """Tell whether they have the rights of that role."""
        whole = self.member_of.union(*(IMPLIED.get(role, frozenset()) for role in self.member_of))
        return self.is_superuser or name == self.name or name in whole

    def sees(self, owner: str) -> bool:
        """Tell whether they may see what that user's sessions do."""
        return self.belongs_to(READ_STATS) or bool(owner and self.belongs_to(owner))
