"""Answer queries: a tree and a moment give a value."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .arithmetic import quantile
from .functions import called
from .grouping import aggregated
from .joining import both, put
from .matching import NAME, NONE, Labels, labels, nameless
from .nodes import (
    Aggregation,
    Binary,
    Call,
    Moment,
    Negation,
    Node,
    Number,
    Selector,
    Subquery,
    Text,
    Window,
)
from .over_time import OVER_TIME, trend
from .refusals import Refusal, cannot
from .series import Series, Store, milliseconds
from .values import Ranges, Stretch, Value, Vector

MOST_NUMBERS = 3_000_000  # looked at for one query
A_STEP = 20  # numbers, which are as quick to look at
MOST_STEPS = 11_000
USUAL_STEP = 60_000  # milliseconds, of a subquery that names none
AS_IT_IS = {"last_over_time"}  # keeps the name of the metric


def at_once(store: Store, node: Node, at: float) -> Value:
    """Return what a query gives at that moment. Raises Refusal."""
    moment = milliseconds(at)
    return _Question(store, moment, moment).value(node, moment)


def over_time(
    store: Store, node: Node, begin: float, end: float, step: float
) -> dict[Labels, list[tuple[int, float]]]:
    """Return what a query gives at each step, by series in their order. Raises Refusal."""
    if node.kind not in {"scalar", "instant vector"}:
        words = f'invalid expression type "{node.kind}" for range query, must be Scalar or instant'
        raise Refusal(words + " Vector")
    first, last = milliseconds(begin), milliseconds(end)
    question = _Question(store, first, last)
    found = dict[Labels, list[tuple[int, float]]]()
    for moment, vector in question.steps(node, first, last, max(1, milliseconds(step))):
        for given, value in vector.items():
            found.setdefault(given, []).append((moment, value))
    return dict(sorted(found.items()))


@dataclass
class _Question:
    """One query of a store, from a first moment to a last."""

    store: Store
    begin: int
    end: int
    looked_at: int = 0
    selected: dict[int, Sequence[Series]] = field(default_factory=dict)

    def value(self, node: Node, at: int) -> Value:
        """Return what a part of the query gives then."""
        match node:
            case Number(value=value) | Text(value=value):
                return value
            case Selector():
                return self._newest(node, at)
            case Window() | Subquery():
                return self._ranges(node, at)
            case Negation():
                return self._opposite(node, at)
            case Aggregation():
                return self._aggregated(node, at)
            case Binary():
                return self._both(node, at)
            case Call():
                return self._called(node, at)

    def steps(self, node: Node, first: int, last: int, step: int) -> Iterator[tuple[int, Vector]]:
        """Return what it gives at each step, a plain number as a series without labels."""
        for moment in range(first, last + 1, step):
            self._look(A_STEP)
            value = self.value(node, moment)
            yield moment, _vector(value)

    def _look(self, numbers: int) -> None:
        self.looked_at += numbers
        if self.looked_at > MOST_NUMBERS:
            words = "query processing would load too many samples into memory in query execution"
            raise cannot(words)

    def _series(self, selector: Selector) -> Sequence[Series]:
        found = self.selected.get(id(selector))
        if found is None:
            found = self.selected[id(selector)] = self.store.select(selector.matchers)
        return found

    def _moment(self, moment: Moment, at: int) -> int:
        match moment.at:
            case "start":
                at = self.begin
            case "end":
                at = self.end
            case float(fixed):
                at = milliseconds(fixed)
            case None:
                pass
        return at - milliseconds(moment.offset)

    def _measured(self, selector: Selector, at: int) -> Iterator[tuple[Labels, int, float]]:
        series, moment = self._series(selector), self._moment(selector.moment, at)
        self._look(len(series))
        for one in series:
            if (newest := one.newest(moment)) is not None:
                yield one.labels, *newest

    def _newest(self, selector: Selector, at: int) -> Vector:
        return {given: value for given, _, value in self._measured(selector, at)}

    def _ranges(self, node: Window | Subquery, at: int) -> Ranges:
        length = milliseconds(node.seconds)
        if isinstance(node, Subquery):
            return self._subquery(node, self._moment(node.moment, at), length)
        end = self._moment(node.selector.moment, at)
        found = dict[Labels, Stretch]()
        for series in self._series(node.selector):
            times, values = series.during(end - length, end)
            self._look(len(times) + 1)
            if times:
                found[series.labels] = Stretch(times, values, end - length, end)
        return Ranges(found)

    def _subquery(self, node: Subquery, end: int, length: int) -> Ranges:
        step = milliseconds(node.step) if node.step else USUAL_STEP
        first = -(-(end - length) // step) * step
        found = dict[Labels, tuple[list[int], list[float]]]()
        for moment, vector in self.steps(node.query, first, end, max(1, step)):
            for given, value in vector.items():
                times, values = found.setdefault(given, ([], []))
                times.append(moment)
                values.append(value)
        stretches = {
            given: Stretch(times, values, end - length, end)
            for given, (times, values) in sorted(found.items())
        }
        return Ranges(stretches)

    def _opposite(self, node: Negation, at: int) -> float | Vector:
        value = self._plain(node.of, at)
        if isinstance(value, float):
            return -value
        found = Vector()
        for given, number in value.items():
            put(found, nameless(given), -number)
        return found

    def _plain(self, node: Node, at: int) -> float | Vector:
        """Return the value of what the parser knows to give numbers."""
        value = self.value(node, at)
        return value if isinstance(value, float) else _vector(value)

    def _both(self, node: Binary, at: int) -> float | Vector:
        return both(node, self._plain(node.left, at), self._plain(node.right, at))

    def _aggregated(self, node: Aggregation, at: int) -> Vector:
        extra = None if node.parameter is None else self.value(node.parameter, at)
        given = extra if isinstance(extra, float | str) else None
        return aggregated(node, _vector(self.value(node.of, at)), given)

    def _called(self, node: Call, at: int) -> Value:
        match node.name, node.given:
            case "timestamp", [Selector() as selector]:
                return {
                    nameless(given): since / 1000
                    for given, since, _ in self._measured(selector, at)
                }
            case "timestamp", [of]:
                return {nameless(g): at / 1000 for g in _vector(self.value(of, at))}
            case (("absent" | "absent_over_time"), [of]):
                value = self.value(of, at)
                known = value.of if isinstance(value, Ranges) else value
                return {} if known else {_told_by(of): 1.0}
            case _:
                pass
        windows = [part for part in node.given if isinstance(part, Window | Subquery)]
        if windows:
            return self._over_time(node, windows[0], at)
        return called(node.name, [self.value(part, at) for part in node.given], at / 1000)

    def _over_time(self, node: Call, window: Window | Subquery, at: int) -> Vector:
        numbers = [self._plain(p, at) for p in node.given if p is not window]
        number = next((n for n in numbers if isinstance(n, float)), 0.0)
        found = Vector()
        for given, stretch in self._ranges(window, at).of.items():
            value: float | None
            if node.name == "quantile_over_time":
                value = quantile(stretch.values, number)
            elif node.name == "predict_linear":
                line = trend(stretch, at)
                value = line and line[0] * number + line[1]
            else:
                value = OVER_TIME[node.name](stretch)
            if value is not None:
                put(found, given if node.name in AS_IT_IS else nameless(given), value)
        return found


def _vector(value: Value) -> Vector:
    if isinstance(value, dict):
        return value
    return {NONE: value} if isinstance(value, float) else {}


def _told_by(node: Node) -> Labels:
    """Return the labels that a selector asks for by their values: those of what is absent."""
    if isinstance(node, Window):
        node = node.selector
    found = dict[str, str]()
    if isinstance(node, Selector):
        for matcher in node.matchers:
            once = matcher.name not in found and matcher.operator == "="
            found[matcher.name] = matcher.value if once else ""
    return labels({**found, NAME: ""})
