"""What one session's statements do."""

from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.clock import Clock

from .context import Context, Parameters
from .errors import IN_FAILED_TRANSACTION, SqlError
from .kinds import TEXT, Kind, Value
from .planning import Field, Plan, Row, plan
from .roles import Role
from .sessions import ABORTED, IDLE, IN_TRANSACTION, Session, Sessions
from .settings import Settings
from .trees import Begin, Deallocate, End, Nothing, Select, Set, Show, Statement

STATUS = {IN_TRANSACTION: b"T", ABORTED: b"E"}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement that has been understood: the types it takes, the columns it gives."""

    statement: Statement
    kinds: tuple[Kind, ...] = ()
    plan: Plan | None = None
    fields: tuple[Field, ...] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a statement gave."""

    tag: str
    fields: tuple[Field, ...] | None = None
    rows: Sequence[Row] = ()
    warnings: Sequence[str] = ()
    pause: float = 0.0


class Runner:
    """Runs statements for one session, and knows where its transaction stands."""

    def __init__(
        self, sessions: Sessions, session: Session, role: Role, settings: Settings, clock: Clock
    ) -> None:
        self._sessions = sessions
        self._session = session
        self._role = role
        self._clock = clock
        self.settings = settings
        self.prepared: dict[str, Prepared] = {}
        self._state = IDLE

    @property
    def status(self) -> bytes:
        """Return where the transaction stands, as the protocol says it."""
        return STATUS.get(self._state, b"I")

    def begin(self, query: str) -> None:
        """Note that a statement runs now."""
        self._sessions.begin(self._session, query, self._clock.now())

    def rest(self) -> None:
        """Note that nothing runs any more."""
        self._sessions.finish(self._session, self._clock.now(), state=self._state)

    def fail(self) -> None:
        """Note that a statement failed: its transaction can only be rolled back."""
        self._state = ABORTED if self._state != IDLE else IDLE

    def prepare(self, statement: Statement, kinds: Sequence[Kind] = ()) -> Prepared:
        """Understand a statement."""
        self._refuse_aborted(statement)
        match statement:
            case Select():
                parameters = Parameters(list(kinds))
                planned = plan(statement, parameters)
                known = tuple(TEXT if k.family == "unknown" else k for k in parameters.kinds)
                return Prepared(statement, known, planned, planned.fields)
            case Show(name):
                self.settings.show(name)
                return Prepared(statement, fields=(Field(name, TEXT),))
            case _:
                return Prepared(statement)

    def run(self, prepared: Prepared, values: tuple[Value, ...] = ()) -> Answer:
        """Do what a statement says."""
        statement = prepared.statement
        self._refuse_aborted(statement)
        match statement:
            case Select():
                return self._select(prepared, values)
            case Begin(tag):
                return self._begin(tag)
            case End(keeps):
                return self._end(keeps=keeps)
            case Set(name, value):
                self.settings.set(name, value)
                if name == "application_name":
                    self._session.application = self.settings.show(name)
                return Answer("RESET" if value is None else "SET")
            case Show(name):
                return Answer("SHOW", prepared.fields, [(self.settings.show(name),)])
            case Deallocate(name):
                return self._deallocate(name)
            case Nothing():
                return Answer("")

    def _select(self, prepared: Prepared, values: tuple[Value, ...]) -> Answer:
        began = self._session.query_start or self._clock.now()
        who = (self._sessions, self._session, self._role, self.settings, self._clock)
        context = Context(*who, began)
        rows = prepared.plan.run(context, values) if prepared.plan else []
        tag = f"SELECT {len(rows)}"
        return Answer(tag, prepared.fields, rows, context.warnings, context.pause)

    def _begin(self, tag: str) -> Answer:
        if self._state == IN_TRANSACTION:
            return Answer(tag, warnings=["there is already a transaction in progress"])
        self._state = IN_TRANSACTION
        return Answer(tag)

    def _end(self, *, keeps: bool) -> Answer:
        before, self._state = self._state, IDLE
        tag = "COMMIT" if keeps and before != ABORTED else "ROLLBACK"
        if before == IDLE:
            return Answer(tag, warnings=["there is no transaction in progress"])
        return Answer(tag)

    def _deallocate(self, name: str) -> Answer:
        if not name:
            self.prepared.clear()
            return Answer("DEALLOCATE ALL")
        if self.prepared.pop(name, None) is None:
            raise SqlError("26000", f'prepared statement "{name}" does not exist')
        return Answer("DEALLOCATE")

    def _refuse_aborted(self, statement: Statement) -> None:
        if self._state == ABORTED and not isinstance(statement, End | Nothing):
            words = "current transaction is aborted, "
            words += "commands ignored until end of transaction block"
            raise SqlError(IN_FAILED_TRANSACTION, words)
