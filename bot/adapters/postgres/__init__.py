"""The Store port, kept in PostgreSQL: one commit is one transaction."""

from .schema import MOST_SKEW, examined
from .store import PostgresStore

__all__ = ["MOST_SKEW", "PostgresStore", "examined"]
