"""Proposals: what a line of a bank statement may be, each with its reasons. Nothing is guessed, and nothing booked.

A line that came in may pay invoices: those that its text refers to, those of exactly its amount, and several of one
business that sum to it. Who paid counts as a reason, never as a decision. Any line may be an entry that is there.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Final

from services.incubator.finance.bank.lines.line import StatementLine
from services.incubator.finance.entry import Entry
from services.incubator.finance.invoices.invoice import Invoice
from services.incubator.finance.invoices.reference import numbers_in

MOST_PROPOSALS: Final = 20
MOST_SUMMED: Final = 40
"""Invoices of one business of which sums are tried."""


class MatchReason(StrEnum):
    """Why something is proposed."""

    REFERENCE = "reference"
    """The line names it: the bank's reference of an entry, or the payment reference of an invoice."""
    AMOUNT = "amount"
    """It is exactly of this amount."""
    SUM = "sum"
    """Together they are exactly of this amount."""
    PAYER = "payer"
    """Its business is called like the payer, or has paid from that account before."""
    PART = "part"
    """The line is less than what is owed: a part of it would be paid."""
    MORE = "more"
    """The line is more than what is owed: the rest would wait as a prepayment."""


@dataclass(frozen=True)
class Share:
    """What an invoice would have of the line, in minor units."""

    invoice_id: str
    amount: int


@dataclass(frozen=True)
class Proposal:
    """What a line may be: an entry that is there, or a payment of a business.

    Attributes:
        entry_id: None where it is a payment.
        business_id, shares: who would have paid which invoices; None and empty where it is an entry.
        rest: what of the line would wait as a prepayment.
        certain: whether reference and amount leave nothing to decide: it is the only one that has both.
    """

    reasons: tuple[MatchReason, ...]
    entry_id: str | None = None
    business_id: str | None = None
    shares: tuple[Share, ...] = ()
    rest: int = 0
    certain: bool = False

    @property
    def is_exact(self) -> bool:
        return {MatchReason.REFERENCE, MatchReason.AMOUNT} <= set(self.reasons)


def propose(
    line: StatementLine, *, entries: Sequence[Entry], invoices: Sequence[Invoice], payers: Collection[str]
) -> list[Proposal]:
    """What a line may be, the best reasons first.

    Args:
        entries: those that no line was matched with, of the line's book.
        invoices: those that may be meant; what is not owed is no candidate.
        payers: the businesses that the name or the account of the payer stands for.
    """
    found = [_entry(line, each) for each in entries if line.is_moved_by(each)]
    if line.amount > 0:
        owed = sorted((each for each in invoices if each.outstanding > 0), key=lambda each: each.id)
        found += _payments(line, owed, payers)
    unique = {(each.entry_id, each.business_id, each.shares): each for each in reversed(found)}
    ranked = sorted(unique.values(), key=_rank)[:MOST_PROPOSALS]
    if sum(each.is_exact for each in ranked) == 1 and ranked[0].is_exact:
        ranked[0] = Proposal(**{**vars(ranked[0]), "certain": True})
    return ranked


def names(line: StatementLine) -> list[int]:
    """The numbers of invoices that a line refers to."""
    return list(numbers_in(f"{line.reference} {line.text}"))


def _entry(line: StatementLine, entry: Entry) -> Proposal:
    named = line.reference and entry.reference == line.reference
    return Proposal((MatchReason.REFERENCE, MatchReason.AMOUNT) if named else (MatchReason.AMOUNT,), entry_id=entry.id)


def _payments(line: StatementLine, owed: Sequence[Invoice], payers: Collection[str]) -> Iterator[Proposal]:
    named = set(names(line))
    for business in dict.fromkeys([*(each.business_id for each in owed), *payers]):
        theirs = [each for each in owed if each.business_id == business]
        referred = [each for each in theirs if each.number in named]
        payer = (MatchReason.PAYER,) if business in payers else ()
        known = False
        if referred:
            yield _of_referred(line, business, referred, payer)
            known = True
        for each in theirs:
            if each.outstanding == line.amount and each not in referred:
                yield Proposal((MatchReason.AMOUNT, *payer), None, business, (Share(each.id, line.amount),))
                known = True
        for together in _sums(line.amount, theirs):
            if {each.id for each in together} != {each.id for each in referred}:
                shares = tuple(Share(each.id, each.outstanding) for each in together)
                yield Proposal((MatchReason.SUM, *payer), None, business, shares)
                known = True
        if payer and not known:
            yield Proposal(payer, None, business, (), line.amount)


def _of_referred(
    line: StatementLine, business: str, invoices: Sequence[Invoice], payer: tuple[MatchReason, ...]
) -> Proposal:
    """A payment of those invoices that the line names, in their order, as far as it goes."""
    left, shares = line.amount, []
    for each in invoices:
        if left:
            shares.append(Share(each.id, min(left, each.outstanding)))
            left -= shares[-1].amount
    owed = sum(each.outstanding for each in invoices)
    fits = MatchReason.PART if owed > line.amount else MatchReason.MORE if owed < line.amount else MatchReason.AMOUNT
    return Proposal((MatchReason.REFERENCE, fits, *payer), None, business, tuple(shares), left)


def _sums(amount: int, invoices: Sequence[Invoice]) -> Iterator[tuple[Invoice, ...]]:
    """Two or three invoices that are exactly of an amount together."""
    smaller = [each for each in invoices if each.outstanding < amount][:MOST_SUMMED]
    for number in (2, 3):
        for together in combinations(smaller, number):
            if sum(each.outstanding for each in together) == amount:
                yield together


def _rank(proposal: Proposal) -> tuple[int, int, str, str]:
    weights = {MatchReason.REFERENCE: 8, MatchReason.AMOUNT: 4, MatchReason.PAYER: 2, MatchReason.SUM: 1}
    weight = sum(weights.get(reason, 0) for reason in proposal.reasons)
    first = proposal.shares[0].invoice_id if proposal.shares else ""
    return -weight, len(proposal.shares), proposal.entry_id or proposal.business_id or "", first
