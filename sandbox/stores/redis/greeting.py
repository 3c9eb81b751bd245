"""Commands about the connection itself."""

from .client import NO_NUMBER, NO_PASSWORD, OK, WRONG_PASSWORD, Client, Words, unknown_part, whole
from .info import VERSION
from .keyspace import DATABASES
from .resp import RESP2, RESP3, Reply, Simple, Wrong


def ping(_client: Client, words: Words) -> Reply:
    """Answer, or say the same back."""
    return words[0] if words else Simple("PONG")


def quit(client: Client, _words: Words) -> Reply:
    """Say goodbye."""
    client.leaves = True
    return OK


def auth(client: Client, words: Words) -> Reply:
    """Let in who knows the password."""
    if client.password is None and len(words) == 1:
        return NO_PASSWORD
    user, password = words if len(words) > 1 else ("default", words[0])
    if user != "default" or client.password not in (None, password):
        return WRONG_PASSWORD
    client.is_in = True
    return OK


def hello(client: Client, words: Words) -> Reply:
    """Agree on the version of the protocol."""
    protocol = whole(words[0]) if words else client.protocol
    if protocol is None:
        return Wrong("ERR Protocol version is not an integer or out of range")
    if protocol not in (RESP2, RESP3):
        return Wrong("NOPROTO unsupported protocol version")
    rest, name = words[1:], client.name
    while rest:
        match [rest[0].lower(), *rest[1:]]:
            case ["auth", user, password, *_]:
                if (answer := auth(client, [user, password])) != OK:
                    return answer
                rest = rest[3:]
            case ["setname", name, *_]:
                rest = rest[2:]
            case _:
                return Wrong(f"ERR Syntax error in HELLO option '{rest[0]}'")
    if client.password is not None and not client.is_in:
        why = "NOAUTH HELLO must be called with the client already authenticated, otherwise the "
        why += "HELLO <proto> AUTH <user> <pass> option can be used to authenticate the client "
        return Wrong(f"{why}and select the RESP protocol version at the same time")
    client.protocol, client.name = protocol, name
    told: dict[str, Reply] = {"server": "redis", "version": VERSION, "proto": protocol}
    return told | {"id": client.number, "mode": "standalone", "role": "master", "modules": []}


def named(client: Client, words: Words) -> Reply:
    """Tell or note what a connection is called."""
    match [words[0].lower(), *words[1:]]:
        case ["id"]:
            return client.number
        case ["getname"]:
            return client.name or None
        case ["setname", name]:
            if any(not "!" <= letter <= "~" for letter in name):
                why = "cannot contain spaces, newlines or special characters."
                return Wrong(f"ERR Client names {why}")
            client.name = name
            return OK
        case ["setinfo", what, _] if what.lower() in ("lib-name", "lib-ver"):
            return OK
        case _:
            return unknown_part("CLIENT", words, "ID, GETNAME, SETNAME, SETINFO")


def select(client: Client, words: Words) -> Reply:
    """Go to another database."""
    number = whole(words[0])
    if number is None:
        return NO_NUMBER
    if not 0 <= number < DATABASES:
        return Wrong("ERR DB index is out of range")
    client.database = number
    return OK


def time(client: Client, _words: Words) -> Reply:
    """Tell the server's time."""
    now = client.keyspace.clock.now()
    return [str(int(now)), str(int(now % 1 * 1_000_000))]
