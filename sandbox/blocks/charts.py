"""The limits of charts."""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.blocks.elements import TYPE
from sandbox.blocks.objects import IDENTIFIER
from sandbox.blocks.rules import Rule, both, by_type, items, number, problem, shape, string

MOST_CHARTS = 2
MOST_SERIES = 12
MOST_POINTS = 20
LABEL = string(20)
TITLE = string(50)


def _positive(value: Any, at: str) -> Iterator[str]:
    problems = list(number(value, at))
    if problems:
        yield from problems
    elif value <= 0:
        yield problem("must be more than 0", at)


def _agreeing(chart: Any, at: str) -> Iterator[str]:
    categories = chart["axis_config"]["categories"]
    names: set[str] = set()
    for index, series in enumerate(chart["series"]):
        if series["name"] in names:
            yield problem("must be unique", f"{at}/series/{index}/name")
        names.add(series["name"])
        if [point["label"] for point in series["data"]] != categories:
            yield problem("labels must match `categories`", f"{at}/series/{index}/data")


POINT = shape({"label": LABEL, "value": number})
SEGMENT = shape({"label": LABEL, "value": _positive})
SERIES = shape({"name": LABEL, "data": items(POINT, MOST_POINTS)})
AXES = shape({"categories": items(LABEL, MOST_POINTS)}, {"x_label": TITLE, "y_label": TITLE})
PLOT = both(shape({**TYPE, "series": items(SERIES, MOST_SERIES), "axis_config": AXES}), _agreeing)
CHART = by_type(
    {
        "pie": shape({**TYPE, "segments": items(SEGMENT, MOST_SERIES)}),
        **dict.fromkeys(("bar", "line", "area"), PLOT),
    }
)
CHARTS: Mapping[str, Rule] = {
    "data_visualization": shape({**TYPE, "title": TITLE, "chart": CHART}, {"block_id": IDENTIFIER})
}
