"""Two sides of an operator: which series belong together, and what comes of them."""

from collections.abc import Callable

from .arithmetic import CALCULATES, COMPARES
from .matching import NAME, Labels, nameless, only, without
from .nodes import Binary, Pairing
from .refusals import cannot
from .values import Vector


def both(node: Binary, left: float | Vector, right: float | Vector) -> float | Vector:
    """Return what comes of two sides. Raises Refusal where it is not clear what goes with what."""
    if isinstance(left, dict) and isinstance(right, dict):
        if node.sign in {"and", "or", "unless"}:
            return _sets(node, left, right)
        return _matched(node, left, right)
    if isinstance(left, dict):
        number = right if isinstance(right, float) else 0.0
        return _each(node, left, lambda value: _result(node, value, number, value))
    if isinstance(right, dict):
        return _each(node, right, lambda value: _result(node, left, value, value))
    return _result(node, left, right, left) or 0.0


def _result(node: Binary, a: float, b: float, kept: float) -> float | None:
    """Return the number, or None where a comparison drops it."""
    if calculate := CALCULATES.get(node.sign):
        return calculate(a, b)
    holds = COMPARES[node.sign](a, b)
    if node.says:
        return float(holds)
    return kept if holds else None


def _keeps_name(node: Binary) -> bool:
    return node.sign in COMPARES and not node.says


def _each(node: Binary, side: Vector, result: Callable[[float], float | None]) -> Vector:
    found = Vector()
    for labels, value in side.items():
        if (number := result(value)) is not None:
            put(found, labels if _keeps_name(node) else nameless(labels), number)
    return found


def put(found: Vector, labels: Labels, value: float) -> None:
    """Add a series; there may not be two with the same labels."""
    if labels in found:
        raise cannot("vector cannot contain metrics with the same labelset")
    found[labels] = value


def _key(pairing: Pairing, labels: Labels) -> Labels:
    if pairing.on:
        return only(labels, *pairing.labels)
    return without(labels, NAME, *pairing.labels)


def _sets(node: Binary, left: Vector, right: Vector) -> Vector:
    def key(labels: Labels) -> Labels:
        return _key(node.pairing, labels)

    if node.sign == "or":
        known = {key(labels) for labels in left}
        found = dict(left)
        for labels, value in right.items():
            if key(labels) not in known:
                put(found, labels, value)
        return found
    known = {key(labels) for labels in right}
    wanted = node.sign == "and"
    return {labels: value for labels, value in left.items() if (key(labels) in known) == wanted}


def _matched(node: Binary, left: Vector, right: Vector) -> Vector:
    pairing = node.pairing
    if not left or not right:
        return {}
    turned = pairing.many == "right"
    many, one = (right, left) if turned else (left, right)
    ones = dict[Labels, tuple[Labels, float]]()
    for labels, value in one.items():
        key = _key(pairing, labels)
        if key in ones:
            side = "left" if turned else "right"
            words = (
                f"found duplicate series for the match group {shown(key)} on the {side} hand-side "
                f"of the operation: [{shown(labels)}, {shown(ones[key][0])}];many-to-many matching"
                " not allowed: matching labels must be unique on one side"
            )
            raise cannot(words)
        ones[key] = labels, value
    found, used = Vector(), set[Labels]()
    for labels, value in many.items():
        key = _key(pairing, labels)
        if key not in ones:
            continue
        other, number = ones[key]
        a, b = (number, value) if turned else (value, number)
        result = _result(node, a, b, a)
        if result is None:
            continue
        if not pairing.many and key in used:
            words = "multiple matches for labels: many-to-one matching must be explicit"
            raise cannot(words + " (group_left/group_right)")
        used.add(key)
        named = _labels_of(node, labels, other)
        if named in found and pairing.many:
            words = "multiple matches for labels: grouping labels must ensure unique matches"
            raise cannot(words)
        put(found, named, result)
    return found


def _labels_of(node: Binary, labels: Labels, other: Labels) -> Labels:
    pairing = node.pairing
    kept = labels if _keeps_name(node) else nameless(labels)
    if not pairing.many:
        return only(kept, *pairing.labels) if pairing.on else without(kept, *pairing.labels)
    return tuple(sorted((*without(kept, *pairing.taken), *only(other, *pairing.taken))))


def shown(labels: Labels) -> str:
    """Return labels as they are written in a query."""
    return "{" + ", ".join(f'{name}="{value}"' for name, value in labels) + "}"
