"""The table of Web API methods."""

from sandbox.methods import (
    account,
    afterwards,
    bookmarks,
    canvases,
    chat,
    conversations,
    direct,
    files,
    kit,
    membership,
    pins,
    reactions,
    reading,
    scheduling,
    surroundings,
    uploads,
    usergroups,
    users,
    views,
)
from sandbox.methods.method import Method

ROOMS = (
    account,
    afterwards,
    bookmarks,
    canvases,
    chat,
    conversations,
    direct,
    files,
    kit,
    membership,
    pins,
    reactions,
    reading,
    scheduling,
    surroundings,
    uploads,
    usergroups,
    users,
    views,
)
METHODS: dict[str, Method] = {
    name: method for room in ROOMS for name, method in room.METHODS.items()
}
