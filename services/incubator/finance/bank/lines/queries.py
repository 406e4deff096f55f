"""How paths name lines of bank statements, the filter of their list, and what may be proposed for one."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Path

from services.chassis.domain.texts.search import query_tokens
from services.chassis.domain.times import zone_midnight
from services.chassis.http.filters import Filter
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.bank import BankAccountId, BankStatementId, StatementLineId
from services.incubator.finance.bank.lines.line import LineStatus, StatementLine
from services.incubator.finance.bank.lines.proposals import Proposal, names, propose
from services.incubator.finance.book import ZONE_BOOK
from services.incubator.finance.entry import Entry, entry_id
from services.incubator.finance.invoices.effects import reference_of
from services.incubator.finance.invoices.invoice import Invoice
from services.incubator.finance.invoices.status import OWED, InvoiceStatus
from services.incubator.finance.payments.effects import RECEIVED
from services.incubator.finance.payments.payment import Payment, PaymentStatus
from services.incubator.tenants.tenant import Tenant

StatementLineRef = Annotated[StatementLineId, Path(description="The line, by its id.")]

MOST_CANDIDATES = 100
"""Invoices or entries that are looked at for one line and one reason."""
MOST_LOOKED_UP = 10_000
"""Rows that are looked up for a whole file."""
RECORDED_AROUND = timedelta(days=45)
"""How long before or after the bank an entry is thought to say the same."""


class StatementLineFilter(Filter):
    """By bank account, statement, and whether they are matched."""

    bank_account_id: BankAccountId | None = None
    """The bank account."""
    statement_id: BankStatementId | None = None
    """The statement that they came with first."""
    status: LineStatus | None = None
    """Whether the book says what they say."""


async def proposals_for(line: StatementLine, tx: Tx) -> list[Proposal]:
    """What a line may be, as things are now."""
    if line.status is LineStatus.MATCHED:
        return []
    payers = await _payers(line, tx) if line.book_id == ZONE_BOOK and line.amount > 0 else []
    invoices = await _invoices(line, payers, tx) if line.book_id == ZONE_BOOK and line.amount > 0 else []
    named = (await named_entries([line], tx)).get(line.id, [])
    entries = await unmatched(line.account_id, [*named, *await _similar_entries(line, tx)], tx)
    return propose(line, entries=entries, invoices=invoices, payers=payers)


async def named_entries(lines: Sequence[StatementLine], tx: Tx) -> dict[str, list[Entry]]:
    """Line → the entries of its amount that it names by the bank's reference: by theirs, or by that of a payment."""
    named = {each.id: [entry_id(each.book_id, each.reference)] for each in lines if each.reference}
    references = {each.reference: each for each in lines if each.id in named and each.book_id == ZONE_BOOK}
    where = {"external_ref": {"$in": list(references)}, "status": PaymentStatus.RECEIVED}
    for payment in await tx.select(Payment, where, limit=MOST_LOOKED_UP) if references else []:
        for each in lines:
            if each.reference == payment.external_ref:
                named[each.id].append(entry_id(ZONE_BOOK, reference_of(payment, RECEIVED)))
    await tx.load(Entry, [id for ids in named.values() for id in ids])
    found = {line: [await tx.find(Entry, id) for id in ids] for line, ids in named.items()}
    by_id = {each.id: each for each in lines}
    return {
        line: [each for each in entries if each is not None and by_id[line].is_moved_by(each)]
        for line, entries in found.items()
    }


async def unmatched(account_id: str, entries: Iterable[Entry], tx: Tx) -> list[Entry]:
    """Those that no line of an account was matched with, and that are not taken back."""
    known = {each.id: each for each in entries if each.reverses is None and each.reversed_by is None}
    ids = list(known)
    where = {"$or": [{"matches.entry_id": {"$in": ids}}, {"matches.taken_back_by": {"$in": ids}}]}
    taken = set()
    for other in await tx.select(StatementLine, where, limit=MOST_LOOKED_UP) if ids else []:
        for match in other.matches:
            if other.account_id == account_id and (match.posted or match.undone_at is None):
                taken |= {match.entry_id, match.taken_back_by}
    return [each for each in known.values() if each.id not in taken]


async def _similar_entries(line: StatementLine, tx: Tx) -> list[Entry]:
    side = "debit" if line.amount > 0 else "credit"
    day = zone_midnight(line.booked_on)
    where: dict[str, Any] = {
        "lines.account_id": line.account_id,
        f"lines.{side}": abs(line.amount),
        "recorded_at": {"$gte": day - RECORDED_AROUND, "$lte": day + RECORDED_AROUND},
    }
    return await tx.select(Entry, where, sort=[("recorded_at", 1), ("_id", 1)], limit=MOST_CANDIDATES)


async def _invoices(line: StatementLine, payers: list[str], tx: Tx) -> list[Invoice]:
    """Those that a line refers to, those of its amount, and those that the payer owes."""
    wheres: list[dict[str, Any]] = [
        {"number": {"$in": names(line)}},
        {"status": InvoiceStatus.FINALISED, "total": line.amount},
        {"status": InvoiceStatus.PARTLY_PAID, "total": {"$gte": line.amount}},
        {"business_id": {"$in": payers}, "status": {"$in": list(OWED)}},
    ]
    found = [each for where in wheres for each in await tx.select(Invoice, where, limit=MOST_CANDIDATES)]
    return list({each.id: each for each in found}.values())


async def _payers(line: StatementLine, tx: Tx) -> list[str]:
    """The businesses that are called like the payer, or whose payments came from this account before."""
    found: list[str] = []
    if line.payer:
        where = {"payer": line.payer, "status": LineStatus.MATCHED, "book_id": ZONE_BOOK}
        earlier = await tx.select(StatementLine, where, sort=[("_id", -1)], limit=MOST_CANDIDATES)
        found = [each.match.business_id for each in earlier if each.match and each.match.business_id]
    if tokens := query_tokens(line.name):
        tenants = await tx.select(Tenant, {"search_tokens": {"$all": tokens}}, limit=MOST_CANDIDATES)
        found += [each.business_id for each in tenants if each.name.casefold() == line.name.casefold()]
    return list(dict.fromkeys(found))
