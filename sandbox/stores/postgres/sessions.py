"""The database's sessions: what the shop fills, what is looked at, what may be ended."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from enum import Enum

from .roles import Role

ACTIVE, IDLE = "active", "idle"
IN_TRANSACTION = "idle in transaction"
ABORTED = "idle in transaction (aborted)"
CLIENT = "client backend"
WAL_SENDER = "walsender"
AUTOVACUUM = "autovacuum worker"
RESERVED = 3  # connections that only a superuser gets
FIRST_PID = 100
LOCKED = ("Lock", "transactionid")
IDLING = ("Client", "ClientRead")
SUPERUSER = Role("postgres", is_superuser=True)


class Signal(Enum):
    """How a session is asked to stop."""

    CANCEL = "cancel"
    TERMINATE = "terminate"


@dataclass(frozen=True, slots=True)
class Client:
    """Who a session is for; the server's own processes have no user."""

    user: str = ""
    database: str = ""
    application: str = ""
    address: str = ""
    backend_type: str = CLIENT


@dataclass(slots=True)
class Session:
    """One server process; moments are seconds since 1970.

    A `deaf` one takes no notice of being cancelled. `hears` is called instead of ending its query
    here: a real connection answers for itself.
    """

    pid: int
    backend_start: float
    user: str = ""
    database: str = ""
    application: str = ""
    address: str = ""
    backend_type: str = CLIENT
    state: str | None = IDLE
    query: str = ""
    query_start: float | None = None
    state_change: float | None = None
    xact_start: float | None = None
    wait: tuple[str, str] | None = IDLING
    blocked_by: tuple[int, ...] = ()
    deaf: bool = False
    hears: Callable[[Signal], None] | None = None


@dataclass(frozen=True, slots=True)
class Stopped:
    """A session that was told to stop, by whom and when, and what it was doing."""

    pid: int
    signal: Signal
    by: str
    at: float
    query: str


@dataclass(slots=True)
class Counters:
    """What the database has counted since it started."""

    commits: int = 0
    rollbacks: int = 0
    blocks_read: int = 0
    blocks_hit: int = 0
    rows_returned: int = 0
    rows_fetched: int = 0
    deadlocks: int = 0


@dataclass(slots=True)
class Sessions:
    """All that a database server knows of itself.

    The shop opens sessions, lets them begin and finish queries, and learns by `stopped()` whom
    somebody has cancelled or terminated.
    """

    started: float
    roles: dict[str, Role] = field(default_factory=lambda: {"postgres": SUPERUSER})
    databases: Sequence[str] = ("postgres",)
    max_connections: int = 100
    in_recovery: bool = False
    counters: dict[str, Counters] = field(default_factory=dict)
    _all: dict[int, Session] = field(default_factory=dict)
    _stopped: list[Stopped] = field(default_factory=list)
    _last_pid: int = FIRST_PID

    def __iter__(self) -> Iterator[Session]:
        return iter(list(self._all.values()))

    def get(self, pid: int) -> Session | None:
        """Return the session with that pid."""
        return self._all.get(pid)

    def open(self, at: float, client: Client) -> Session:
        """Begin a session."""
        self._last_pid += 1
        session = Session(self._last_pid, at, **asdict(client), state_change=at)
        if session.backend_type not in (CLIENT, WAL_SENDER):
            session.state, session.wait = None, None
        self._all[session.pid] = session
        return session

    def close(self, session: Session) -> None:
        """End a session; whoever waited for it goes on."""
        self._all.pop(session.pid, None)
        self._release(session)

    def begin(self, session: Session, query: str, at: float) -> None:
        """Let a session begin a query."""
        session.state, session.query, session.wait = ACTIVE, query, None
        session.query_start = session.state_change = at
        session.xact_start = at if session.xact_start is None else session.xact_start

    def finish(self, session: Session, at: float, *, state: str = IDLE) -> None:
        """Let a session's query end; its transaction goes on only if the state says so."""
        session.state, session.state_change, session.wait = state, at, IDLING
        session.blocked_by = ()
        if state == IDLE:
            session.xact_start = None
            self._release(session)

    def block(self, session: Session, *by: Session) -> None:
        """Let a session wait for a lock that others hold."""
        session.blocked_by, session.wait = tuple(other.pid for other in by), LOCKED

    def stop(self, session: Session, signal: Signal, by: str, at: float) -> None:
        """Cancel what a session runs, or end it altogether."""
        if session.hears:
            session.hears(signal)
            return
        self._stopped.append(Stopped(session.pid, signal, by, at, session.query))
        if signal is Signal.TERMINATE:
            self.close(session)
        elif session.state == ACTIVE and not session.deaf:
            self.finish(session, at)

    def stopped(self) -> list[Stopped]:
        """Return who was told to stop since this was last asked."""
        found, self._stopped = self._stopped, []
        return found

    def has_room(self, role: Role) -> bool:
        """Tell whether one more connection of theirs is let in."""
        taken = sum(session.backend_type == CLIENT for session in self._all.values())
        return taken < self.max_connections - (0 if role.is_superuser else RESERVED)

    def _release(self, holder: Session) -> None:
        for session in self._all.values():
            if holder.pid in session.blocked_by:
                rest = tuple(pid for pid in session.blocked_by if pid != holder.pid)
                session.blocked_by = rest
                session.wait = session.wait if rest else None
