"""How a round ends for all who take part in it: one commit."""

from collections.abc import Sequence
from fractions import Fraction

from services.chassis.domain.errors import Conflict, LostRace
from services.chassis.domain.money import LARGEST
from services.chassis.domain.times import zone_date
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.startups.rounds import Instrument
from services.incubator.investment.closing.allocation import allocate, conversion_price, shares_for
from services.incubator.investment.closing.posting import enter_converted, enter_raised
from services.incubator.investment.commitments.commitment import Commitment
from services.incubator.investment.commitments.effects import let_go, live_commitments
from services.incubator.investment.investors.investor import Investor
from services.incubator.investment.rounds.checks import check_closable
from services.incubator.investment.rounds.round import Round
from services.incubator.investment.shares.cap_table import (
    MOST_HOLDINGS,
    CapTable,
    When,
    price_per_share,
    too_many_holdings,
)
from services.incubator.investment.shares.effects import keep
from services.incubator.investment.shares.queries import table_of
from services.incubator.investment.shares.share_class import ShareClass
from services.incubator.kernel.quantity import rounded

MOST_NAMED = 50
"""How many commitments a refusal names at most."""


async def close(round: Round, tx: Tx) -> Round:
    """Take what was committed, give what it was for, and let everyone else go; or let all go, as the target is missed.

    Raises:
        Conflict: see `check_closable`; `reconfirmations_pending`, `target_missed`, `not_funded` with `commitments`;
            `no_shares_yet`; `worth_too_large`; see `CapTable.issue`, `finance.posting.POSTING`.
    """
    seen = {"_id": round.id, "version": round.version}
    try:
        return await _close(round, tx)
    except Conflict:
        if not await tx.count(Round, seen):  # overtaken: part of what was read is of before, and part of after
            raise LostRace(f"{Round.collection}|{round.id}") from None
        raise


async def _close(round: Round, tx: Tx) -> Round:
    check_closable(round, tx.now)
    if round.is_over(tx.now) and round.committed < round.terms.target:
        return await fail(round, tx)
    live = await _live(round, tx)
    _check_confirmed(live)
    taken = [each for each in live if each.is_taken]
    allocations = allocate(round.terms.hard_cap, taken)
    if sum(allocations) < round.terms.target:
        raise round.target_missed(sum(allocations))
    _check_funded(taken, allocations)
    if round.instrument is Instrument.PRICED_EQUITY:
        raised = await _allot_shares(round, taken, allocations, tx)
    else:
        raised = sum(allocations)
        for each, allocated in zip(taken, allocations, strict=True):
            each.allot(allocated, allocated, 0)
    for each in live:
        if not each.is_live:
            await let_go(each, tx)
    await _release([each for each in live if each.is_live], tx)
    round.close(sum(allocations), raised, len(taken), tx.now)
    await enter_raised(round, zone_date(tx.now), tx)
    return tx.save(round)


async def fail(round: Round, tx: Tx) -> Round:
    """The target was missed at the deadline: all are let go, and nothing is issued."""
    round.fail(tx.now)
    await _release(await _live(round, tx), tx)
    return tx.save(round)


async def cancel(round: Round, tx: Tx) -> Round:
    """Call a round off: all are let go. Raises Conflict (`invalid_transition`)."""
    round.cancel(tx.now)
    await _release(await _live(round, tx), tx)
    return tx.save(round)


async def _live(round: Round, tx: Tx) -> list[Commitment]:
    """The commitments of a round that are not over, with their investors read: all of them are changed."""
    live = await live_commitments(round, tx)
    await tx.load(Investor, [each.investor_id for each in live])
    return live


async def _release(commitments: Sequence[Commitment], tx: Tx) -> None:
    for each in commitments:
        each.release()
        await let_go(each, tx)


def _check_confirmed(live: Sequence[Commitment]) -> None:
    if pending := [each.id for each in live if each.reconfirm_by is not None]:
        raise Conflict(
            "Not everyone has said yet whether changed terms are accepted.",
            code="reconfirmations_pending",
            commitments=pending[:MOST_NAMED],
        )


def _check_funded(taken: Sequence[Commitment], allocations: Sequence[int]) -> None:
    missing = [each.id for each, part in zip(taken, allocations, strict=True) if each.funded < part]
    if missing:
        raise Conflict(
            "Not all of the money is there: wait for it, or release who does not pay.",
            code="not_funded",
            commitments=missing[:MOST_NAMED],
        )


async def _allot_shares(round: Round, taken: Sequence[Commitment], allocations: Sequence[int], tx: Tx) -> int:
    """Issue shares at the price that the worth before gives; what buys no whole share goes back.

    Convertibles of the business become shares with them. The price is exact; what is paid is rounded once a commitment.
    """
    assert round.terms.pre_money is not None
    assert round.terms.share_class_id is not None
    table = await table_of(round.business_id, tx)
    share_class = await tx.get(ShareClass, round.terms.share_class_id)
    before = sum(table.standing.held.values())
    if not before:
        raise Conflict("There are no shares yet by which one has a price.", code="no_shares_yet")
    price = Fraction(round.terms.pre_money, before)
    await _convert(round, table, share_class, price, before, tx)
    raised = 0
    for each, allocated in zip(taken, allocations, strict=True):
        shares, paid = shares_for(allocated, price)
        await _issue(each, shares, paid, price, table, share_class, tx)
        each.allot(allocated, paid, shares)
        raised += paid
    worth = rounded(price * sum(table.standing.held.values()))
    if worth > LARGEST:
        raise Conflict("The business would be worth more than any reader can read.", code="worth_too_large")
    round.value(worth, zone_date(tx.now))
    return raised


async def _convert(
    round: Round, table: CapTable, share_class: ShareClass, price: Fraction, before: int, tx: Tx
) -> None:
    where = {"business_id": round.business_id, "outstanding": {"$gt": 0}}
    owed = became = 0
    convertibles = await tx.select(Commitment, where, limit=MOST_HOLDINGS + 1)
    if len(convertibles) > MOST_HOLDINGS:
        raise too_many_holdings()
    await tx.load(Investor, [each.investor_id for each in convertibles])
    for each in convertibles:
        terms = (await tx.get(Round, each.round_id)).terms
        at = conversion_price(price, before, terms.valuation_cap, terms.discount_bps)
        shares, paid = shares_for(each.outstanding, at)
        owed, became = owed + each.outstanding, became + paid
        await _issue(each, shares, paid, at, table, share_class, tx)
        each.convert(paid, shares)
        await let_go(each, tx)
    await enter_converted(round, owed, became, zone_date(tx.now), tx)


async def _issue(
    commitment: Commitment, shares: int, paid: int, price: Fraction, table: CapTable, share_class: ShareClass, tx: Tx
) -> None:
    if shares:
        when = When(zone_date(tx.now), tx.now)
        one = price_per_share(price, 1, table.currency)
        event = table.issue(share_class, commitment.investor_id, shares, paid, when, price=one)
        await keep(event, table, share_class, tx)
