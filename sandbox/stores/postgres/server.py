"""A PostgreSQL server, as far as its sessions go."""

from asyncio import StreamReader, StreamWriter
from random import Random

from sandbox.clock import Clock
from sandbox.stores.listening import HOST, Listener

from . import wire
from .connection import Connection
from .errors import (
    NO_SUCH_DATABASE,
    NO_SUCH_ROLE,
    PROTOCOL,
    TOO_MANY,
    UNSUPPORTED,
    WRONG_PASSWORD,
    Fatal,
    SqlError,
)
from .roles import Role
from .running import Runner
from .sessions import Client, Sessions, Signal
from .settings import Settings

PATIENCE = 60.0  # seconds, for somebody to say who they are
IGNORED = ("user", "database", "options", "replication")


class Postgres(Listener):
    """Lets people look at sessions, and end those that they may end."""

    def __init__(self, sessions: Sessions, clock: Clock, random: Random, port: int = 0) -> None:
        super().__init__(self._converse, port)
        self._sessions = sessions
        self._clock = clock
        self._random = random
        self._secrets: dict[int, int] = {}

    def url(self, user: str = "postgres", database: str = "") -> str:
        """Return the address for a user; without a database, of the first one."""
        place = database or self._sessions.databases[0]
        return f"postgresql://{user}@{HOST}:{self.port}/{place}"

    async def _converse(self, reader: StreamReader, writer: StreamWriter) -> None:
        try:
            known = await self._clock.limit(self._introduced(reader, writer), PATIENCE)
        except TimeoutError:
            return
        except SqlError as error:
            writer.write(wire.complaint(_fatal(error)))
            await writer.drain()
            return
        if known:
            await self._serve_session(reader, writer, *known)

    async def _introduced(
        self, reader: StreamReader, writer: StreamWriter
    ) -> tuple[Role, dict[str, str]] | None:
        """Return who wants to be served and what they say of themselves, once that is proven."""
        while True:
            code, body = await wire.startup(reader)
            if code in (wire.SSL, wire.GSS):
                writer.write(b"N")
                continue
            if code == wire.CANCEL:
                self._cancel(body.long(), body.long())
                return None
            break
        if code != wire.VERSION_3:
            words = f"unsupported frontend protocol {code >> 16}.{code & 0xFFFF}"
            raise Fatal(UNSUPPORTED, f"{words}: server supports 3.0")
        told = _told(body)
        role = self._sessions.roles.get(told.get("user", ""))
        if role is None:
            raise Fatal(NO_SUCH_ROLE, f'role "{told.get("user", "")}" does not exist')
        await self._prove(role, reader, writer)
        return role, told

    async def _prove(self, role: Role, reader: StreamReader, writer: StreamWriter) -> None:
        if role.password is None:
            return
        writer.write(wire.packet(b"R", wire.CLEARTEXT))
        answer = await wire.message(reader)
        if answer.kind != b"p":
            raise Fatal(PROTOCOL, "expected password response")
        if wire.Body(answer.body).text() != role.password:
            words = f'password authentication failed for user "{role.name}"'
            raise Fatal(WRONG_PASSWORD, words)

    async def _serve_session(
        self, reader: StreamReader, writer: StreamWriter, role: Role, told: dict[str, str]
    ) -> None:
        database = told.get("database") or role.name
        try:
            settings = self._settings(role, database, told)
        except SqlError as error:
            writer.write(wire.complaint(_fatal(error)))
            await writer.drain()
            return
        name = settings.show("application_name")
        client = Client(role.name, database, name, HOST)
        session = self._sessions.open(self._clock.now(), client)
        secret = self._secrets[session.pid] = self._random.getrandbits(31)
        runner = Runner(self._sessions, session, role, settings, self._clock)
        connection = Connection(reader, writer, session, runner, self._clock)
        try:
            await connection.serve(secret)
        finally:
            del self._secrets[session.pid]
            self._sessions.close(session)

    def _settings(self, role: Role, database: str, told: dict[str, str]) -> Settings:
        if database not in self._sessions.databases:
            raise Fatal(NO_SUCH_DATABASE, f'database "{database}" does not exist')
        if not self._sessions.has_room(role):
            raise Fatal(TOO_MANY, "sorry, too many clients already")
        fixed = {
            "is_superuser": "on" if role.is_superuser else "off",
            "session_authorization": role.name,
            "max_connections": str(self._sessions.max_connections),
            "in_hot_standby": "on" if self._sessions.in_recovery else "off",
        }
        wanted = {name: value for name, value in told.items() if name not in IGNORED}
        return Settings({**wanted, **_options(told.get("options", ""))}, fixed)

    def _cancel(self, pid: int, secret: int) -> None:
        session = self._sessions.get(pid)
        if session and session.hears and self._secrets.get(pid) == secret:
            session.hears(Signal.CANCEL)


def _told(body: wire.Body) -> dict[str, str]:
    told: dict[str, str] = {}
    while name := body.text():
        told[name] = body.text()
    return told


def _options(words: str) -> dict[str, str]:
    """Return the settings that are asked for as a command line: -c name=value."""
    found = {}
    parts = words.replace("-c ", "-c").split()
    for part in parts:
        name, equals, value = part.removeprefix("--").removeprefix("-c").partition("=")
        if not equals or not part.startswith("-"):
            raise Fatal(PROTOCOL, f"invalid command-line argument for server process: {part}")
        found[name.replace("-", "_")] = value
    return found


def _fatal(error: SqlError) -> Fatal:
    return Fatal(error.code, error.message, error.hint)
