"""How paths and bodies name what shares are about, and the cap table of a day."""

from datetime import date
from typing import Annotated

from fastapi import Path, Query

from services.chassis.domain.times import Day
from services.chassis.domain.violations import Violation, refusal
from services.chassis.http.filters import Filter
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.startups.shares import ShareClassId
from services.incubator.investment.investors.investor import Investor
from services.incubator.investment.investors.queries import investor_named
from services.incubator.investment.shares.cap_event import (
    MOST_EVENTS,
    CapEvent,
    CapEventType,
    Holding,
    Standing,
    on_or_before,
)
from services.incubator.investment.shares.cap_table import CapTable, cap_table_id
from services.incubator.investment.shares.open_cap import Issuer
from services.incubator.investment.shares.share_class import ShareClass
from services.incubator.tenants.tenant import Tenant, tenant_id

ShareClassRef = Annotated[ShareClassId, Path(description="The share class, by its id.")]
AsOf = Annotated[
    Day | None, Query(description="The day at whose end it is shown; left out, it is shown as it stands now.")
]


class CapEventFilter(Filter):
    """By type and class."""

    type: CapEventType | None = None
    """What became of shares."""
    share_class_id: ShareClassId | None = None
    """Of which class."""


async def cap_table_of(business_id: str, tx: Tx) -> CapTable:
    """The cap table of a business that the caller sees, empty where nothing was entered. Raises NotFound."""
    await tx.visible(Tenant, tenant_id(business_id))
    return await table_of(business_id, tx)


async def table_of(business_id: str, tx: Tx) -> CapTable:
    """The cap table of a tenant's business, empty where nothing was entered."""
    table = await tx.find(CapTable, cap_table_id(business_id))
    return table or tx.imply(CapTable.of_tenant(await tx.get(Tenant, tenant_id(business_id))))


async def share_class_named(share_class_id: str, table: CapTable, tx: Tx) -> ShareClass:
    """The class that a member `share_class_id` of a body names.

    Raises:
        Unprocessable: `share_class_unknown`, also where it is another business's.
    """
    if share_class_id not in table.prefixes.values():
        raise refusal(Violation("share_class_unknown", "The business has no such class.", ("share_class_id",)))
    return await tx.get(ShareClass, share_class_id)


async def holding_named(certificate: str, table: CapTable, tx: Tx) -> tuple[ShareClass, Holding]:
    """The holding that a member `certificate` of a body names, and its class.

    Raises:
        Unprocessable: `certificate_unknown`.
        Conflict: `holding_used_up`.
    """
    share_class_id = table.prefixes.get(certificate.rpartition("-")[0])
    known = {} if share_class_id is None else {share_class_id: await tx.get(ShareClass, share_class_id)}
    holding = table.held_under(certificate, known)
    return known[holding.share_class_id], holding


async def holder_named(investor_id: str, table: CapTable, tx: Tx, *path: str) -> Investor:
    """The investor that a member of a body names: one of the caller's, or one that holds shares of this business.

    Raises:
        Unprocessable: `investor_unknown`.
    """
    if investor_id in table.standing.held:
        return await tx.get(Investor, investor_id)
    return await investor_named(investor_id, tx, *path)


async def events_until(table: CapTable, day: date | None, tx: Tx) -> list[CapEvent]:
    """The events of a cap table that count at the end of a day, in the order of their numbers."""
    return await tx.select(CapEvent, {"cap_table_id": table.id, **on_or_before(day)}, limit=MOST_EVENTS)


async def standing_on(table: CapTable, day: date | None, tx: Tx) -> Standing:
    """Who held what at the end of a day; None is now."""
    return table.standing if day is None else Standing.after(await events_until(table, day, tx))


async def classes_of(table: CapTable, tx: Tx) -> dict[str, ShareClass]:
    """The share classes of a business, in the order in which they were created."""
    await tx.load(ShareClass, table.prefixes.values())
    return {each: await tx.get(ShareClass, each) for each in table.prefixes.values()}


async def investors_in(standing: Standing, tx: Tx) -> dict[str, Investor]:
    """Who holds shares: by law a business keeps a register of its members, so that it sees them by name."""
    return await investors_by_id(standing.held, tx)


async def investors_by_id(ids: dict[str, int] | list[str], tx: Tx) -> dict[str, Investor]:
    """Investors that stand in a business's register of members, present or past."""
    await tx.load(Investor, ids)
    return {each: await tx.get(Investor, each) for each in ids}


async def issuer_of(table: CapTable, tx: Tx) -> Issuer:
    """The business of a cap table, as the register has it."""
    tenant = await tx.get(Tenant, tenant_id(table.business_id))
    return Issuer(id=tenant.business_id, name=tenant.name, formed_on=tenant.formed_on)
