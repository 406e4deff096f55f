"""Things done side by side, of which the first failure is the failure of all."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

AT_ONCE: Final = 8
"""Calls of a load that are under way at once."""

Result = TypeVar("Result")
One = TypeVar("One")
Other = TypeVar("Other")


async def together(*doings: Coroutine[Any, Any, Result]) -> list[Result]:
    """The results of these, in their order; the first failure stops the others and is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(doing) for doing in doings]
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]


async def both(one: Coroutine[Any, Any, One], other: Coroutine[Any, Any, Other]) -> tuple[One, Other]:
    """The results of two things of different kinds, as `together`."""
    results: list[Any] = await together(one, other)
    return results[0], results[1]
