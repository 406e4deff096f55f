"""The look at what a leaving business owes: its last invoice, and the answer to the registry."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final

from services.chassis.background.clocks import Clock
from services.chassis.background.sweep import NewTx, for_each
from services.chassis.store.unit_of_work import Tx
from services.incubator.departures.departure import LOOKED_AT, Departure, ToCome
from services.incubator.finance.invoices.effects import finalise
from services.incubator.finance.invoices.invoice import Invoice
from services.incubator.finance.invoices.status import OWED, InvoiceStatus
from services.incubator.finance.posting import book_of

MOST_INVOICES: Final = 1_000
"""Unpaid ones of one business."""

StillToCharge = Callable[[str, Tx], Awaitable[list[ToCome]]]
"""What an offering has still to charge to a business before its last invoice."""


def clocks_of(rooms: Sequence[StillToCharge]) -> tuple[Clock, ...]:
    """The clock of departures, given what each offering has still to charge."""

    async def answer(now: datetime, new_tx: NewTx) -> None:
        """Who leaves gets a last invoice once all is charged, and the registry is told what is owed (D-24)."""

        async def look_at(departure: Departure, tx: Tx) -> None:
            await _look(departure, [each for room in rooms for each in await room(departure.business_id, tx)], tx)

        await for_each(Departure, {"status": {"$in": list(LOOKED_AT)}}, look_at, new_tx)

    return (Clock("incubator.departures", every=15, task=answer),)


async def _look(departure: Departure, awaits: list[ToCome], tx: Tx) -> None:
    its = {"business_id": departure.business_id}
    drafts = await tx.select(Invoice, {**its, "status": InvoiceStatus.DRAFT}, limit=MOST_INVOICES)
    gathering = (await book_of(departure.business_id, tx)).collecting
    awaits += [ToCome(task="invoice_draft", id=each.id) for each in drafts if each.id != gathering and each.lines]
    owed = await tx.select(Invoice, {**its, "status": {"$in": list(OWED)}}, limit=MOST_INVOICES)
    last = next((each for each in drafts if each.id == gathering), None)
    if last is not None and last.lines and last.total >= 0 and not awaits:
        await finalise(last, tx, issued_on=None, due_on=None)
        owed += [last] if last.outstanding else []
    if departure.look(owed, awaits, at=tx.now):
        tx.save(departure)
