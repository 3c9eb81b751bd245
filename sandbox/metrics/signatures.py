"""Which functions and aggregations there are, and what they take."""

from collections.abc import Sequence
from dataclasses import dataclass

from .nodes import Kind

SCALAR: Kind = "scalar"
VECTOR: Kind = "instant vector"
RANGE: Kind = "range vector"
STRING: Kind = "string"


@dataclass(frozen=True, slots=True)
class Signature:
    """What a function takes, how many of it may be left out, and what it gives."""

    takes: Sequence[Kind]
    optional: int = 0
    gives: Kind = VECTOR
    more: bool = False  # any number of what it takes last


def _each(names: str, signature: Signature) -> dict[str, Signature]:
    return dict.fromkeys(names.split(), signature)


FUNCTIONS = {
    **_each(
        "abs absent ceil exp floor ln log10 log2 sgn sort sort_desc sqrt timestamp",
        Signature((VECTOR,)),
    ),
    **_each(
        "absent_over_time avg_over_time changes count_over_time delta deriv idelta increase irate"
        " last_over_time max_over_time min_over_time present_over_time rate resets"
        " stddev_over_time stdvar_over_time sum_over_time",
        Signature((RANGE,)),
    ),
    **_each(
        "day_of_month day_of_week day_of_year days_in_month hour minute month year",
        Signature((VECTOR,), optional=1),
    ),
    "clamp": Signature((VECTOR, SCALAR, SCALAR)),
    "clamp_max": Signature((VECTOR, SCALAR)),
    "clamp_min": Signature((VECTOR, SCALAR)),
    "histogram_quantile": Signature((SCALAR, VECTOR)),
    "label_join": Signature((VECTOR, STRING, STRING, STRING), optional=1, more=True),
    "label_replace": Signature((VECTOR, STRING, STRING, STRING, STRING)),
    "predict_linear": Signature((RANGE, SCALAR)),
    "quantile_over_time": Signature((SCALAR, RANGE)),
    "round": Signature((VECTOR, SCALAR), optional=1),
    "scalar": Signature((VECTOR,), gives=SCALAR),
    "time": Signature((), gives=SCALAR),
    "vector": Signature((SCALAR,)),
}
AGGREGATIONS: dict[str, Kind | None] = {  # with what they take besides
    **dict.fromkeys(("avg", "count", "group", "max", "min", "stddev", "stdvar", "sum")),
    "bottomk": SCALAR,
    "count_values": STRING,
    "quantile": SCALAR,
    "topk": SCALAR,
}
