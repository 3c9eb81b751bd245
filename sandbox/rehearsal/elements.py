"""The buttons, menus and fields of messages and forms, by what people read on them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.blocks.choices import offered_options
from sandbox.blocks.standing import elements_of, every_block

from .fields import Json
from .hands import RefusedError

Ids = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Element:
    """Something to press or fill in, and the block that it stands in."""

    block: Json
    element: Json

    @property
    def words(self) -> set[str]:
        """Return everything that it is known by."""
        element, block = self.element, self.block
        told = [element.get(key) for key in ("text", "placeholder")] + [block.get("label")]
        read = {str(one["text"]) for one in told if one}
        return read | {element["action_id"], block["block_id"]}

    @property
    def shown(self) -> str:
        """Return what people call it."""
        element, block = self.element, self.block
        told = element.get("text") or block.get("label") or element.get("placeholder")
        return str(told["text"] if told else element["action_id"])


def elements(blocks: list[Json] | None) -> Iterator[Element]:
    """Yield everything there is to press or fill in."""
    for _, block in every_block(blocks or []):
        for element in elements_of(block):
            yield Element(block, element)


def found(blocks: list[Json] | None, name: str) -> Element | None:
    """Return the element of that name, if there is one."""
    by_id = (one for one in elements(blocks) if one.element["action_id"] == name)
    return next((one for one in elements(blocks) if name in one.words), None) or next(by_id, None)


def names(blocks: list[Json] | None) -> str:
    """Return the names of everything there is, for who looked in vain."""
    return ", ".join(one.shown for one in elements(blocks)) or "nothing to press or fill in"


def value_of(element: Json, given: Any, ids: Ids) -> Any:
    """Return what the control API takes for what people choose or write."""
    kind = element["type"]
    if isinstance(given, list):
        return [value_of(element, one, ids) for one in given]
    if given is None or not isinstance(given, str):
        return given
    if "users_select" in kind:
        return ids.get(given.removeprefix("@"), given)
    options = offered_options(element)
    for option in options:
        if given in {option["value"], option["text"]["text"]}:
            return option["value"]
    if options:
        there = ", ".join(str(option["text"]["text"]) for option in options)
        msg = f"there is no {given} to choose; there are: {there}"
        raise RefusedError(msg)
    return given
