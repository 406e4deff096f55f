"""The cell that a request asks for: one query parameter for each dimension of any subject."""

from collections.abc import Iterable
from inspect import Parameter, Signature
from typing import Annotated, Any

from fastapi import Depends, Query

from services.metrics.catalogue.all import SUBJECTS
from services.metrics.figures.dimensions import Dimension


def query_parameters(dimensions: Iterable[Dimension]) -> list[Parameter]:
    """An optional parameter for each name.

    Raises:
        TypeError: two dimensions have one name, and not the same values.
    """
    found: dict[str, Dimension] = {}
    for each in dimensions:
        if found.setdefault(each.name, each).type != each.type:
            raise TypeError(f"two different dimensions are called {each.name}")
    return [
        Parameter(
            name,
            Parameter.KEYWORD_ONLY,
            default=None,
            annotation=Annotated[each.type | None, Query(description=each.about)],
        )
        for name, each in found.items()
    ]


async def dims(**named: Any) -> dict[str, str]:
    """The dimensions that a request names; none of them is the total."""
    return {name: str(value) for name, value in named.items() if value is not None}


_NAMED = Signature(query_parameters(each for subject in SUBJECTS for each in subject.dimensions))
dims.__signature__ = _NAMED  # type: ignore[attr-defined]  # what the framework reads: parameters as the subjects declare

InDims = Annotated[dict[str, str], Depends(dims)]
"""The cell that is asked for."""
