"""What callers see of lines of bank statements, and of what they may be."""

from collections.abc import Sequence
from typing import ClassVar, Self

from services.chassis.domain.money import CurrencyCode
from services.chassis.domain.times import Day, Instant
from services.chassis.http.view import Shown, Tagged, View
from services.contracts.incubator.bank import BankAccountId, BankStatementId
from services.contracts.incubator.finance import BookId, EntryId, InvoiceId
from services.contracts.incubator.invoices import PaymentId
from services.contracts.registry.businesses import BusinessId
from services.incubator.finance.bank.lines.line import LineStatus, Match, StatementLine
from services.incubator.finance.bank.lines.proposals import MatchReason, Proposal, Share


class MatchView(Shown):
    """That a line is what an entry says."""

    number: int
    """1, 2, 3, … of its line."""
    entry_id: EntryId
    """The entry in the books by which the line is explained."""
    payment_id: PaymentId | None
    """The payment that it is of; null where it is of none."""
    posted: bool
    """Whether the entry was posted by matching; then undoing takes it back."""
    automatic: bool
    """Whether nobody decided it: reference and amount were those of the entry, and no other had them."""
    at: Instant
    """The moment at which they were matched."""
    undone_at: Instant | None
    """Since when it counts no more; null while it stands."""
    taken_back_by: EntryId | None
    """The entry by which what it posted was taken back; null where there is none."""

    @classmethod
    def of(cls, match: Match) -> Self:
        return cls.showing(match)


class StatementLineView(View):
    """A line of a bank statement."""

    at: ClassVar[str] = "/v1/incubator/statement-lines"

    bank_account_id: BankAccountId
    """The bank account that the money came to or left."""
    statement_id: BankStatementId
    """The statement that it came with first."""
    book_id: BookId
    """The book that it is to be found in."""
    currency: CurrencyCode
    """In which it is (ISO 4217)."""
    booked_on: Day
    """The day on which the bank booked it, as the bank says it."""
    value_on: Day | None
    """The day from which it bears interest; null where the bank does not say."""
    amount: int
    """What came in, in minor units; less than 0 where it went out."""
    reference: str
    """By which the bank knows it; empty where there is nothing."""
    text: str
    """What it is for, as the payer or the bank says it."""
    name: str
    """Who the other side is; empty where the bank does not say."""
    reversal: bool
    """Whether the bank says that it takes another line back."""
    status: LineStatus
    """Whether the book says what it says."""
    matches: list[MatchView]
    """What it was matched with, what was undone included; the last one stands while it is matched."""

    @classmethod
    def of(cls, line: StatementLine) -> Self:
        return cls.showing(line, matches=[MatchView.of(each) for each in line.matches])


class InvoiceShareView(Shown):
    """What an invoice would have of a line."""

    invoice_id: InvoiceId
    """The invoice that would be paid by it."""
    amount: int
    """How much, in minor units."""

    @classmethod
    def of(cls, share: Share) -> Self:
        return cls.showing(share)


class ProposalView(Shown):
    """What a line may be: an entry that is there, or a payment of a business. An official decides."""

    reasons: Sequence[MatchReason]
    """Why it is proposed."""
    certain: bool
    """Whether reference and amount leave nothing to decide: no other proposal has both."""
    entry_id: EntryId | None
    """The entry; null where it would be a payment."""
    business_id: BusinessId | None
    """Who would have paid; null where it is an entry."""
    shares: Sequence[InvoiceShareView]
    """Which invoices that would pay."""
    rest: int
    """What would wait for later invoices, in minor units."""

    @classmethod
    def of(cls, proposal: Proposal) -> Self:
        return cls.showing(proposal, shares=[InvoiceShareView.of(each) for each in proposal.shares])


class ProposalsView(Tagged):
    """What a line may be, the best reasons first; empty where it is matched, or nothing fits."""

    data: list[ProposalView]
    """What the line may stand for, the most likely first."""

    @classmethod
    def of(cls, proposals: Sequence[Proposal]) -> Self:
        return cls(data=[ProposalView.of(each) for each in proposals])
