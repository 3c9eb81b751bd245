"""What somebody is in the chat, and who can take something on because of it."""

import enum
from collections.abc import Collection

from .errors import Refused


class Standing(enum.StrEnum):
    """What the chat says of an account; unknown is that it has not said yet."""

    UNKNOWN = "unknown"
    MEMBER = "member"
    GUEST = "guest"  # of a single channel
    OUTSIDER = "outsider"  # of another company
    APP = "app"
    GONE = "gone"


NEVER = {
    Standing.APP: "That is an app, and an app can take nothing on. Name a person. "
    "Nothing was done.",
    Standing.GONE: "That account was deactivated, so nobody would see it. Name somebody else. "
    "Nothing was done.",
}
UNLESS_IN_IT = {
    Standing.GUEST: "That is a guest of a single channel, who cannot come to the incident's. "
    "Name a member of the workspace. Nothing was done.",
    Standing.OUTSIDER: "That is somebody of another company, not in the incident's channel. "
    "Name a member of the workspace, or bring them into the channel first. Nothing was done.",
}


def judge_standing(person: str | None, standing: Standing, people: Collection[str]) -> None:
    """Raise Refused if somebody with this standing can take nothing on among these people."""
    reason = NEVER.get(standing)
    if person not in people:
        reason = reason or UNLESS_IN_IT.get(standing)
    if person and reason:
        raise Refused(reason, about="person")
