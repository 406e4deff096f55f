"""What taking in a file of a bank does: its lines are there once, and those that name an entry are matched with it."""

import asyncio
from collections.abc import Mapping, Sequence

from services.chassis.domain.errors import Conflict, Unprocessable
from services.chassis.domain.times import zone_date
from services.chassis.store.files import Files
from services.chassis.store.unit_of_work import Tx
from services.chassis.store.upload import Upload, take_upload
from services.incubator.finance.bank.account import BankAccount, ReversalSign
from services.incubator.finance.bank.bodies import ImportStatement
from services.incubator.finance.bank.formats.reading import READING, HowToRead, read
from services.incubator.finance.bank.formats.said import SaidStatement
from services.incubator.finance.bank.lines.effects import match_by_itself
from services.incubator.finance.bank.lines.identity import numbered
from services.incubator.finance.bank.lines.line import StatementLine
from services.incubator.finance.bank.statement import BankStatement, statement_id
from services.incubator.finance.period import FIRST_YEAR

MEDIA_TYPES = ("application/xml", "text/xml", "text/csv", "text/plain", "application/x-ofx")
IMPORTING = (*READING, "page_missing", "date_range")
"""With what a file is refused; nothing of it is kept then."""


async def take_in(upload: Upload, account: BankAccount, asked: ImportStatement, tx: Tx, files: Files) -> BankStatement:
    """Take in all of a file: lines that are known stay as they are, the others are new.

    Returns:
        The statement; the one that there is, where these bytes were taken in before.

    Raises:
        NotFound, Conflict, UnsupportedMediaType: see `take_upload`.
        Unprocessable, Conflict: see `IMPORTING`.
    """
    id = statement_id(account.id, upload.sha256)
    known = await tx.find(BankStatement, id)
    if known is not None:
        return known
    await take_upload(tx, upload.id, used_by=id, media_types=MEDIA_TYPES)
    content = b"".join([piece async for piece in await files.open(upload.id)])
    how = HowToRead(
        asked.format,
        account.currency,
        profile=account.csv_profile,
        encoding=asked.encoding,
        inverted_reversals=account.reversal_sign is ReversalSign.INVERTED,
        opening=asked.opening_balance,
        closing=asked.closing_balance,
    )
    said = await asyncio.to_thread(read, content, how)
    _check(said, account, tx)
    counted_before = await _counted_before(said[0], account, tx)
    found = numbered(account.id, (line for each in said for line in each.lines), counted_before)
    await tx.load(StatementLine, found.lines)
    new = [
        StatementLine.of(line_id, line, account, id)
        for line_id, line in found.lines.items()
        if await tx.find(StatementLine, line_id) is None
    ]
    for each in new:
        tx.save(each)
    statement = BankStatement.take_in(
        said,
        account,
        sha256=upload.sha256,
        format=asked.format,
        new_lines=len(new),
        counted=found.counted,
        at=tx.now,
        today=zone_date(tx.now),
    )
    tx.save(account)
    if new:
        await match_by_itself(new, tx)
    return tx.save(statement)


def _check(said: Sequence[SaidStatement], account: BankAccount, tx: Tx) -> None:
    """That the file is of this account, and that what it says has happened.

    Raises:
        Unprocessable: `bank_account_differs`; `date_range`.
    """
    if any(each.account is not None and not account.has_number(each.account) for each in said):
        detail = "The file is of another account than the one that was named."
        place = {"pointer": "/bank_account_id", "code": "bank_account_differs", "detail": detail}
        raise Unprocessable(detail, errors=[place])
    today = zone_date(tx.now)
    days = [line.booked_on for each in said for line in each.lines]
    days += [balance.on for each in said for balance in (each.opening, each.closing) if balance and balance.on]
    if any(day > today or day.year < FIRST_YEAR for day in days):
        detail = "A bank books nothing for a day to come, nor for one before 1970."
        raise Unprocessable(detail, errors=[{"pointer": "", "code": "date_range", "detail": detail}])


async def _counted_before(first: SaidStatement, account: BankAccount, tx: Tx) -> Mapping[str, int]:
    """How often each kind of line stood on the page that a file goes on from; empty where it begins a statement.

    Raises:
        Conflict: `page_missing`, that page was not imported.
    """
    opening = first.opening
    if opening is None or not opening.intermediate:
        return {}
    where = {"bank_account_id": account.id, "goes_on": True, "closing": opening.amount, "closed_on": opening.on}
    before = await tx.select(BankStatement, where, sort=[("number", -1), ("_id", -1)], limit=1)
    if not before:
        detail = "It goes on from a page that ends with its opening balance: import that one first."
        raise Conflict(detail, code="page_missing", opening=opening.amount)
    return before[0].counted
