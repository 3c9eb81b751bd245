"""What people do on surfaces: click in messages and views, submit and close modals."""

from collections.abc import Mapping

from sandbox.blocks.choices import offered_options
from sandbox.control.fields import Act, Fields
from sandbox.control.seen import Pressed, Seen, pressed, type_into
from sandbox.deliveries.offers import offer
from sandbox.deliveries.outcomes import Outcomes
from sandbox.deliveries.payloads import Payloads, blocks_of
from sandbox.entering import Entering, Spot, chosen_option
from sandbox.errors import NOT_FOUND, ControlError
from sandbox.forms import FIELDS, client_errors, complaint
from sandbox.happenings import modals
from sandbox.records import View
from sandbox.wire import Json
from sandbox.workspace import Workspace

SHOWN_OF_BUTTON = ("text", "value", "style")
LEAST_QUERY = 3


class Surfaces:
    """Act on messages and views as the people who see them."""

    def __init__(self, workspace: Workspace, outcomes: Outcomes, payloads: Payloads) -> None:
        self._workspace = workspace
        self._outcomes = outcomes
        self._payloads = payloads
        self._offers: dict[tuple[str, str], dict[Spot, list[Json]]] = {}

    def posts(self) -> Mapping[str, Act]:
        """Return what can be done."""
        return {
            "click": self.click,
            "options": self.options,
            "submit": self.submit,
            "close_view": self.close_view,
        }

    def gets(self) -> Mapping[str, Act]:
        """Return what can be seen."""
        return {}

    async def click(self, fields: Fields) -> Json:
        """Click an element, in a message or in a view."""
        seen, user = self._seen(fields), fields.person()
        found = pressed(seen, fields)
        entering = self._entering(user, seen)
        action = _action(found, entering, fields)
        type_into(seen, fields.mapping("values"), entering)
        if action["type"] in FIELDS:
            name = FIELDS[action["type"]][0]
            entry = {"type": action["type"], name: action[name]}
            seen.typed.setdefault(found.block["block_id"], {})[action["action_id"]] = entry
        if seen.view is not None:
            payload = self._payloads.view_action(user, seen.view, action)
        else:
            payload = self._payloads.message_action(user, *seen.posted, action)
        return await self._outcomes.interact("interactive", payload)

    async def options(self, fields: Fields) -> Json:
        """Type into a select whose options the app gives, and see what it offers."""
        seen, user = self._seen(fields), fields.person()
        found, value = pressed(seen, fields, by_value=False), fields.text("value")
        if "external" not in found.element["type"]:
            raise ControlError("the app is not asked for these options", found.element["type"])
        if len(value) < found.element.get("min_query_length", LEAST_QUERY):
            return {"options": [], "delivery": None}
        query = {**found.names, "value": value}
        if seen.view is not None:
            payload = self._payloads.suggestion_in_view(user, seen.view, query)
        else:
            payload = self._payloads.suggestion_in_message(user, *seen.posted, query)
        report = await self._outcomes.interact("interactive", payload)
        if report["warning"] is not None:
            return report
        offered = offer(report["body"])
        known = self._offers.setdefault((user, seen.id), {}).setdefault(found.spot, [])
        # What was chosen from an earlier answer stays chosen when another is asked for.
        known += [option for option in offered_options(offered) if option not in known]
        return {**report, **offered}

    async def submit(self, fields: Fields) -> Json:
        """Fill in and submit a modal, as far as Slack's client lets it through."""
        view, user = self._modal(fields), fields.person()
        if "submit" not in view.definition:
            raise ControlError("this modal has nothing to submit", view.id)
        seen = Seen(view.definition["blocks"], view.typed, view=view)
        type_into(seen, fields.mapping("values"), self._entering(user, seen))
        complaints = client_errors(seen.blocks, modals.values_of(view))
        if complaints:
            return {"client_errors": complaints}
        return await self._outcomes.interact("interactive", self._payloads.submission(view))

    async def close_view(self, fields: Fields) -> Json:
        """Close the modal in front, or all of them with `clear`."""
        view = self._modal(fields)
        is_cleared = bool(fields.given.get("clear") or view.definition.get("clear_on_close"))
        stack = self._workspace.stacks[view.user]
        payloads = [
            self._payloads.closing(closed, is_cleared=is_cleared)
            for closed in (reversed(stack) if is_cleared else [view])
            if closed.definition.get("notify_on_close")
        ]
        if is_cleared:
            modals.clear(self._workspace, view.user)
        else:
            modals.remove(self._workspace, view)
        reports = [await self._outcomes.interact("interactive", told) for told in payloads]
        return {**reports[0], "others": reports[1:]} if reports else {"delivery": None}

    def _seen(self, fields: Fields) -> Seen:
        if fields.optional("channel") is not None:
            channel = fields.seen_channel()
            message = fields.message(channel)
            typed = message.typed.setdefault(fields.person(), {})
            return Seen(blocks_of(message), typed, channel=channel, message=message)
        view = self._home(fields) if fields.given.get("home") else self._modal(fields)
        return Seen(view.definition["blocks"], view.typed, view=view)

    def _entering(self, user: str, seen: Seen) -> Entering:
        return Entering(self._workspace, user, self._offers.get((user, seen.id), {}))

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


def _action(found: Pressed, entering: Entering, fields: Fields) -> Json:
    block, element = found.block, found.element
    if block["type"] == "input" and not block.get("dispatch_action"):
        raise ControlError("this field is only sent when its form is submitted")
    kind, option = element["type"], fields.given.get("option")
    action = {"type": kind, **found.names}
    match kind:
        case "button" | "icon_button":
            return {**action, **{n: element[n] for n in SHOWN_OF_BUTTON if n in element}}
        case "overflow":
            return {**action, "selected_option": chosen_option(element, option)}
        case "feedback_buttons":
            return {**action, "value": _feedback(element, option)}
        case "workflow_button":
            raise ControlError("no workflows run in this workspace")
        case _:
            return {**action, **_entered(found, entering, option)}


def _entered(found: Pressed, entering: Entering, option: object) -> Json:
    entry = entering.entry(found.spot, found.element, option)
    value = entry[FIELDS[found.element["type"]][0]]
    words = complaint(found.element, value) if value else ""
    if words:
        raise ControlError("Slack's client holds this back", words)
    return entry


def _feedback(element: Json, option: object) -> str:
    values = [element[name]["value"] for name in ("positive_button", "negative_button")]
    if option not in values:
        raise ControlError("option is the value of one of the two buttons", option)
    return str(option)
