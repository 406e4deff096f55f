"""What aged receivables are made of: invoices that were owed, and credits that were left, on a day."""

from collections.abc import AsyncIterator, Mapping
from datetime import date
from typing import Any, TypeVar

from services.chassis.domain.aggregate import Aggregate
from services.chassis.store.unit_of_work import Tx
from services.incubator.finance.invoices.invoice import Invoice
from services.incubator.finance.payments.credit_note import CreditNote
from services.incubator.finance.payments.payment import Payment
from services.incubator.finance.receivables.aging import Owed, aged
from services.incubator.tenants.tenant import Tenant, tenant_id

A = TypeVar("A", bound=Aggregate)
AT_ONCE = 1_000


async def aged_on(day: date, business_id: str | None, tx: Tx) -> list[Owed]:
    """What the businesses that the caller sees owed at the end of a day; of one alone, where it is named."""
    mine = {} if business_id is None else {"business_id": business_id}
    owed = {**mine, "issued_on": {"$lte": day}, **_open_on("settled_on", day)}
    left = {**mine, "on": {"$lte": day}, **_open_on("used_up_on", day)}
    invoices = [each async for each in _all(Invoice, owed, tx)]
    payments = [each async for each in _all(Payment, left, tx)]
    notes = [each async for each in _all(CreditNote, left, tx)]
    return aged(invoices, [*payments, *notes], day)


async def names_of(rows: list[Owed], tx: Tx) -> dict[str, str]:
    """Business → its name."""
    await tx.load(Tenant, [tenant_id(each.business_id) for each in rows])
    return {each.business_id: (await tx.get(Tenant, tenant_id(each.business_id))).name for each in rows}


def _open_on(field: str, day: date) -> dict[str, Any]:
    return {"$or": [{field: None}, {field: {"$gt": day}}]}


async def _all(cls: type[A], where: Mapping[str, Any], tx: Tx) -> AsyncIterator[A]:
    after = ""
    while True:
        found = await tx.select(cls, {"$and": [tx.shown(cls, where), {"_id": {"$gt": after}}]}, limit=AT_ONCE)
        for each in found:
            yield each
        if len(found) < AT_ONCE:
            return
        after = found[-1].id
