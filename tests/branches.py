"""Notes which branches of the templates were drawn, so that a test can name the others."""

from typing import NamedTuple

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame

from bot.render import Wording

MARK = "_drawn"
Marked = nodes.If | nodes.For | nodes.Macro | nodes.CondExpr


class Branch(NamedTuple):
    """One way through a template."""

    template: str
    line: int
    way: str

    def __str__(self) -> str:
        return f"{self.template}, line {self.line}: {self.way}"


class WatchedWording(Wording):
    """Knows every branch of the templates it has opened, and which of them it has drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.known = set[Branch]()
        self.drawn = set[Branch]()
        self._env.code_generator_class = _marking(self.known)
        self._env.globals[MARK] = self._note

    def _note(self, template: str, line: int, way: str, value: object) -> object:
        self.drawn.add(Branch(template, line, way))
        return value


def _marking(known: set[Branch]) -> type[CodeGenerator]:
    class Marking(CodeGenerator):
        def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 -- as the base class names it
            marker = _Marker(self.environment, str(self.name), known)
            also = {id(other) for each in node.find_all(nodes.If) for other in each.elif_}
            branching = [n for n in node.find_all(nodes.Node) if isinstance(n, Marked)]
            for each in branching:
                marker.mark(each, last=id(each) not in also)
            super().visit_Template(node, frame)

    return Marking


class _Marker:
    def __init__(self, env: jinja2.Environment, template: str, known: set[Branch]) -> None:
        self._env = env
        self._template = template
        self._known = known

    def mark(self, node: Marked, *, last: bool) -> None:
        match node:
            case nodes.CondExpr(test=test):
                node.expr1 = self._call(node, f"if {_named(test)}", node.expr1)
                if node.expr2:
                    node.expr2 = self._call(node, f"else of {_named(test)}", node.expr2)
            case nodes.If(test=test):
                node.body.insert(0, self._statement(node, f"if {_named(test)}"))
                if last:
                    node.else_.insert(0, self._statement(node, f"else of {_named(test)}"))
            case nodes.For(iter=found):
                node.body.insert(0, self._statement(node, f"each of {_named(found)}"))
                if node.else_:
                    node.else_.insert(0, self._statement(node, f"none of {_named(found)}"))
            case nodes.Macro():
                node.body.insert(0, self._statement(node, f"macro {node.name}"))

    def _statement(self, at: nodes.Node, way: str) -> nodes.Node:
        call = self._call(at, way, nodes.Const(None))
        return nodes.ExprStmt(call).set_lineno(at.lineno).set_environment(self._env)

    def _call(self, at: nodes.Node, way: str, value: nodes.Expr) -> nodes.Call:
        self._known.add(Branch(self._template, at.lineno, way))
        said = [nodes.Const(part) for part in (self._template, at.lineno, way)]
        call = nodes.Call(nodes.Name(MARK, "load"), [*said, value], [], None, None)
        call.set_lineno(at.lineno).set_environment(self._env)
        return call


def _named(test: nodes.Node) -> str:
    """Return the names that a condition is about, as one would look for them."""
    found = [
        (n.name if isinstance(n, nodes.Name) else n.attr)
        for n in [test, *test.find_all((nodes.Name, nodes.Getattr))]
        if isinstance(n, nodes.Name | nodes.Getattr)
    ]
    return ".".join(name for name in dict.fromkeys(reversed(found)) if name != MARK) or "?"
