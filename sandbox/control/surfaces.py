"""What people do on surfaces: click in messages and views, submit and close modals."""

from collections.abc import Mapping
from typing import Any

from sandbox import modals
from sandbox.blocks.standing import elements_of
from sandbox.control.fields import Act, Fields
from sandbox.errors import NOT_FOUND, ControlError
from sandbox.forms import FIELDS, chosen_option, client_errors, entered, fields_of, state_values
from sandbox.outcomes import Outcomes
from sandbox.payloads import Payloads
from sandbox.records import View
from sandbox.wire import Json
from sandbox.workspace import Workspace

SHOWN_OF_BUTTON = ("text", "value", "style")


class Surfaces:
    """Act on messages and views as the people who see them."""

    def __init__(self, workspace: Workspace, outcomes: Outcomes, payloads: Payloads) -> None:
        self._workspace = workspace
        self._outcomes = outcomes
        self._payloads = payloads

    def posts(self) -> Mapping[str, Act]:
        """Return what can be done."""
        return {
            "click": self.click,
            "submit": self.submit,
            "close_view": self.close_view,
        }

    def gets(self) -> Mapping[str, Act]:
        """Return what can be seen."""
        return {}

    async def click(self, fields: Fields) -> Json:
        """Click an element, in a message or in a view."""
        if fields.optional("channel") is None:
            payload = self._click_in_view(fields)
        else:
            payload = self._click_in_message(fields)
        return await self._outcomes.interact("interactive", payload)

    async def submit(self, fields: Fields) -> Json:
        """Fill in and submit a modal, as far as Slack's client lets it through."""
        view, given = self._modal(fields), fields.mapping("values")
        if "submit" not in view.definition:
            raise ControlError("this modal has nothing to submit", view.id)
        blocks = view.definition["blocks"]
        _type_into(view, given)
        complaints = client_errors(blocks, state_values(blocks, view.typed))
        if complaints:
            return {"client_errors": complaints}
        return await self._outcomes.interact("interactive", self._payloads.submission(view))

    async def close_view(self, fields: Fields) -> Json:
        """Close the modal in front, or all of them with `clear`."""
        view, is_cleared = self._modal(fields), bool(fields.given.get("clear"))
        payload = self._payloads.closing(view, is_cleared=is_cleared)
        if is_cleared or view.definition.get("clear_on_close"):
            modals.clear(self._workspace, view.user)
        else:
            modals.remove(self._workspace, view)
        if view.definition.get("notify_on_close"):
            return await self._outcomes.interact("interactive", payload)
        return {"delivery": None}

    def _click_in_message(self, fields: Fields) -> Json:
        channel = fields.seen_channel()
        message = fields.message(channel)
        action = _action(message.blocks or [], fields)
        return self._payloads.message_action(fields.person(), channel, message, action)

    def _click_in_view(self, fields: Fields) -> Json:
        view = self._home(fields) if fields.given.get("home") else self._modal(fields)
        action = _action(view.definition["blocks"], fields)
        if action["type"] in FIELDS:
            name = FIELDS[action["type"]][0]
            entry = {"type": action["type"], name: action[name]}
            view.typed.setdefault(action["block_id"], {})[action["action_id"]] = entry
        return self._payloads.view_action(view.user, view, action)

    def _home(self, fields: Fields) -> View:
        user = fields.person()
        if user not in self._workspace.homes:
            raise ControlError("this person's Home tab is empty", user, status=NOT_FOUND)
        return self._workspace.homes[user]

    def _modal(self, fields: Fields) -> View:
        front = modals.top(self._workspace, fields.person())
        if front is None:
            raise ControlError("this person has no modal open", status=NOT_FOUND)
        if fields.text("view_id", front.id) != front.id:
            raise ControlError("this person is looking at another view", front.id)
        return front


def _action(blocks: list[Json], fields: Fields) -> Json:
    block, element = _pressed(blocks, fields)
    if block["type"] == "input" and not block.get("dispatch_action"):
        raise ControlError("this field is only sent when its form is submitted")
    action = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
    }
    option = fields.given.get("option")
    if element["type"] == "button":
        return {**action, **{n: element[n] for n in SHOWN_OF_BUTTON if n in element}}
    if element["type"] == "overflow":
        return {**action, "selected_option": chosen_option(element, option)}
    return {**action, **entered(element, option)}


def _pressed(blocks: list[Json], fields: Fields) -> tuple[Json, Json]:
    action_id, block_id = fields.text("action_id"), fields.optional("block_id")
    value = fields.optional("value")
    found = [
        (block, element)
        for block in blocks
        for element in elements_of(block)
        if element["action_id"] == action_id
        and block_id in {None, block["block_id"]}
        and (value is None or element.get("value") == value)
    ]
    if not found:
        raise ControlError("there is no such element", action_id, status=NOT_FOUND)
    if len(found) > 1:
        raise ControlError("several elements fit; name block_id or value", action_id)
    return found[0]


def _type_into(view: View, given: Json) -> None:
    elements = {
        (block["block_id"], element["action_id"]): element
        for block, element in fields_of(view.definition["blocks"])
    }
    for block_id, actions in given.items():
        if not isinstance(actions, dict):
            raise ControlError("values are {block_id: {action_id: value}}", block_id)
        for action_id, value in actions.items():
            entry = _entry(elements, block_id, action_id, value)
            view.typed.setdefault(block_id, {})[action_id] = entry


def _entry(
    elements: dict[tuple[str, str], Json], block_id: str, action_id: str, value: Any
) -> Json:
    element = elements.get((block_id, action_id))
    if element is None:
        place = f"{block_id}/{action_id}"
        raise ControlError("there is no such field", place, status=NOT_FOUND)
    return entered(element, value)
