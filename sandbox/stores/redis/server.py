"""A Redis server, as far as a cache goes."""

from asyncio import StreamReader, StreamWriter

from sandbox.stores.listening import HOST, Listener

from .client import Client
from .commands import run
from .keyspace import Keyspace
from .resp import ProtocolError, Wrong, command, written


class Redis(Listener):
    """Lets people look at keys and memory, and flush them; with a password, only who knows it."""

    def __init__(self, keyspace: Keyspace, port: int = 0, password: str | None = None) -> None:
        super().__init__(self._converse, port)
        self._keyspace = keyspace
        self._password = password
        self._clients = 0

    @property
    def url(self) -> str:
        """Return the address of its first database."""
        return f"redis://{HOST}:{self.port}/0"

    async def _converse(self, reader: StreamReader, writer: StreamWriter) -> None:
        counters = self._keyspace.counters
        counters.connections += 1
        who = (counters.connections, self._keyspace, self.port, self._password)
        client = Client(*who, lambda: self._clients)
        self._clients += 1
        try:
            while not client.leaves:
                words = [word.decode(errors="surrogateescape") for word in await command(reader)]
                if words:
                    writer.write(written(run(client, words), client.protocol))
                    await writer.drain()
        except ProtocolError as error:
            writer.write(written(Wrong(f"ERR Protocol error: {error}"), client.protocol))
            await writer.drain()
        finally:
            self._clients -= 1
