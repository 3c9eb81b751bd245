"""The table of Web API methods."""

from sandbox.methods import account, chat, conversations, membership, pins, reading, views
from sandbox.methods.method import Method

METHODS: dict[str, Method] = {
    name: method
    for room in (account, chat, conversations, membership, pins, reading, views)
    for name, method in room.METHODS.items()
}
