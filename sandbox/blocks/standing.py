"""Where in blocks the elements stand, also in blocks within blocks."""

import secrets
from collections.abc import Iterator, Mapping

from sandbox.wire import Json

SINGLE = ("accessory", "element")
ELEMENTS: Mapping[str, str] = {
    "actions": "elements", "context_actions": "elements", "card": "actions",
}  # fmt: skip
CHILDREN: Mapping[str, str] = {"carousel": "elements", "container": "child_blocks"}


def every_block(blocks: list[Json], at: str = "") -> Iterator[tuple[str, Json]]:
    """Yield each block with its pointer, those within others after them."""
    for index, block in enumerate(blocks):
        place = f"{at}/{index}"
        yield place, block
        inner = CHILDREN.get(block["type"])
        if inner is not None:
            yield from every_block(block[inner], f"{place}/{inner}")


def placed_elements(block: Json, at: str = "") -> Iterator[tuple[str, Json]]:
    """Yield each element of a block that a person can act on, with its pointer."""
    for name in SINGLE:
        if name in block and block[name]["type"] != "image":
            yield f"{at}/{name}", block[name]
    name = ELEMENTS.get(block["type"], "")
    for index, element in enumerate(block.get(name, ())):
        yield f"{at}/{name}/{index}", element


def elements_of(block: Json) -> list[Json]:
    """Return the elements of a block that a person can act on."""
    return [element for _, element in placed_elements(block)]


def named(block: Json) -> Json:
    """Return a copy of a block in which it and its elements have ids."""
    kept = {"block_id": secrets.token_urlsafe(4), **block}
    kind = block["type"]
    if kind == "markdown":  # Slack does not keep the id the app gave
        kept["block_id"] = secrets.token_urlsafe(4)
    for name in SINGLE:
        if name in kept and kept[name]["type"] != "image":
            kept[name] = _named_element(kept[name])
    if kind in ELEMENTS and ELEMENTS[kind] in kept:
        kept[ELEMENTS[kind]] = [_named_element(e) for e in kept[ELEMENTS[kind]]]
    if kind in CHILDREN:
        kept[CHILDREN[kind]] = [named(child) for child in kept[CHILDREN[kind]]]
    return kept


def _named_element(element: Json) -> Json:
    return {"action_id": secrets.token_urlsafe(4), **element}
