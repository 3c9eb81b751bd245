"""Aggregations: one number of many, or the largest few of each group."""

import math
from collections.abc import Callable, Sequence

from .arithmetic import quantile
from .matching import NAME, Labels, labels, only, without
from .nodes import Aggregation
from .refusals import Refusal, cannot
from .tokens import is_label
from .values import Vector
from .written import number

MOST = 1_000_000_000


def aggregated(node: Aggregation, of: Vector, parameter: float | str | None) -> Vector:
    """Return what an aggregation makes of these series. Raises Refusal."""
    if isinstance(parameter, str):
        return _counted(node, of, parameter)
    groups = dict[Labels, list[tuple[Labels, float]]]()
    for found, value in of.items():
        groups.setdefault(_group(node, found), []).append((found, value))
    if node.name in {"topk", "bottomk"}:
        return _few(node.name, groups, parameter or 0.0)
    if node.name == "quantile":
        share = math.nan if parameter is None else parameter
        return {g: quantile([v for _, v in many], share) for g, many in groups.items()}
    make = AGGREGATES[node.name]
    return {group: make([value for _, value in many]) for group, many in groups.items()}


def _group(node: Aggregation, found: Labels) -> Labels:
    return only(found, *node.labels) if node.by else without(found, NAME, *node.labels)


def _few(name: str, groups: dict[Labels, list[tuple[Labels, float]]], parameter: float) -> Vector:
    if not -MOST < parameter < MOST:
        words = f"Scalar value {parameter} overflows int64"
        raise cannot(words)
    sign = -1 if name == "topk" else 1

    def rank(pair: tuple[Labels, float]) -> tuple[bool, float]:
        return math.isnan(pair[1]), sign * pair[1]

    found = Vector()
    for many in groups.values():
        found.update(sorted(many, key=rank)[: max(0, int(parameter))])
    return found


def _counted(node: Aggregation, of: Vector, label: str) -> Vector:
    if not is_label(label):
        words = f"invalid label name {label!r}"
        raise Refusal(words, "execution", 422)
    found = Vector()
    for given, value in of.items():
        group = labels({**dict(_group(node, given)), label: number(value)})
        found[group] = found.get(group, 0.0) + 1
    return found


def _extreme(choose: Callable[[Sequence[float]], float]) -> Callable[[Sequence[float]], float]:
    def extreme(values: Sequence[float]) -> float:
        numbers = [value for value in values if not math.isnan(value)]
        return choose(numbers) if numbers else math.nan

    return extreme


def _variance(values: Sequence[float]) -> float:
    middle = sum(values) / len(values)
    return sum((value - middle) ** 2 for value in values) / len(values)


AGGREGATES: dict[str, Callable[[Sequence[float]], float]] = {
    "avg": lambda values: sum(values) / len(values),
    "count": lambda values: float(len(values)),
    "group": lambda _: 1.0,
    "max": _extreme(max),
    "min": _extreme(min),
    "stddev": lambda values: math.sqrt(_variance(values)),
    "stdvar": _variance,
    "sum": lambda values: float(sum(values)),
}
