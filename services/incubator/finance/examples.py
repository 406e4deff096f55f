"""What the document of the API shows of the ledger: the book of a synthetic business, and what is in it."""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.chassis.domain.times import parse_instant, zone_date
from services.incubator.finance.bodies import ClosePeriod, OpenAccount, PostedSide, PostEntry, ReverseEntry
from services.incubator.finance.book import Book
from services.incubator.finance.chart import BANK, EXPENSE, AccountType
from services.incubator.finance.entry import Entry, Posting, line
from services.incubator.finance.views import AccountView, BookView, EntryView
from services.incubator.tenants.examples import BUSINESS, OWNER
from services.incubator.tenants.tenant import book_id

SECOND_BANK: Final = f"{BANK}01"
AT: Final = parse_instant("2026-11-25T02:00:00Z")

BOOK: Final = Book(id=book_id(BUSINESS), version=2, sequence=1, owner=BUSINESS, partner_id=OWNER, currency="CNY")
ACCOUNTS: Final = BOOK.first_accounts()
ENTRY: Final = Entry.post(
    Posting(
        effective_on=zone_date(AT),
        reference="2026-11/rent",
        description="Rent of November",
        lines=[line(BOOK.id, EXPENSE, 120_000), line(BOOK.id, BANK, 0, 120_000)],
    ),
    BOOK,
    at=AT,
).model_copy(update={"version": 1})

KEPT: Final[Sequence[Row]] = (BOOK, *ACCOUNTS, ENTRY)
BODIES: Final[Sequence[BaseModel]] = (
    OpenAccount(code=SECOND_BANK, name="bank, second account", type=AccountType.ASSET),
    ClosePeriod(period="2026-10"),
    PostEntry(
        reference="2026-11/rent",
        effective_on=zone_date(AT),
        description="Rent of November",
        currency="CNY",
        lines=[PostedSide(code=EXPENSE, debit=120_000), PostedSide(code=BANK, credit=120_000)],
    ),
    ReverseEntry(description="Paid twice"),
)
ANSWERS: Final[Sequence[BaseModel]] = (BookView.of(BOOK), AccountView.of(ACCOUNTS[0]), EntryView.of(ENTRY))
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
