"""docs/sandbox.md tells of everything that is there, and of nothing that is not."""

import re
from collections.abc import Iterator
from pathlib import Path

from aiohttp import ClientSession

from sandbox.control.settings import KNOWN
from sandbox.methods.registry import METHODS
from sandbox.orders import FIELDS, ON_CALLS, ON_DELIVERIES
from sandbox.server import Sandbox

TOLD = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text()
CODE = re.compile(r"`([^`]+)`")


def rows(head: str) -> Iterator[list[str]]:
    """Yield the cells of every row of the tables whose first column is headed so."""
    here = False
    for line in TOLD.splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if not cells:
            here = False
        elif here and cells[0] != "---":
            yield cells
        here = here or (bool(cells) and cells[0] == head)


async def test_the_control_api_is_told_whole() -> None:
    async with ClientSession() as session:
        routes = Sandbox()._wired(session).router.routes()
    there = [
        (route.method, route.resource.canonical.removeprefix("/control/"))
        for route in routes
        if route.resource and route.resource.canonical.removeprefix("/control/") != ""
        if route.resource.canonical.startswith("/control/")
        if route.method != "HEAD"
    ]
    told = [
        (method, name)
        for method in ("GET", "POST", "DELETE")
        for cells in rows(method)
        for name in CODE.findall(cells[0])
    ]
    assert sorted(told) == sorted(there)


def test_every_method_is_told() -> None:
    told = [
        f"{CODE.findall(family)[0]}.{name}"
        for family, names in rows("family")
        for name in CODE.findall(names)
    ]
    assert sorted(told) == sorted(METHODS)


def test_every_setting_and_every_field_of_an_order_is_told() -> None:
    fields = {CODE.findall(cells[0])[0]: cells[1] for cells in rows("POST")}
    assert set(re.findall(r"\w+", fields["settings"])) >= KNOWN
    assert set(re.findall(r"\w+", fields["faults"])) - {"or"} == FIELDS


def test_every_kind_of_trouble_is_told() -> None:
    told = {(name, cells[1]) for cells in rows("kind") for name in CODE.findall(cells[0])}
    of_calls = {(kind, "calls") for kind in ON_CALLS}
    assert told == of_calls | {(kind, "deliveries") for kind in ON_DELIVERIES}
