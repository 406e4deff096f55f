"""What every route of every service keeps to."""

import ast
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant

from deploy.services import WITH_GATEWAY, assembled

ROOT = Path(__file__).resolve().parents[2]


def calls(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    """An endpoint and all that it depends on."""
    if dependant.call is not None:
        yield dependant.call
    for inner in dependant.dependencies:
        yield from calls(inner)


def is_async(call: Callable[..., Any]) -> bool:
    return inspect.iscoroutinefunction(call) or inspect.iscoroutinefunction(type(call).__call__)


@pytest.mark.parametrize("service", WITH_GATEWAY)
def test_nothing_of_a_route_is_run_in_a_thread_which_costs_more_than_all_that_it_does(service: str) -> None:
    routes = assembled(service).routes()
    assert routes
    sync = {f"{route.path}: {call}" for route in routes for call in calls(route.dependant) if not is_async(call)}
    assert sync == set()


def bare_reads(source: str) -> list[int]:
    """The lines on which a unit of work is asked for something without a look at whose it is."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("get", "find", "load", "select")
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "tx"
    ]


def test_a_route_reads_only_what_its_caller_may_see() -> None:
    files = [path for folder in ("services", "gateway") for path in (ROOT / folder).rglob("routes.py")]
    assert len(files) >= 5
    assert {str(path.relative_to(ROOT)): lines for path in files if (lines := bare_reads(path.read_text()))} == {}


def test_a_bare_read_would_be_found() -> None:
    assert bare_reads("async def see(tx):\n    return await tx.get(Tenant, 'ten_1')\n") == [2]
