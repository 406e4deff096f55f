"""What every route of every service keeps to."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from deploy.services import WITH_GATEWAY, assembled


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
    routes = [route for router in assembled(service)._routers for route in router.routes]
    assert routes
    sync = {
        f"{route.path}: {call}"
        for route in routes
        if isinstance(route, APIRoute)
        for call in calls(route.dependant)
        if not is_async(call)
    }
    assert sync == set()
