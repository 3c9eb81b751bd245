"""What a person can enter in a field: only what is there to be chosen."""

from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Any, TypeAlias

from sandbox.blocks.choices import offered_options
from sandbox.blocks.rich_text import RICH_TEXT
from sandbox.errors import NOT_FOUND, ControlError
from sandbox.forms import FIELDS, LISTED
from sandbox.happenings.files import described
from sandbox.records import Channel
from sandbox.viewing import sees
from sandbox.wire import Json
from sandbox.workspace import Workspace

FILTERED = {
    "im": "im",
    "mpim": "mpim",
    "private_channel": "private",
    "public_channel": "public",
}
Spot: TypeAlias = tuple[str, str]  # block_id and action_id
HOUR_LENGTH = len("12:34")


class Entering:
    """Read what somebody enters as the values of fields."""

    def __init__(self, workspace: Workspace, user: str, offers: Mapping[Spot, list[Json]]) -> None:
        self._workspace = workspace
        self._user = user
        self._offers = offers

    def entry(self, spot: Spot, element: Json, given: Any) -> Json:
        """Return a field's value after somebody entered this; None empties it."""
        kind = element["type"]
        name = FIELDS[kind][0]
        if "external" in kind:
            offered = [*_initial_options(element), *self._offers.get(spot, ())]
            element = {**element, "options": offered}
        read = self._reader(kind)
        if kind not in LISTED:
            value = None if given is None else read(element, given)
            return {"type": kind, name: value}
        several = given if isinstance(given, list) else [given]
        return {"type": kind, name: [read(element, one) for one in several if one is not None]}

    def _reader(self, kind: str) -> Callable[[Json, Any], Any]:
        match kind.removeprefix("multi_"):
            case "static_select" | "external_select" | "radio_buttons" | "checkboxes":
                return chosen_option
            case "users_select":
                return self._person
            case "channels_select" | "conversations_select":
                return self._channel
            case "file_input":
                return self._file
            case "rich_text_input":
                return _rich
            case "datepicker":
                return _day
            case "timepicker":
                return _hour
            case "datetimepicker":
                return _moment
            case _:
                return _text

    def _person(self, _element: Json, given: Any) -> str:
        person = self._workspace.people.get(given if isinstance(given, str) else "")
        if person is None or person.is_deleted:
            raise ControlError("there is no such person", given, status=NOT_FOUND)
        return person.id

    def _channel(self, element: Json, given: Any) -> str:
        channel = self._workspace.channels.get(given if isinstance(given, str) else "")
        if channel is None or not self._can_choose(element, channel):
            raise ControlError("there is no such channel to choose", given, status=NOT_FOUND)
        return channel.id

    def _can_choose(self, element: Json, channel: Channel) -> bool:
        if channel.is_archived or not sees(self._workspace, self._user, channel):
            return False
        if "channels_select" in element["type"]:
            return channel.kind == "public_channel"
        rules = element.get("filter", {})
        if FILTERED[channel.kind] not in rules.get("include", FILTERED.values()):
            return False
        if channel.is_ext_shared and rules.get("exclude_external_shared_channels"):
            return False
        others = (self._workspace.people[member] for member in channel.members)
        is_bots = channel.is_im and any(member.is_bot for member in others)
        return not (is_bots and rules.get("exclude_bot_users"))

    def _file(self, _element: Json, given: Any) -> Json:
        file = self._workspace.files.get(given if isinstance(given, str) else "")
        is_own = file is not None and file.user == self._user
        if file is None or not is_own or not file.is_complete or file.is_deleted:
            raise ControlError("this person has no such file", given, status=NOT_FOUND)
        return described(self._workspace, file)


def chosen_option(element: Json, value: object) -> Json:
    """Return the element's option with this value."""
    for option in offered_options(element):
        if option["value"] == value:
            return dict(option)
    raise ControlError("there is no such option", value)


def _initial_options(element: Json) -> list[Json]:
    one = element.get("initial_option")
    return element.get("initial_options") or ([one] if one else [])


def _wrong(given: Any) -> ControlError:
    return ControlError("this value does not fit its field", repr(given))


def _text(_element: Json, given: Any) -> str | None:
    if not isinstance(given, str):
        raise _wrong(given)
    return given or None


def _rich(_element: Json, given: Any) -> Json:
    if isinstance(given, str):
        line = {"type": "rich_text_section", "elements": [{"type": "text", "text": given}]}
        given = {"type": "rich_text", "elements": [line]}
    problems = list(RICH_TEXT(given, ""))
    if problems:
        raise ControlError("this is no rich text", "; ".join(problems))
    return dict(given)


def _day(_element: Json, given: Any) -> str:
    try:
        day = date.fromisoformat(given if isinstance(given, str) else "")
    except ValueError as error:
        raise _wrong(given) from error
    return day.isoformat()


def _hour(_element: Json, given: Any) -> str:
    if not isinstance(given, str) or len(given) != HOUR_LENGTH:
        raise _wrong(given)
    try:
        hour = time.fromisoformat(given)
    except ValueError as error:
        raise _wrong(given) from error
    return hour.isoformat("minutes")


def _moment(_element: Json, given: Any) -> int:
    if not isinstance(given, int) or isinstance(given, bool):
        raise _wrong(given)
    return given
