"""The views that can be selected from: their columns and, for whoever asks, their rows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .context import Context, moment
from .errors import UNDEFINED_TABLE, SqlError
from .kinds import (
    BIGINT,
    BOOLEAN,
    INET,
    INTEGER,
    INTERVAL,
    MOMENT,
    NAME,
    OID,
    TEXT,
    XID,
    Kind,
    Value,
)
from .roles import SIGNAL
from .sessions import WAL_SENDER, Counters, Session, Sessions

HIDDEN = "<insufficient privilege>"
FIRST_OID = 16384
Row = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class View:
    """Columns with their types, and what fills them."""

    columns: tuple[tuple[str, Kind], ...]
    rows: Callable[[Context], Iterator[Row]]


def view(name: str) -> View:
    """Return the view of that name."""
    if name not in VIEWS:
        hint = f"This server knows {', '.join(VIEWS)}."
        raise SqlError(UNDEFINED_TABLE, f'relation "{name}" does not exist', hint)
    return VIEWS[name]


def _oid(sessions: Sessions, database: str) -> int | None:
    names = list(sessions.databases)
    return FIRST_OID + names.index(database) if database in names else None


def _user_oid(sessions: Sessions, user: str) -> int | None:
    names = list(sessions.roles)
    return FIRST_OID + 1000 + names.index(user) if user in names else None


def _when(seconds: float | None) -> Value:
    return None if seconds is None else moment(seconds)


def _activity(context: Context) -> Iterator[Row]:
    for session in context.sessions:
        yield _shown(context, session)


def _shown(context: Context, session: Session) -> Row:
    sessions = context.sessions
    user, database = session.user or None, session.database or None
    head: Row = (_oid(sessions, session.database), database, session.pid, None)
    head += (_user_oid(sessions, session.user), user, session.application)
    if not context.role.sees(session.user):
        return (*head, *[None] * 10, None, None, None, HIDDEN, None)
    wait = session.wait or (None, None)
    return (
        *head,
        *(session.address or None, None, None if not session.address else -1),
        *(_when(session.backend_start), _when(session.xact_start), _when(session.query_start)),
        *(_when(session.state_change), *wait, session.state),
        *(None, None, None, session.query, session.backend_type),
    )


def _databases(context: Context) -> Iterator[Row]:
    for name in context.sessions.databases:
        counted = context.sessions.counters.get(name, Counters())
        connected = sum(session.database == name for session in context.sessions)
        yield (
            *(_oid(context.sessions, name), name, connected),
            *(counted.commits, counted.rollbacks, counted.blocks_read, counted.blocks_hit),
            *(counted.rows_returned, counted.rows_fetched, counted.deadlocks, None),
        )


def _replication(context: Context) -> Iterator[Row]:
    for session in context.sessions:
        if session.backend_type != WAL_SENDER:
            continue
        oid = _user_oid(context.sessions, session.user)
        known: Row = (session.pid, oid, session.user or None, session.application)
        if context.role.sees(session.user):
            at = moment(session.backend_start)
            yield (*known, session.address or None, at, "streaming", None, None, None, "async")
        else:
            yield (*known, *[None] * 7)


def _locks(context: Context) -> Iterator[Row]:
    numbers = {session.pid: 700 + session.pid for session in context.sessions}
    holders = {pid for session in context.sessions for pid in session.blocked_by}
    for session in context.sessions:
        if session.pid in holders:
            own = numbers[session.pid]
            yield ("transactionid", None, None, own, session.pid, "ExclusiveLock", True)
        for pid in session.blocked_by[:1]:
            number = numbers.get(pid)
            yield ("transactionid", None, None, number, session.pid, "ShareLock", False)


def _roles(context: Context) -> Iterator[Row]:
    oids = context.sessions
    for role in oids.roles.values():
        yield (_user_oid(oids, role.name), role.name, role.is_superuser, True)
    yield (4200, SIGNAL, False, False)


VIEWS = {
    "pg_stat_activity": View(
        (
            *(("datid", OID), ("datname", NAME), ("pid", INTEGER), ("leader_pid", INTEGER)),
            *(("usesysid", OID), ("usename", NAME), ("application_name", TEXT)),
            *(("client_addr", INET), ("client_hostname", TEXT), ("client_port", INTEGER)),
            *(("backend_start", MOMENT), ("xact_start", MOMENT), ("query_start", MOMENT)),
            *(("state_change", MOMENT), ("wait_event_type", TEXT), ("wait_event", TEXT)),
            *(("state", TEXT), ("backend_xid", XID), ("backend_xmin", XID)),
            *(("query_id", BIGINT), ("query", TEXT), ("backend_type", TEXT)),
        ),
        _activity,
    ),
    "pg_stat_database": View(
        (
            *(("datid", OID), ("datname", NAME), ("numbackends", INTEGER)),
            *(("xact_commit", BIGINT), ("xact_rollback", BIGINT)),
            *(("blks_read", BIGINT), ("blks_hit", BIGINT), ("tup_returned", BIGINT)),
            *(("tup_fetched", BIGINT), ("deadlocks", BIGINT), ("stats_reset", MOMENT)),
        ),
        _databases,
    ),
    "pg_stat_replication": View(
        (
            *(("pid", INTEGER), ("usesysid", OID), ("usename", NAME)),
            *(("application_name", TEXT), ("client_addr", INET), ("backend_start", MOMENT)),
            *(("state", TEXT), ("write_lag", INTERVAL), ("flush_lag", INTERVAL)),
            *(("replay_lag", INTERVAL), ("sync_state", TEXT)),
        ),
        _replication,
    ),
    "pg_locks": View(
        (
            *(("locktype", TEXT), ("database", OID), ("relation", OID)),
            *(("transactionid", XID), ("pid", INTEGER), ("mode", TEXT), ("granted", BOOLEAN)),
        ),
        _locks,
    ),
    "pg_roles": View(
        (("oid", OID), ("rolname", NAME), ("rolsuper", BOOLEAN), ("rolcanlogin", BOOLEAN)),
        _roles,
    ),
}
