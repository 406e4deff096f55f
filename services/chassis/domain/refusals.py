"""Declared problem codes: with which a type, a model or an operation may refuse, said where the rule stands."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Refuses:
    """In an annotated type: the codes of what its validators do not accept.

    A model whose own validators refuse says so in a class attribute `refuses`, a tuple of codes.
    """

    codes: tuple[str, ...]

    def __init__(self, *codes: str) -> None:
        object.__setattr__(self, "codes", codes)


def refuses(*codes: str) -> Callable[[F], F]:
    """Declare with which codes an operation, or what it depends on, may refuse beyond its parameters and its body.

    The API document shows them, and no test of a route may see another one.
    """

    def declare(function: F) -> F:
        function.refuses = codes  # type: ignore[attr-defined]  # read by `specs.refusals`
        return function

    return declare
