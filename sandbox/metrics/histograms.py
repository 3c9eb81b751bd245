"""Quantiles of histograms: how long the slowest took, of counts of those that were quicker."""

import math
from collections.abc import Sequence

from .matching import NAME, Labels, without
from .values import Vector


def quantiles(share: float, buckets: Vector) -> Vector:
    """Return for each histogram the number that so large a share was below."""
    groups = dict[Labels, dict[float, float]]()
    for labels, count in buckets.items():
        bound = _bound(labels)
        if bound is not None:
            group = groups.setdefault(without(labels, NAME, "le"), {})
            group[bound] = group.get(bound, 0.0) + count
    return {labels: _quantile(share, sorted(group.items())) for labels, group in groups.items()}


def _bound(labels: Labels) -> float | None:
    try:
        return float(dict(labels)["le"])
    except (KeyError, ValueError):
        return None


def _quantile(share: float, buckets: Sequence[tuple[float, float]]) -> float:
    if math.isnan(share):
        return math.nan
    if not 0 <= share <= 1:
        return math.copysign(math.inf, share)
    if buckets[-1][0] != math.inf or len(buckets) < 2:  # noqa: PLR2004 - one says nothing
        return math.nan
    bounds, counts = [bound for bound, _ in buckets], list[float]()
    for _, count in buckets:
        counts.append(max(count, counts[-1]) if counts else count)
    if not counts[-1]:
        return math.nan
    rank = share * counts[-1]
    place = next((i for i, count in enumerate(counts[:-1]) if count >= rank), len(counts) - 1)
    if place == len(counts) - 1:
        return bounds[-2]
    if not place and bounds[0] <= 0:
        return bounds[0]
    low, below = (bounds[place - 1], counts[place - 1]) if place else (0.0, 0.0)
    inside = counts[place] - below
    part = (rank - below) / inside if inside else math.nan
    return low + (bounds[place] - low) * part
