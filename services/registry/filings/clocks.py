"""What time does to the register. Every sweep looks at the state as it is, so it may run twice, or late."""

from datetime import datetime

from services.chassis.background.clocks import Clock
from services.chassis.background.sweep import NewTx, for_each
from services.chassis.domain.times import zone_date, zone_midnight
from services.chassis.store.unit_of_work import Tx
from services.registry.businesses.business import KNOWN_FOR, Business
from services.registry.businesses.status import BusinessStatus
from services.registry.filings.effects import blank_contacts, change_register, filing_under_way, take_effect
from services.registry.filings.filing import Filing
from services.registry.filings.status import FilingStatus
from services.registry.filings.types.dissolution import end_of
from services.registry.filings.types.resumption import Resumption


async def complete_due_filings(now: datetime, new_tx: NewTx) -> None:
    """Filings that were approved for a moment to come take effect when it has; blocked ones are tried again."""

    async def complete_it(filing: Filing, tx: Tx) -> None:
        await take_effect(filing, tx)

    await for_each(Filing, {"status": FilingStatus.APPROVED, "effective_at": {"$lte": now}}, complete_it, new_tx)


async def end_suspensions(now: datetime, new_tx: NewTx) -> None:
    """A suspension whose time is over ends: the business is deemed to have resumed (implementing rules art. 43)."""
    today = zone_date(now)

    async def resume(business: Business, tx: Tx) -> None:
        until = business.running_suspension().until
        if business.status == BusinessStatus.SUSPENDED and until <= today:
            filing = Filing.of_a_clock(Resumption(), business, effective_at=zone_midnight(until))
            change_register(filing, business, tx)

    await for_each(Business, {"status": BusinessStatus.SUSPENDED, "suspension.until": {"$lte": today}}, resume, new_tx)


async def end_dissolutions(now: datetime, new_tx: NewTx) -> None:
    """A business leaves the register when its notice is over, no objection stands, and the incubator has answered.

    While a cancellation is under way, it waits for that.
    """

    async def dissolve(business: Business, tx: Tx) -> None:
        if not business.may_be_dissolved(zone_date(now)):
            return
        filing = Filing.of_a_clock(end_of(business), business, effective_at=max(now, business.status_since))
        if await filing_under_way(filing, tx) is None:
            change_register(filing, business, tx)

    due = {"status": BusinessStatus.DISSOLVING, "dissolution.objections_open": 0, "dissolution.debts_answered": True}
    await for_each(Business, due, dissolve, new_tx)


async def lapse_old_drafts(now: datetime, new_tx: NewTx) -> None:
    """A draft that was not handed in within 90 days lapses; it holds nothing that others wait for."""

    async def lapse(filing: Filing, tx: Tx) -> None:
        if filing.is_to_lapse(now):
            filing.lapse(at=now)
            tx.save(filing)

    await for_each(Filing, {"status": FilingStatus.DRAFT, "drafted_at": {"$lte": now - KNOWN_FOR}}, lapse, new_tx)


async def blank_ended_filings(now: datetime, new_tx: NewTx) -> None:
    """What a filing said that ended without effect is blanked 90 days later."""

    async def blank(filing: Filing, tx: Tx) -> None:
        if filing.is_to_be_blanked(now):
            filing.blank(at=now)
            tx.save(filing)

    await for_each(Filing, {"blanked_at": None, "ended_at": {"$lte": now - KNOWN_FOR}}, blank, new_tx)


async def blank_unneeded_contacts(now: datetime, new_tx: NewTx) -> None:
    """How to reach a business is blanked 90 days after it left the register, in its history and its filings, too."""

    async def blank(business: Business, tx: Tx) -> None:
        if business.is_to_lose_contacts(now):
            await blank_contacts(business, tx)

    left = {"status": BusinessStatus.DISSOLVED, "contacts_blanked_at": None, "status_since": {"$lte": now - KNOWN_FOR}}
    await for_each(Business, left, blank, new_tx)


CLOCKS = (
    Clock("registry.due_filings", every=5, task=complete_due_filings),
    Clock("registry.suspensions", every=60, task=end_suspensions),
    Clock("registry.dissolutions", every=5, task=end_dissolutions),
    Clock("registry.drafts", every=3600, task=lapse_old_drafts),
    Clock("registry.ended_filings", every=3600, task=blank_ended_filings),
    Clock("registry.contacts", every=3600, task=blank_unneeded_contacts),
)
