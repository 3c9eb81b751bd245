"""What a person has in front of them, and the elements of it they reach for."""

from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.blocks.standing import elements_of, every_block
from sandbox.control.fields import Fields
from sandbox.entering import Entering, Spot
from sandbox.errors import NOT_FOUND, ControlError
from sandbox.forms import fields_of
from sandbox.records import Channel, Message, View
from sandbox.wire import Json


@dataclass(frozen=True, slots=True)
class Seen:
    """A view or a message, as one person sees it, and what they have entered in it."""

    blocks: list[Json]
    typed: dict[str, Json]
    view: View | None = None
    channel: Channel | None = None
    message: Message | None = None

    @property
    def id(self) -> str:
        """Return what no other view or message is called."""
        if self.view is not None:
            return self.view.id
        channel, message = self.posted
        return f"{channel.id}/{message.ts}"

    @property
    def posted(self) -> tuple[Channel, Message]:
        """Return the message and where it is, if it is no view."""
        if self.channel is None or self.message is None:
            raise ControlError("this is not a message")
        return self.channel, self.message

    def fields(self) -> Iterator[tuple[Json, Json]]:
        """Yield each block and element that holds a value."""
        return fields_of(self.blocks)


@dataclass(frozen=True, slots=True)
class Pressed:
    """An element, and the block it stands in."""

    block: Json
    element: Json

    @property
    def spot(self) -> Spot:
        """Return block_id and action_id."""
        return self.block["block_id"], self.element["action_id"]

    @property
    def names(self) -> Json:
        """Return both ids, as payloads carry them."""
        return {"action_id": self.element["action_id"], "block_id": self.block["block_id"]}


def pressed(seen: Seen, fields: Fields, *, by_value: bool = True) -> Pressed:
    """Return the element that the request names."""
    action_id, block_id = fields.text("action_id"), fields.optional("block_id")
    value = fields.optional("value") if by_value else None
    found = [
        Pressed(block, element)
        for _, block in every_block(seen.blocks)
        for element in elements_of(block)
        if element["action_id"] == action_id
        and block_id in {None, block["block_id"]}
        and (value is None or element.get("value") == value)
        and fields.person() in element.get("visible_to_user_ids", [fields.person()])
    ]
    if not found:
        raise ControlError("there is no such element", action_id, status=NOT_FOUND)
    if len(found) > 1:
        raise ControlError("several elements fit; name block_id or value", action_id)
    return found[0]


def type_into(seen: Seen, given: Json, entering: Entering) -> None:
    """Enter values in fields, {block_id: {action_id: value}}; all of them or none."""
    elements = {(b["block_id"], e["action_id"]): e for b, e in seen.fields()}
    entries: list[tuple[str, str, Json]] = []
    for block_id, actions in given.items():
        if not isinstance(actions, dict):
            raise ControlError("values are {block_id: {action_id: value}}", block_id)
        for action_id, value in actions.items():
            spot = (block_id, action_id)
            if spot not in elements:
                raise ControlError("there is no such field", "/".join(spot), status=NOT_FOUND)
            entries.append((*spot, entering.entry(spot, elements[spot], value)))
    for block_id, action_id, entry in entries:
        seen.typed.setdefault(block_id, {})[action_id] = entry
