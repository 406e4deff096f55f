"""Parameters that several routes share: the cell, the day, the period."""

from typing import Annotated

from fastapi import Depends, Query
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from services.chassis.domain.refusals import Refuses
from services.contracts.registry.businesses import BusinessKind
from services.metrics.catalogue.businesses import Sector, Size


def _year(text: str) -> str:
    if not (len(text) == 4 and text.isascii() and text.isdigit()):
        raise PydanticCustomError("year_invalid", "a year is written YYYY")
    return text


Year = Annotated[str, AfterValidator(_year), Refuses("year_invalid")]


async def dims(
    kind: Annotated[BusinessKind | None, Query()] = None,
    sector: Annotated[Sector | None, Query(description="section of GB/T 4754-2017")] = None,
    size: Annotated[Size | None, Query(description="by employees last stated")] = None,
    entry_year: Annotated[Year | None, Query(description="of entry into the zone")] = None,
) -> dict[str, str]:
    """The dimensions that a request names; none of them is the total."""
    named = {"kind": kind and kind.value, "sector": sector, "size": size, "entry_year": entry_year}
    return {name: value for name, value in named.items() if value is not None}


InDims = Annotated[dict[str, str], Depends(dims)]
"""The cell that is asked for."""
