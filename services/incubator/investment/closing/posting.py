"""What a close enters in the business's book: money in the bank, and what it became."""

from datetime import date
from typing import Final

from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.startups.rounds import Instrument
from services.incubator.finance.chart import BANK, AccountType, account_id
from services.incubator.finance.entry import HOUSE, Posting, sides
from services.incubator.finance.posting import account_of, book_of, post
from services.incubator.investment.rounds.round import Round

CAPITAL, BORROWINGS, BONDS, OTHER_INCOME = "4001", "2501", "2502", "6301"
OPENED: Final = {
    BORROWINGS: ("long-term borrowings", AccountType.LIABILITY),
    BONDS: ("bonds payable", AccountType.LIABILITY),
    OTHER_INCOME: ("non-operating income", AccountType.INCOME),
}
"""What a book does not begin with (Accounting Standards for Business Enterprises, appendix)."""
BECOMES: Final = {
    Instrument.PRICED_EQUITY: CAPITAL,
    Instrument.CONVERTIBLE: BONDS,
    Instrument.LOAN: BORROWINGS,
    Instrument.GRANT: OTHER_INCOME,
}


async def enter_raised(round: Round, on: date, tx: Tx) -> None:
    """Money that a round raised: bank, and capital, a debt or income. Raises Conflict: see `POSTING` of finance."""
    account = BECOMES[round.instrument]
    await _enter(round, "raised", f"Round {round.name}", {BANK: round.raised, account: -round.raised}, on, tx)


async def enter_converted(round: Round, owed: int, became: int, on: date, tx: Tx) -> None:
    """Convertibles that became shares: a debt, and capital; what was less than a share went back from the bank."""
    lines = {BONDS: owed, CAPITAL: -became, BANK: became - owed}
    await _enter(round, "converted", f"Convertibles at round {round.name}", lines, on, tx)


async def _enter(round: Round, what: str, description: str, lines: dict[str, int], on: date, tx: Tx) -> None:
    if not any(lines.values()):
        return
    book = await book_of(round.business_id, tx)
    for code, (name, type) in OPENED.items():
        if code in lines and await account_of(book, account_id(book.id, code), tx) is None:
            tx.save(book.open_account(code, name, type))
    reference = f"{HOUSE}{round.id}:{what}"
    await post(Posting(on, reference, description, sides(book.id, lines), source=round.id), book, tx)
