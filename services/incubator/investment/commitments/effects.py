"""What an act on a commitment does to it, to its round and to its investor: one commit."""

from collections import Counter
from collections.abc import Sequence

from services.chassis.store.unit_of_work import Tx
from services.incubator.investment.commitments.commitment import Commitment
from services.incubator.investment.commitments.status import LIVE, UNTAKEN, S
from services.incubator.investment.investors.investor import Investor
from services.incubator.investment.rounds.checks import MOST_COMMITMENTS, check_pledge
from services.incubator.investment.rounds.round import Round
from services.incubator.investment.rounds.status import RoundStatus
from services.incubator.investment.rounds.terms import Oversubscription, RoundTerms

LIVE_ONES = {"status": {"$in": [status.value for status in LIVE]}}


async def live_commitments(round: Round, tx: Tx) -> list[Commitment]:
    """All commitments of a round that are not over, oldest first."""
    return await tx.select(Commitment, {"round_id": round.id, **LIVE_ONES}, limit=MOST_COMMITMENTS + 1)


async def pledge(round: Round, investor: Investor, amount: int, tx: Tx) -> Commitment:
    """Promise money in a round.

    The round is not saved but counted up, under the guard of its cap and its terms: two hundred at once do not wait for
    each other. Two pledges of one investor do, as both save it.

    Raises:
        Conflict, Unprocessable: see `check_pledge`.
        Gone: `investor_erased`.
    """
    investor.commit(1)
    tx.save(investor)
    theirs = await tx.select(
        Commitment, {"round_id": round.id, "investor_id": investor.id, **LIVE_ONES}, limit=MOST_COMMITMENTS
    )
    waits = check_pledge(round, amount, sum(each.amount for each in theirs), tx.now)
    commitment = Commitment.pledge(round, investor, amount, tx.now, waits=waits)
    guard: dict[str, object] = {"status": RoundStatus.OPEN.value, "terms_version": round.terms_version}
    if amount < round.terms.min_ticket or waits:
        guard["version"] = round.version  # it is the room that was seen which allows this, or asks for it
    capped = round.terms.oversubscription is not Oversubscription.PRO_RATA
    tx.adjust(
        Round,
        round.id,
        {"committed": commitment.counted, "commitments_count": 1},
        at_most={"commitments_count": MOST_COMMITMENTS} | ({"committed": "terms.hard_cap"} if capped else {}),
        where=guard,
    )
    return tx.save(commitment)


async def accept(commitment: Commitment, amount: int, tx: Tx) -> Commitment:
    """Take what was promised, or less: the rest is room for others. Raises Conflict: see `Commitment.accept`."""
    before = commitment.counted
    commitment.accept(amount)
    await _make_room(commitment.round_id, before - amount, 0, tx)
    return tx.save(commitment)


async def ended(commitment: Commitment, counted: int, tx: Tx) -> Commitment:
    """Keep a commitment that is over; who waits takes its room.

    Args:
        counted: how much room it took.
    """
    await let_go(commitment, tx)
    await _make_room(commitment.round_id, counted, 1, tx)
    return commitment


async def release_pledges(investors: Sequence[Investor], tx: Tx) -> None:
    """Let those pledges of investors go that nobody has taken yet; whoever waits in their rounds takes the room."""
    theirs = {"investor_id": {"$in": [each.id for each in investors]}, "status": {"$in": list(UNTAKEN)}}
    room, ends = Counter[str](), Counter[str]()
    for commitment in await tx.select(Commitment, theirs, limit=MOST_COMMITMENTS):
        if commitment.status in UNTAKEN:  # not over in this unit of work already
            room[commitment.round_id] += commitment.counted
            ends[commitment.round_id] += 1
            commitment.release()
            await let_go(commitment, tx)
    for round_id, ended in ends.items():
        await _make_room(round_id, room[round_id], ended, tx)


async def let_go(commitment: Commitment, tx: Tx) -> None:
    """Keep a commitment that is over, where its round counts anew anyway; one that still binds is counted on."""
    if not commitment.binds:
        investor = await tx.get(Investor, commitment.investor_id)
        investor.commit(-1)
        tx.save(investor)
    tx.save(commitment)


async def _make_room(round_id: str, room: int, ended: int, tx: Tx) -> None:
    """So much room is free, and so many commitments are over; whoever waits is looked at as the round was seen."""
    if not room and not ended:
        return
    round = await tx.get(Round, round_id)
    by, guard = -room, dict[str, object]()
    if round.terms.oversubscription is Oversubscription.WAITLIST and round.status is RoundStatus.OPEN:
        left, guard["version"] = round.remaining + room, round.version
        for waiting in await _waiting(round, tx):
            if waiting.amount > left:
                break
            waiting.take_turn()
            tx.save(waiting)
            left, by = left - waiting.amount, by + waiting.amount
    tx.adjust(Round, round.id, {"committed": by, "commitments_count": -ended}, where=guard)


async def _waiting(round: Round, tx: Tx) -> list[Commitment]:
    """Who waits for room, the first first; but for those that have just stopped, and those beyond the cap of now."""
    where = {"round_id": round.id, "status": S.WAITLISTED.value}
    found = await tx.select(Commitment, where, limit=MOST_COMMITMENTS)
    return [each for each in found if each.status is S.WAITLISTED and round.terms.may_ever_take(each.amount)]


async def change_round(round: Round, terms: RoundTerms, name: str, tx: Tx) -> Round:
    """Say something else of a round; who takes part must stand by new terms, and who waits may have room by them.

    Raises:
        Conflict, Unprocessable: see `Round.change`.
    """
    by = round.change(terms, name, tx.now)
    if by is not None:
        blocked = False  # who does not fit waits, and all behind
        for each in await live_commitments(round, tx):
            each.must_reconfirm(by)
            waits = each.status is S.WAITLISTED and round.terms.may_ever_take(each.amount)
            blocked = blocked or (waits and each.amount > round.remaining)
            if waits and not blocked:
                each.take_turn()
                round.committed += each.amount
            tx.save(each)
    return tx.save(round)
