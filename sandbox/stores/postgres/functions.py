"""The functions that can be called."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .context import Context, moment
from .errors import FORBIDDEN, INVALID_VALUE, UNDEFINED_OBJECT, SqlError
from .kinds import (
    BIGINT,
    BOOLEAN,
    DOUBLE,
    INET,
    INTEGER,
    INTEGERS,
    INTERVAL,
    MOMENT,
    NAME,
    NUMERIC,
    TEXT,
    VOID,
    Kind,
    Value,
)
from .roles import BUILT_IN, SIGNAL, Role
from .sessions import Session, Signal
from .settings import BANNER

PROCESSES = {
    Signal.CANCEL: ("query", "query is being canceled"),
    Signal.TERMINATE: ("process", "process is being terminated"),
}


@dataclass(frozen=True, slots=True)
class Function:
    """What a function takes, gives, and does; null given to a strict one is null."""

    takes: tuple[Kind, ...]
    gives: Kind
    call: Callable[..., Value]


def _signal(context: Context, pid: int, signal: Signal) -> bool:
    session = context.sessions.get(pid)
    if session is None:
        context.warnings.append(f"PID {pid} is not a PostgreSQL backend process")
        return False
    _allow(context, session, signal)
    context.sessions.stop(session, signal, context.role.name, context.clock.now())
    return True


def _allow(context: Context, session: Session, signal: Signal) -> None:
    owner = context.sessions.roles.get(session.user)
    what, whose = PROCESSES[signal]
    if context.role.is_superuser:
        return
    if owner is None or owner.is_superuser:
        words = f"must be a superuser to {signal.value} superuser {what}"
        raise SqlError(FORBIDDEN, words)
    if not (context.role.belongs_to(owner.name) or context.role.belongs_to(SIGNAL)):
        words = f"must be a member of the role whose {whose} or member of {SIGNAL}"
        raise SqlError(FORBIDDEN, words)


def _cancel(context: Context, pid: int) -> Value:
    return _signal(context, pid, Signal.CANCEL)


def _terminate(context: Context, pid: int, timeout: int = 0) -> Value:
    if timeout < 0:
        raise SqlError(INVALID_VALUE, '"timeout" must not be negative')
    return _signal(context, pid, Signal.TERMINATE)


def _blocking(context: Context, pid: int) -> Value:
    session = context.sessions.get(pid)
    found: list[int | None] = list(session.blocked_by) if session else []
    return found


def _setting(context: Context, name: str, missing_ok: bool = False) -> Value:  # noqa: FBT001, FBT002
    try:
        return context.settings.show(name)
    except SqlError:
        if missing_ok:
            return None
        raise


def _role(context: Context, name: str) -> Role:
    found = context.sessions.roles.get(name)
    if found is None:
        if name in BUILT_IN:
            return Role(name)
        raise SqlError(UNDEFINED_OBJECT, f'role "{name}" does not exist')
    return found


def _has_role(context: Context, *words: str) -> Value:
    *user, role, right = words
    if right.lower() not in ("member", "usage"):
        raise SqlError(INVALID_VALUE, f'unrecognized privilege type: "{right}"')
    _role(context, role)
    who = _role(context, user[0]) if user else context.role
    return who.belongs_to(role)


def _sleep(context: Context, seconds: float) -> Value:
    context.pause += max(seconds, 0.0)
    return ""


def _left(_context: Context, text: str, count: int) -> Value:
    return text[:count]


def _date_part(_context: Context, field: str, value: timedelta | datetime) -> Value:
    if field.lower() != "epoch":
        hint = "This server knows only epoch."
        raise SqlError(INVALID_VALUE, f'unit "{field}" not recognized', hint)
    return value.total_seconds() if isinstance(value, timedelta) else value.timestamp()


def make_interval(_context: Context, **lengths: float) -> Value:
    """Return the interval of these lengths."""
    return timedelta(
        weeks=lengths.get("weeks", 0),
        days=lengths.get("days", 0),
        hours=lengths.get("hours", 0),
        minutes=lengths.get("mins", 0),
        seconds=lengths.get("secs", 0),
    )


def _plain(work: Callable[[Any], Value]) -> Callable[[Context, Any], Value]:
    return lambda _context, value: work(value)


_NOW = Function((), MOMENT, lambda context: context.transaction_began)
_WHO = Function((), NAME, lambda context: context.role.name)
_WHERE = Function((), NAME, lambda context: context.me.database)
_CLOCK = Function((), MOMENT, lambda context: moment(context.clock.now()))
_ROLE_3 = Function((NAME, TEXT, TEXT), BOOLEAN, _has_role)

FUNCTIONS: dict[str, tuple[Function, ...]] = {
    "abs": (Function((DOUBLE,), DOUBLE, _plain(abs)),),
    "cardinality": (Function((INTEGERS,), INTEGER, _plain(len)),),
    "clock_timestamp": (_CLOCK,),
    "current_catalog": (_WHERE,),
    "current_database": (_WHERE,),
    "current_setting": (
        Function((TEXT,), TEXT, _setting),
        Function((TEXT, BOOLEAN), TEXT, _setting),
    ),
    "current_timestamp": (_NOW,),
    "current_user": (_WHO,),
    "date_part": (
        Function((TEXT, INTERVAL), DOUBLE, _date_part),
        Function((TEXT, MOMENT), DOUBLE, _date_part),
    ),
    "extract": (
        Function((TEXT, INTERVAL), NUMERIC, _date_part),
        Function((TEXT, MOMENT), NUMERIC, _date_part),
    ),
    "host": (Function((INET,), TEXT, _plain(lambda address: address.partition("/")[0])),),
    "left": (Function((TEXT, INTEGER), TEXT, _left),),
    "length": (Function((TEXT,), INTEGER, _plain(len)),),
    "lower": (Function((TEXT,), TEXT, _plain(str.lower)),),
    "now": (_NOW,),
    "pg_backend_pid": (Function((), INTEGER, lambda context: context.me.pid),),
    "pg_blocking_pids": (Function((INTEGER,), INTEGERS, _blocking),),
    "pg_cancel_backend": (Function((INTEGER,), BOOLEAN, _cancel),),
    "pg_has_role": (Function((NAME, TEXT), BOOLEAN, _has_role), _ROLE_3),
    "pg_is_in_recovery": (Function((), BOOLEAN, lambda context: context.sessions.in_recovery),),
    "pg_postmaster_start_time": (
        Function((), MOMENT, lambda context: moment(context.sessions.started)),
    ),
    "pg_sleep": (Function((DOUBLE,), VOID, _sleep),),
    "pg_terminate_backend": (
        Function((INTEGER,), BOOLEAN, _terminate),
        Function((INTEGER, BIGINT), BOOLEAN, _terminate),
    ),
    "session_user": (_WHO,),
    "statement_timestamp": (Function((), MOMENT, lambda context: moment(context.began)),),
    "transaction_timestamp": (_NOW,),
    "upper": (Function((TEXT,), TEXT, _plain(str.upper)),),
    "user": (_WHO,),
    "version": (Function((), TEXT, lambda _context: BANNER),),
}
LENGTHS = ("weeks", "days", "hours", "mins", "secs")
