"""Who is at the other end of a socket on this machine, as the kernel knows them."""

import pwd
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

CREDENTIALS = struct.Struct("iII")  # process, user, group


@dataclass(frozen=True, slots=True)
class User:
    """A user of this machine; one without a name is called by number."""

    number: str
    name: str

    def person(self, people: Mapping[str, str]) -> str | None:
        """Return who that is in Slack, if it is told."""
        return people.get(self.name) or people.get(self.number)


def number(request: web.Request) -> int:
    """Return the number of the user who connected."""
    assert request.transport  # it is asked before the answer
    connected: socket.socket = request.transport.get_extra_info("socket")
    told = connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, CREDENTIALS.size)
    return int(CREDENTIALS.unpack(told)[1])


def named(number: int) -> User:
    """Return the user; slow where names are kept on another machine."""
    try:
        name = pwd.getpwuid(number).pw_name
    except KeyError:
        name = str(number)
    return User(str(number), name)
