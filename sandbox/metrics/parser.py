"""PromQL's grammar: from words to a tree, refused with what is supported where it is not."""

import math
from collections.abc import Sequence
from dataclasses import replace

from .matching import NAME, Matcher
from .nodes import (
    Aggregation,
    Binary,
    Call,
    Kind,
    Moment,
    Negation,
    Node,
    Number,
    Pairing,
    Selector,
    Subquery,
    Text,
    Window,
)
from .refusals import Refusal, parse_error
from .signatures import AGGREGATIONS, FUNCTIONS, SCALAR, VECTOR, Signature
from .tokens import Token, seconds, tokens, unquoted

DEEPEST = 60
MOST_SIGNS = 150
STRENGTH = {
    **dict.fromkeys(("or",), 1),
    **dict.fromkeys(("and", "unless"), 2),
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">="), 3),
    **dict.fromkeys(("+", "-"), 4),
    **dict.fromkeys(("*", "/", "%", "atan2"), 5),
    "^": 6,
}
SETS = {"and", "or", "unless"}
COMPARISONS = {"==", "!=", "<", "<=", ">", ">="}
NUMBERS = {"inf": math.inf, "nan": math.nan}
WORDS = {"by", "without", "on", "ignoring", "group_left", "group_right", "bool", "offset"}


def parse(query: str) -> Node:
    """Return what a query says. Raises Refusal."""
    return _Parser(query).whole()


class _Parser:
    def __init__(self, query: str) -> None:
        self._query = query
        self._tokens = tokens(query)
        self._place = 0
        self._depth = self._signs = 0

    def whole(self) -> Node:
        if len(self._tokens) == 1:
            raise self._refusal(self._next, "no expression found in input")
        found = self._expression(1)
        if self._next.kind != "end":
            raise self._unexpected("end of input or an operator")
        return found

    @property
    def _next(self) -> Token:
        return self._tokens[self._place]

    def _take(self) -> Token:
        token = self._tokens[self._place]
        self._place += token.kind != "end"
        return token

    def _is(self, *texts: str) -> bool:
        """Tell whether one of these is next; words are known in any case."""
        token = self._next
        return token.kind in {"sign", "name"} and token.text.lower() in texts

    def _take_if(self, *texts: str) -> str:
        return self._take().text.lower() if self._is(*texts) else ""

    def _expect(self, text: str) -> None:
        if not self._take_if(text):
            raise self._unexpected(repr(text))

    def _refusal(self, token: Token, words: str) -> Refusal:
        return parse_error(self._query, token.at, words)

    def _unexpected(self, expected: str) -> Refusal:
        token = self._next
        found = "end of input" if token.kind == "end" else f"{token.kind} {token.text!r}"
        return self._refusal(self._next, f"unexpected {found}, expected {expected}")

    def _expression(self, strength: int) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._refusal(self._next, f"nesting is supported up to {DEEPEST} levels")
        left = self._unary()
        while (sign := self._sign()) and STRENGTH[sign] >= strength:
            token = self._take()
            self._signs += 1
            if self._signs > MOST_SIGNS:
                raise self._refusal(token, f"up to {MOST_SIGNS} operators are supported")
            says, pairing = self._modifiers(sign)
            right = self._expression(STRENGTH[sign] + (sign != "^"))
            left = self._binary(token, left, right, pairing, says=says)
        self._depth -= 1
        return left

    def _sign(self) -> str:
        text = self._next.text.lower() if self._next.kind in {"sign", "name"} else ""
        return text if text in STRENGTH else ""

    def _unary(self) -> Node:
        token = self._next
        if not (sign := self._take_if("-", "+")):
            return self._suffixed(self._primary())
        of = self._expression(STRENGTH["^"])
        if of.kind not in {SCALAR, VECTOR}:
            raise self._refusal(
                token,
                "unary expression only allowed on expressions of type scalar or instant vector, "
                f"got {of.kind!r}",
            )
        if sign == "+":
            return of
        return Number(-of.value) if isinstance(of, Number) else Negation(of, of.kind)

    def _modifiers(self, sign: str) -> tuple[bool, Pairing]:
        token = self._next
        says = bool(self._take_if("bool"))
        if says and sign not in COMPARISONS:
            raise self._refusal(token, "bool modifier can only be used on comparison operators")
        how = self._take_if("on", "ignoring")
        if not how:
            return says, Pairing()
        found = Pairing(self._names(), on=how == "on")
        if many := self._take_if("group_left", "group_right"):
            if sign in SETS:
                raise self._refusal(self._next, f"no grouping allowed for {sign!r} operation")
            taken = self._names() if self._is("(") else ()
            if twice := set(taken) & set(found.labels) if found.on else None:
                raise self._refusal(
                    self._next,
                    f"label {min(twice)!r} must not occur in ON and GROUP clause at once",
                )
            left = many == "group_left"
            found = replace(found, many="left" if left else "right", taken=taken)
        return says, found

    def _binary(
        self, token: Token, left: Node, right: Node, pairing: Pairing, *, says: bool
    ) -> Node:
        sign, kinds = token.text.lower(), {left.kind, right.kind}
        if not kinds <= {SCALAR, VECTOR}:
            raise self._refusal(
                token, "binary expression must contain only scalar and instant vector types"
            )
        if sign in SETS and SCALAR in kinds:
            raise self._refusal(
                token, f"set operator {sign!r} not allowed in binary scalar expression"
            )
        if sign in COMPARISONS and kinds == {SCALAR} and not says:
            raise self._refusal(token, "comparisons between scalars must use BOOL modifier")
        if pairing != Pairing() and SCALAR in kinds:
            raise self._refusal(token, "vector matching only allowed between instant vectors")
        kind: Kind = SCALAR if kinds == {SCALAR} else VECTOR
        return Binary(sign, left, right, pairing, says, kind)

    def _primary(self) -> Node:
        token = self._take()
        match token.kind:
            case "number":
                text = token.text.lower()
                return Number(float(int(text, 16)) if text.startswith("0x") else float(text))
            case "text":
                return Text(self._said(token))
            case "name":
                return self._named(token)
            case "sign" if token.text == "(":
                found = self._expression(1)
                self._expect(")")
                return found
            case "sign" if token.text == "{":
                return self._selector("", token)
        self._place -= token.kind != "end"
        raise self._unexpected("a metric, a function, an aggregation, a number or '('")

    def _named(self, token: Token) -> Node:
        word = token.text.lower()
        if word in AGGREGATIONS and self._is("(", "by", "without"):
            return self._aggregation(word)
        if word in NUMBERS and not self._is("{"):
            return Number(NUMBERS[word])
        if self._is("("):
            return self._call(token)
        if word in {*STRENGTH, *WORDS}:
            raise self._refusal(token, f"unexpected <{word}>, expected a metric or a function")
        return self._selector(token.text, token)

    def _aggregation(self, name: str) -> Node:
        grouped = self._grouping()
        token = self._next
        given = self._arguments()
        if grouped is None:
            grouped = self._grouping()
        extra = AGGREGATIONS[name]
        if len(given) != 1 + bool(extra):
            words = "wrong number of arguments for aggregate expression provided"
            raise self._refusal(token, f"{words}, expected {1 + bool(extra)}, got {len(given)}")
        for kind, node in zip([extra, VECTOR] if extra else [VECTOR], given, strict=True):
            if kind != node.kind:
                raise self._refusal(
                    token, f"expected type {kind} in aggregation {name}, got {node.kind}"
                )
        how, names = grouped or ("by", ())
        return Aggregation(name, given[-1], given[0] if extra else None, names, how == "by")

    def _grouping(self) -> tuple[str, Sequence[str]] | None:
        how = self._take_if("by", "without")
        return (how, self._names()) if how else None

    def _names(self) -> Sequence[str]:
        found = list[str]()
        self._expect("(")
        while not self._is(")"):
            token = self._take()
            if token.kind != "name" or ":" in token.text:
                self._place -= token.kind != "end"
                raise self._unexpected("a label")
            found.append(token.text)
            if not self._take_if(","):
                break
        self._expect(")")
        return tuple(found)

    def _arguments(self) -> Sequence[Node]:
        given = list[Node]()
        self._expect("(")
        while not self._is(")"):
            given.append(self._expression(1))
            if not self._take_if(","):
                break
            if self._is(")"):
                raise self._refusal(
                    self._next, "trailing commas not allowed in function call args"
                )
        self._expect(")")
        return given

    def _call(self, token: Token) -> Node:
        name = token.text
        signature = FUNCTIONS.get(name)
        if signature is None:
            known = ", ".join(sorted([*FUNCTIONS, *AGGREGATIONS]))
            raise self._refusal(
                token, f'unknown function with name "{name}"; supported here: {known}'
            )
        given = self._arguments()
        takes = _expected(signature, len(given))
        if len(takes) != len(given):
            most = "more" if signature.more else len(signature.takes)
            least = len(signature.takes) - signature.optional
            words = f"expected {least}" if least == most else f"expected {least} to {most}"
            raise self._refusal(
                token, f'{words} argument(s) in call to "{name}", got {len(given)}'
            )
        for kind, node in zip(takes, given, strict=True):
            if kind != node.kind:
                words = f'expected type {kind} in call to function "{name}", got {node.kind}'
                raise self._refusal(token, words)
        return Call(name, given, signature.gives)

    def _selector(self, name: str, begin: Token) -> Node:
        found = [Matcher(NAME, "=", name)] if name else []
        if begin.text == "{" or self._take_if("{"):
            while not self._is("}"):
                found.append(self._matcher(bool(name)))
                if not self._take_if(","):
                    break
            self._expect("}")
        if all(matcher.fits("") for matcher in found):
            words = "vector selector must contain at least one non-empty matcher"
            raise self._refusal(begin, words)
        return Selector(tuple(found))

    def _matcher(self, named: bool) -> Matcher:  # noqa: FBT001 - of its own parser
        label = self._take()
        if label.kind != "name" or ":" in label.text:
            self._place -= label.kind != "end"
            raise self._unexpected("a label or '}'")
        if named and label.text == NAME:
            raise self._refusal(label, "metric name must not be set twice")
        operator = self._take_if("=", "!=", "=~", "!~")
        if not operator:
            raise self._unexpected("one of = != =~ !~")
        value = self._take()
        if value.kind != "text":
            self._place -= value.kind != "end"
            raise self._unexpected("a text in quotes")
        try:
            return Matcher(label.text, operator, self._said(value))
        except ValueError as error:
            raise self._refusal(value, f"error parsing regexp: {error}") from error

    def _said(self, token: Token) -> str:
        try:
            return unquoted(token)
        except ValueError as error:
            raise self._refusal(token, str(error)) from error

    def _suffixed(self, node: Node) -> Node:
        """Take a range, an offset and a fixed moment, in the order they may come."""
        while self._is("[", "offset", "@"):
            token = self._next
            if self._take_if("["):
                node = self._ranged(node, token)
            elif self._take_if("offset"):
                node = self._moved(node, token, offset=self._offset())
            else:
                self._take()
                node = self._moved(node, token, at=self._at())
        return node

    def _ranged(self, node: Node, token: Token) -> Node:
        length = self._duration()
        if self._take_if(":"):
            step = None if self._is("]") else self._duration()
            self._expect("]")
            if node.kind != VECTOR:
                words = f"subquery is only allowed on instant vector, got {node.kind} instead"
                raise self._refusal(token, words)
            return Subquery(node, length, step)
        self._expect("]")
        if not isinstance(node, Selector):
            raise self._refusal(token, "ranges only allowed for vector selectors")
        if node.moment != Moment():
            raise self._refusal(token, "no offset or @ modifiers allowed before range")
        return Window(node, length)

    def _duration(self) -> float:
        token = self._take()
        if token.kind != "duration":
            self._place -= token.kind != "end"
            raise self._unexpected("a duration")
        length = seconds(token.text)
        if not 0 < length < 3e9:  # noqa: PLR2004 - a hundred years
            raise self._refusal(token, "duration must be greater than 0 and less than 100 years")
        return length

    def _offset(self) -> float:
        back = -1.0 if self._take_if("-") else 1.0
        return back * self._duration()

    def _at(self) -> "float | str":
        back = -1.0 if self._take_if("-") else 1.0
        if self._next.kind == "number":
            return back * float(self._take().text)
        word = self._take_if("start", "end")
        if not word:
            raise self._unexpected("a timestamp, start() or end()")
        self._expect("(")
        self._expect(")")
        return word

    def _moved(
        self, node: Node, token: Token, *, offset: float = 0.0, at: "float | str | None" = None
    ) -> Node:
        match node:
            case Selector(moment=moment) | Subquery(moment=moment):
                pass
            case Window(selector=Selector(moment=moment)):
                pass
            case _:
                words = "must be preceded by an instant vector selector or range vector selector"
                raise self._refusal(token, f"{token.text} modifier {words} or a subquery")
        if (offset and moment.offset) or (at is not None and moment.at is not None):
            raise self._refusal(token, f"{token.text} may not be set multiple times")
        moment = Moment(offset or moment.offset, at if at is not None else moment.at)  # type: ignore[arg-type]
        if isinstance(node, Window):
            return replace(node, selector=replace(node.selector, moment=moment))
        return replace(node, moment=moment)


def _expected(signature: Signature, given: int) -> Sequence[Kind]:
    """Return the kinds that so many arguments should have, as far as there may be so many."""
    takes = list(signature.takes)
    if signature.more and given > len(takes):
        takes += [takes[-1]] * (given - len(takes))
    return takes[: max(given, len(signature.takes) - signature.optional)]
