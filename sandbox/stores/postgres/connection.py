"""One client's conversation with the server."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from sandbox.clock import Clock

from . import wire
from .binary import packed, unpacked
from .errors import (
    CANCELED,
    DUPLICATE_STATEMENT,
    PROTOCOL,
    SYNTAX_ERROR,
    TERMINATED,
    UNDEFINED_PARAMETER,
    UNDEFINED_PORTAL,
    UNDEFINED_STATEMENT,
    Fatal,
    SqlError,
)
from .kinds import BY_OID, UNKNOWN, Kind, Value
from .parsing import statements
from .planning import Row
from .running import Answer, Prepared, Runner
from .sessions import Session, Signal
from .texts import parse, show
from .trees import Nothing

WORDS_OF_WARNING = {
    "there is already a transaction in progress": "25001",
    "there is no transaction in progress": "25P01",
}


@dataclass(slots=True)
class Portal:
    """A statement with its values, and what is left of its rows."""

    prepared: Prepared
    query: str
    values: tuple[Value, ...]
    formats: tuple[int, ...]
    answer: Answer | None = None
    sent: int = 0


@dataclass(slots=True)
class Connection:
    """Answers one client until it leaves or is sent away."""

    reader: StreamReader
    writer: StreamWriter
    session: Session
    runner: Runner
    clock: Clock
    _queries: dict[str, str] = field(default_factory=dict)
    _portals: dict[str, Portal] = field(default_factory=dict)
    _signal: Signal | None = None
    _heard: asyncio.Event = field(default_factory=asyncio.Event)
    _busy: bool = False

    async def serve(self, secret: int) -> None:
        """Greet, and then do what is asked."""
        self.session.hears = self._hear
        self._send(wire.packet(b"R", wire.AUTHENTICATED), wire.statuses(self._reported()))
        key = self.session.pid.to_bytes(4) + secret.to_bytes(4)
        self._send(wire.packet(b"K", key), wire.ready(self.runner.status))
        try:
            while True:
                await self.writer.drain()
                asked = await wire.message(self.reader)
                if asked.kind == b"X":
                    return
                await self._answer(asked)
        except Fatal as error:
            self._send(wire.complaint(error))
            await self.writer.drain()

    def _reported(self) -> dict[str, str]:
        return self.runner.settings.reported()

    def _hear(self, signal: Signal) -> None:
        if self._busy:
            self._signal = signal
            self._heard.set()
        elif signal is Signal.TERMINATE:
            self._send(wire.complaint(_terminated()))
            self.writer.close()

    def _send(self, *parts: bytes) -> None:
        self.writer.write(b"".join(parts))

    async def _answer(self, asked: wire.Message) -> None:
        if asked.kind == b"Q":
            await self._simple(wire.Body(asked.body))
        elif asked.kind in self._STEPS:
            await self._extended(asked)
        elif asked.kind == b"S":
            self.runner.rest()
            self._send(wire.ready(self.runner.status))
        elif asked.kind != b"H":
            kind = asked.kind.decode("latin-1")
            words = f"message of type {kind!r} is not supported"
            raise Fatal(PROTOCOL, words, "Simple and extended queries are.")

    async def _simple(self, body: wire.Body) -> None:
        try:
            query = body.text()
            self.runner.begin(query)
            for statement in statements(query):
                prepared = self.runner.prepare(statement)
                _refuse_parameters(prepared)
                answer = await self._run(prepared, ())
                if answer.fields is not None:
                    formats = (0,) * len(answer.fields)
                    self._send(wire.described(answer.fields, formats))
                    self._rows(answer, answer.rows, formats)
                self._end(prepared, answer.tag)
        except Fatal:
            raise
        except SqlError as error:
            self._complain(error)
        self.runner.rest()
        self._send(wire.ready(self.runner.status))

    async def _extended(self, asked: wire.Message) -> None:
        try:
            await self._STEPS[asked.kind](self, wire.Body(asked.body))
        except Fatal:
            raise
        except SqlError as error:
            self._complain(error)
            await self.writer.drain()
            while (await wire.message(self.reader)).kind != b"S":
                pass  # all up to the next Sync belongs to what failed
            self.runner.rest()
            self._send(wire.ready(self.runner.status))

    def _complain(self, error: SqlError) -> None:
        self.runner.fail()
        self._portals.clear()
        self._send(wire.complaint(error))

    async def _parse(self, body: wire.Body) -> None:
        name, query = body.text(), body.text()
        kinds = [_kind(body.long() & 0xFFFFFFFF) for _ in range(body.short())]
        found = statements(query)
        if len(found) > 1:
            words = "cannot insert multiple commands into a prepared statement"
            raise SqlError(SYNTAX_ERROR, words)
        if name and name in self.runner.prepared:
            raise SqlError(DUPLICATE_STATEMENT, f'prepared statement "{name}" already exists')
        self.runner.prepared[name] = self.runner.prepare(found[0], kinds)
        self._queries[name] = query
        self._send(wire.packet(b"1"))

    async def _bind(self, body: wire.Body) -> None:
        portal, name = body.text(), body.text()
        prepared = self._prepared(name)
        given = [body.short() for _ in range(body.short())]
        raw = [body.sized() for _ in range(body.short())]
        wanted = [body.short() for _ in range(body.short())]
        if len(raw) != len(prepared.kinds):
            words = f"bind message supplies {len(raw)} parameters, but prepared statement "
            raise SqlError(PROTOCOL, f'{words}"{name}" requires {len(prepared.kinds)}')
        formats = _formats(given, len(raw))
        values = tuple(map(_value, raw, prepared.kinds, formats))
        columns = _formats(wanted, len(prepared.fields or ()))
        query = self._queries.get(name, "")
        self._portals[portal] = Portal(prepared, query, values, columns)
        self._send(wire.packet(b"2"))

    async def _describe(self, body: wire.Body) -> None:
        what, name = body.take(1), body.text()
        if what == b"P":
            portal = self._portal(name)
            self._send(wire.described(portal.prepared.fields, portal.formats))
            return
        prepared = self._prepared(name)
        formats = (0,) * len(prepared.fields or ())
        self._send(wire.parameters(prepared.kinds), wire.described(prepared.fields, formats))

    async def _execute(self, body: wire.Body) -> None:
        portal, most = self._portal(body.text()), body.long()
        if portal.answer is None:
            self.runner.begin(portal.query)
            portal.answer = await self._run(portal.prepared, portal.values)
        rows = portal.answer.rows[portal.sent :]
        if 0 < most < len(rows):
            self._rows(portal.answer, rows[:most], portal.formats)
            portal.sent += most
            self._send(wire.packet(b"s"))
            return
        self._rows(portal.answer, rows, portal.formats)
        portal.sent += len(rows)
        self._end(portal.prepared, portal.answer.tag)

    async def _close(self, body: wire.Body) -> None:
        if body.take(1) == b"P":
            self._portals.pop(body.text(), None)
        else:
            self.runner.prepared.pop(body.text(), None)
        self._send(wire.packet(b"3"))

    _STEPS: ClassVar = {b"P": _parse, b"B": _bind, b"D": _describe, b"E": _execute, b"C": _close}

    async def _run(self, prepared: Prepared, values: tuple[Value, ...]) -> Answer:
        """Run a statement for as long as it takes, unless somebody stops it."""
        before = self._reported()
        self._busy = True
        try:
            answer = self.runner.run(prepared, values)
            for words in answer.warnings:
                self._send(wire.warning(words, WORDS_OF_WARNING.get(words, "01000")))
            await self._pause(answer.pause)
            self._refuse_stopped()
        finally:
            self._busy, self._signal = False, None
            self._heard.clear()
        self._tell_changes(before)
        return answer

    async def _pause(self, seconds: float) -> None:
        limit = self.runner.settings.limit()
        if seconds <= 0:
            return
        self.session.wait = ("Timeout", "PgSleep")
        try:
            await self.clock.limit(self._heard.wait(), min(seconds, limit or seconds))
        except TimeoutError:
            if limit and limit < seconds:
                words = "canceling statement due to statement timeout"
                raise SqlError(CANCELED, words) from None

    def _refuse_stopped(self) -> None:
        if self._signal is Signal.TERMINATE:
            raise _terminated()
        if self._signal is Signal.CANCEL:
            raise SqlError(CANCELED, "canceling statement due to user request")

    def _tell_changes(self, before: dict[str, str]) -> None:
        now = self._reported().items()
        self._send(wire.statuses({name: value for name, value in now if before[name] != value}))

    def _rows(self, answer: Answer, rows: Sequence[Row], formats: Sequence[int]) -> None:
        kinds = [field.kind for field in answer.fields or ()]
        for row in rows:
            self._send(wire.row(map(_cell, row, kinds, formats)))

    def _end(self, prepared: Prepared, tag: str) -> None:
        is_empty = isinstance(prepared.statement, Nothing)
        self._send(wire.packet(b"I") if is_empty else wire.packet(b"C", wire.text(tag)))

    def _prepared(self, name: str) -> Prepared:
        if name not in self.runner.prepared:
            words = f'prepared statement "{name}" does not exist'
            raise SqlError(UNDEFINED_STATEMENT, words)
        return self.runner.prepared[name]

    def _portal(self, name: str) -> Portal:
        if name not in self._portals:
            raise SqlError(UNDEFINED_PORTAL, f'portal "{name}" does not exist')
        return self._portals[name]


def _refuse_parameters(prepared: Prepared) -> None:
    if prepared.kinds:
        raise SqlError(UNDEFINED_PARAMETER, "there is no parameter $1")


def _terminated() -> Fatal:
    return Fatal(TERMINATED, "terminating connection due to administrator command")


def _kind(oid: int) -> Kind:
    if oid not in BY_OID:
        known = ", ".join(kind.name for kind in BY_OID.values() if kind is not UNKNOWN)
        hint = f"This server knows {known}."
        raise SqlError("42704", f"type with OID {oid} is not supported", hint)
    return BY_OID[oid]


def _formats(given: Sequence[int], count: int) -> tuple[int, ...]:
    if len(given) <= 1:
        return (given[0] if given else 0,) * count
    if len(given) != count:
        words = f"bind message has {len(given)} formats but {count} values"
        raise SqlError(PROTOCOL, words)
    return tuple(given)


def _value(raw: bytes | None, kind: Kind, format_: int) -> Value:
    if raw is None:
        return None
    return unpacked(raw, kind) if format_ else parse(wire.decoded(raw), kind)


def _cell(value: Value, kind: Kind, format_: int) -> bytes | None:
    if value is None:
        return None
    return packed(value, kind) if format_ else show(value).encode()
