"""The Store port, kept in PostgreSQL: one commit is one transaction."""

from .schema import examined
from .store import PostgresStore

__all__ = ["PostgresStore", "examined"]
