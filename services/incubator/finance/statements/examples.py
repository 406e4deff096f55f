"""What the document of the API shows of statements: those of the book of a synthetic business."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.incubator.finance.examples import ACCOUNTS, BOOK, ENTRY
from services.incubator.finance.statements.account.views import AccountStatementView
from services.incubator.finance.statements.statement import Held, Position
from services.incubator.finance.statements.views import BalanceSheetView, IncomeStatementView, TrialBalanceView
from services.incubator.finance.turnover import Basis, Span, Turnover

DAY: Final = ENTRY.effective_on
BANK: Final = ACCOUNTS[0]
HELD: Final = [
    Held(account, line.debit, line.credit)
    for line in ENTRY.lines
    for account in ACCOUNTS
    if account.id == line.account_id
]
TURNOVER: Final = Turnover(
    id=f"{BANK.id}:effective:day:{DAY}",
    version=1,
    book_id=BOOK.id,
    account_id=BANK.id,
    basis=Basis.EFFECTIVE,
    span=Span.DAY,
    on=DAY,
    debit=0,
    credit=120_000,
)

KEPT: Final[Sequence[Row]] = (TURNOVER,)
BODIES: Final[Sequence[BaseModel]] = ()
STATEMENTS: Final = {
    "trial_balance": TrialBalanceView.of(BOOK, HELD, DAY, Basis.EFFECTIVE),
    "balance_sheet": BalanceSheetView.of(BOOK, Position(HELD, []), DAY, Basis.EFFECTIVE),
    "income_statement": IncomeStatementView.of(BOOK, HELD, date(DAY.year, 1, 1), DAY, Basis.EFFECTIVE),
    "account_statement": AccountStatementView.of(BOOK, BANK, 0, [TURNOVER], date(DAY.year, 1, 1), DAY, Basis.EFFECTIVE),
}
ANSWERS: Final[Sequence[BaseModel]] = tuple(STATEMENTS.values())
OF_OPERATIONS: Final[Mapping[str, BaseModel | str]] = {
    **{f"{name}_as_csv": each.table().as_csv().decode() for name, each in STATEMENTS.items()},
    **{f"{name}_as_page": each.table().as_page().decode() for name, each in STATEMENTS.items()},
}
