"""What becomes of lines of bank statements: each is matched with an entry, of before or that an official has posted."""

from collections import Counter
from collections.abc import Sequence

from services.chassis.domain.errors import Conflict
from services.chassis.domain.violations import Violation, refuse
from services.chassis.store.unit_of_work import Tx
from services.incubator.finance.bank.account import BankAccount
from services.incubator.finance.bank.lines.line import Match, StatementLine
from services.incubator.finance.bank.lines.queries import named_entries, unmatched
from services.incubator.finance.book import ZONE_BOOK, Book
from services.incubator.finance.entry import HOUSE, Entry, Posting, entry_id, sides
from services.incubator.finance.invoices.effects import reference_of
from services.incubator.finance.payments import effects as payments
from services.incubator.finance.payments.payment import Payment
from services.incubator.finance.posting import open_day, post, reverse
from services.incubator.tenants.tenant import Tenant

MATCHING = ("invalid_transition", "too_many_matches", "entry_matched")
"""With what any match is refused."""


async def match_by_itself(lines: Sequence[StatementLine], tx: Tx) -> None:
    """Match each new line with the one entry that it names by the bank's reference, and whose amount it has.

    Nothing is posted. Where two lines name the same, or a line names two, a person decides.
    """
    alike = Counter((each.reference, each.amount) for each in lines)
    named = await named_entries([each for each in lines if alike[each.reference, each.amount] == 1], tx)
    free = [entry for entries in named.values() for entry in entries]
    open_ids = {each.id for each in await unmatched(lines[0].account_id, free, tx)} if free else set()
    for each in lines:
        found = [entry for entry in named.get(each.id, []) if entry.id in open_ids]
        if len(found) == 1:
            open_ids.remove(found[0].id)
            _match(each, found[0], tx, payment=await _payment_of(found[0], tx), automatic=True)


async def match(line: StatementLine, entry: Entry, tx: Tx) -> None:
    """Say that a line is what an entry says.

    Raises:
        Conflict: see `StatementLine.match_with`; `entry_matched`, another line is; `entry_taken_back`.
    """
    line.check_open()
    dead = {id for each in line.matches if each.posted for id in (each.entry_id, each.taken_back_by)}
    if entry.reverses is not None or entry.reversed_by is not None or entry.id in dead:
        raise Conflict("The entry was taken back.", code="entry_taken_back")
    _match(line, entry, tx, payment=await _payment_of(entry, tx))


async def receive_payment(
    line: StatementLine, tenant: Tenant, shares: Sequence[payments.Share], tx: Tx, *, prepay: bool
) -> None:
    """Take a line in as a payment of a business; it counts for the first open day since the bank booked it.

    Raises:
        Conflict: `not_the_zones`, the account is none of the zone's; `line_goes_out`; see `StatementLine.check_open`,
            `payments.receive`.
    """
    line.check_open()
    if line.book_id != ZONE_BOOK:
        raise Conflict("Payments come in on accounts of the zone.", code="not_the_zones")
    if line.amount <= 0:
        raise Conflict("The line went out: it is no payment of a business.", code="line_goes_out")
    account = await tx.get(BankAccount, line.bank_account_id)
    payment = Payment.receive(
        tenant.business_id,
        partner_id=tenant.partner_id,
        external_ref=f"{line.id}/{len(line.matches) + 1}",
        amount=line.amount,
        currency=line.currency,
        on=open_day(await tx.get(Book, ZONE_BOOK), line.booked_on),
        bank=account.code,
    )
    await payments.receive(payment, shares, tx, prepay=prepay)
    entry = await tx.get(Entry, entry_id(ZONE_BOOK, reference_of(payment, payments.RECEIVED)))
    _match(line, entry, tx, payment=payment, posted=True)


async def post_entry(line: StatementLine, code: str, description: str, tx: Tx) -> None:
    """Post what a line says against another account of the book, such as a charge of the bank.

    Raises:
        Conflict, Unprocessable: `account_unknown`, also of the account itself; see `StatementLine.check_open`, `post`.
    """
    line.check_open()
    account = await tx.get(BankAccount, line.bank_account_id)
    if code == account.code:
        refuse(Violation("account_unknown", "This is the account itself.", ("code",)))
    book = await tx.get(Book, line.book_id)
    lines = sides(book.id, {account.code: line.amount, code: -line.amount})
    reference = f"{HOUSE}{line.id}:{len(line.matches) + 1}"
    entry = await post(Posting(open_day(book, line.booked_on), reference, description, lines, line.id), book, tx)
    _match(line, entry, tx, posted=True)


async def unmatch(line: StatementLine, tx: Tx) -> None:
    """Undo the match of a line; what matching posted is taken back, from today on or the first open day.

    Raises:
        Conflict: `invalid_transition`, it is not matched, or its payment was taken back otherwise; see `post`.
    """
    standing = line.match
    if standing is None or not standing.posted:
        undone = line.undo(at=tx.now)
        tx.release(line.claim_of(undone.entry_id), line.id)
    else:
        mirror = await _take_back(standing, line, tx)
        line.undo(at=tx.now, taken_back_by=mirror)
        taken = Conflict("Another line is matched with this entry.", code="entry_matched")
        tx.claim(line.claim_of(mirror), line.id, taken=taken)
    tx.save(line)


async def _take_back(undone: Match, line: StatementLine, tx: Tx) -> str:
    if undone.payment_id is not None:
        payment = await tx.get(Payment, undone.payment_id)
        await payments.reverse(payment, tx)
        return entry_id(ZONE_BOOK, reference_of(payment, payments.REVERSED))
    entry = await tx.get(Entry, undone.entry_id)
    book = await tx.get(Book, line.book_id)
    mirror = await reverse(entry, book, tx, effective_on=open_day(book, entry.effective_on))
    return mirror.id


def _match(
    line: StatementLine,
    entry: Entry,
    tx: Tx,
    *,
    payment: Payment | None = None,
    posted: bool = False,
    automatic: bool = False,
) -> None:
    line.match_with(
        entry,
        at=tx.now,
        payment_id=payment.id if payment else None,
        business_id=payment.business_id if payment else None,
        posted=posted,
        automatic=automatic,
    )
    taken = Conflict("Another line is matched with this entry.", code="entry_matched")
    tx.claim(line.claim_of(entry.id), line.id, taken=taken)
    tx.save(line)


async def _payment_of(entry: Entry, tx: Tx) -> Payment | None:
    """The payment that an entry is of, where it is of one."""
    is_one = entry.source is not None and entry.source.startswith("pay_")
    return await tx.find(Payment, entry.source) if is_one and entry.source else None
