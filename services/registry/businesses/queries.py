"""Reads of the register: a business by whatever it is known by, as of any moment, and searches."""

import re
from datetime import datetime
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import Field, StringConstraints

from services.chassis.domain.errors import NotFound, Unprocessable
from services.chassis.domain.texts.text import Text
from services.chassis.domain.times import Instant
from services.chassis.domain.violations import Violation, refuse_parameters
from services.chassis.http.filters import Filter, SearchText
from services.chassis.http.paging import Page, PageRequest
from services.chassis.store.unit_of_work import Tx
from services.contracts.registry.businesses import BusinessKind
from services.registry.businesses.business import Business
from services.registry.businesses.entry.identifiers import USCC, Scheme
from services.registry.businesses.entry.rules.code_checks import normalised
from services.registry.businesses.status import BusinessStatus
from services.registry.businesses.versions import BusinessVersion
from services.registry.businesses.views import (
    BusinessVersionSummary,
)

BUSINESS_ID = re.compile(r"biz_[0-9a-f]{32}")

REGISTRATION_NUMBER = re.compile(r"KEZ[0-9]{10}")

BusinessRef = Annotated[
    str,
    StringConstraints(max_length=100),
    Path(description="The business: its id, its registration number, or `uscc:` and its credit code."),
]
"""A business's id, its registration number, or `uscc:` and its credit code."""

BUSINESS_SORTS = {"id": "_id", "name": "name.legal", "updated_at": "updated_at"}

VERSION_SORTS = {"version": "version"}


async def business_by(ref: str, tx: Tx) -> Business:
    """The business known by an id, a registration number or a credit code.

    Raises:
        NotFound: there is none.
    """
    if BUSINESS_ID.fullmatch(ref):
        return await tx.visible(Business, ref)
    if REGISTRATION_NUMBER.fullmatch(ref):
        where: dict[str, Any] = {"registration_number": ref}
    elif ref.startswith("uscc:"):
        where = known_by(USCC, ref.removeprefix("uscc:"))
    else:
        raise NotFound
    # A code is free again after a dissolution: who has it is meant, and where nobody does, who had it last.
    found = await tx.select(Business, where | {"status": {"$ne": BusinessStatus.DISSOLVED}}, limit=1)
    found = found or await tx.select(Business, where, sort=[("status_since", -1)], limit=1)
    if not found:
        raise NotFound
    return found[0]


def known_by(scheme: str, code: str) -> dict[str, Any]:
    """The filter for the businesses with a code, however it was written."""
    return {"identifiers.id": normalised(code), "identifiers.scheme": scheme}


async def business_then(business: Business, tx: Tx, *, as_of: datetime | None, version: int | None) -> Business:
    """A business as the register showed it at a moment, or in a version; as it is where neither is asked for.

    Raises:
        Unprocessable: both are asked for, or a moment that has not come.
        NotFound: `not_registered_at`; or there is no such version.
    """
    if as_of is not None and version is not None:
        both = "A business is shown as of a moment or in a version, not both."
        refuse_parameters(Violation("ambiguous", both, ("version",)))
    if version is not None:
        return (await version_of(business, version, tx)).snapshot
    if as_of is None:
        return business
    if as_of > tx.now:
        to_come = "What the register will say is not known yet."
        refuse_parameters(Violation("as_of_in_future", to_come, ("as_of",)))
    where = {"business_id": business.id, "valid_from": {"$lte": as_of}}
    rows = await tx.select(BusinessVersion, where, sort=[("valid_from", -1), ("version", -1)], limit=1)
    if not rows:
        raise NotFound("The business was not in the register then.", code="not_registered_at")
    return rows[0].snapshot


async def version_of(business: Business, version: int, tx: Tx) -> BusinessVersion:
    """A version of a business. Raises NotFound where the register did not change with it."""
    rows = await tx.select(BusinessVersion, {"business_id": business.id, "version": version}, limit=1)
    if not rows:
        raise NotFound
    return rows[0]


async def version_after(row: BusinessVersion, tx: Tx) -> BusinessVersion | None:
    """The version that followed; None while this one holds."""
    where = {"business_id": row.business_id, "version": {"$gt": row.version}}
    rows = await tx.select(BusinessVersion, where, sort=[("version", 1)], limit=1)
    return rows[0] if rows else None


async def history(business: Business, page: PageRequest, tx: Tx) -> Page[BusinessVersionSummary]:
    """The versions of a business, in order."""
    rows = await page.of(tx, BusinessVersion, {"business_id": business.id}, lambda row: row, sorts=VERSION_SORTS)
    following = [*rows.data[1:], *([await version_after(rows.data[-1], tx)] if rows.data else [])]
    summaries = [BusinessVersionSummary.of(row, after) for row, after in zip(rows.data, following, strict=True)]
    return Page(data=summaries, next_cursor=rows.next_cursor)


class BusinessFilter(Filter):
    """By name or number, status, kind, sector and code."""

    q: SearchText | None = None
    status: BusinessStatus | None = None
    """What the register says of its life."""
    kind: BusinessKind | None = None
    """Industrial or cloud."""
    sector: Annotated[str | None, Field(pattern="^[0-9]{1,4}$")] = None
    """A primary code begins with it."""
    scheme: Scheme | None = None
    """The scheme of `identifier`."""
    identifier: Annotated[str, Text(at_most=100)] | None = None
    """A code of `scheme`."""

    def where(self) -> dict[str, Any]:
        """Raises Unprocessable: one of `scheme` and `identifier` without the other."""
        where = super().where()
        scheme, code, sector = where.pop("scheme", None), where.pop("identifier", None), where.pop("sector", None)
        if sector is not None:
            where["primary_sector"] = {"$gte": sector, "$lt": f"{sector}:"}  # ":" is the character after "9"
        if (scheme is None) != (code is None):
            missing = "scheme" if scheme is None else "identifier"
            place = {"parameter": missing, "code": "missing", "detail": "a code is looked up by its scheme and itself"}
            raise Unprocessable("A parameter is missing.", errors=[place])
        return where if scheme is None or code is None else where | known_by(scheme, code)


AsOf = Annotated[Instant | None, Query(description="As the register showed it at this moment.")]

Version = Annotated[int | None, Query(ge=1, le=2**31 - 1, description="As it was in this version.")]


async def open_business(ref: str, tx: Tx) -> Business:
    """A business the whole of which is open to the caller. Raises NotFound."""
    return await tx.opened(await business_by(ref, tx))
