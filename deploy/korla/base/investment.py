"""Money for the start-ups of the Demonstration Base: shares, a round that has closed, and one that is open.

The first is priced, so that its close says what its business is worth. That is a cloud business, of which the zone has
published no worth, and the day is that of the load: the published sums, of industrial businesses as of 2018-04-30, do
not count it. The second is a convertible, which values nobody.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from deploy.korla.base.hand import ABOUT, Hand, Json
from deploy.korla.base.start_up import StartUp
from deploy.korla.base.times import Time, too_late
from deploy.korla.together import both, together
from deploy.public_api import UnexpectedAnswer
from services.chassis.domain.times import parse_instant, rfc3339, zone_date

FOUNDER, FUND, ZONE_FUND = "示例创始股东", "示例天使基金 (synthetic)", "示例园区引导基金 (synthetic)"
INVESTORS: Final[tuple[Json, ...]] = (
    {"name": FOUNDER, "kind": "person"},
    {"name": FUND, "kind": "fund"},
    {"name": ZONE_FUND, "kind": "zone_fund"},
)
SHARES: Final[Json] = {"name": "示例普通股", "class_type": "common", "id_prefix": "CS", "authorised": 10_000_000}
FOUNDING: Final = 1_000_000
"""Shares of the founder, at one yuan each."""
FEN_PER_TEN_THOUSAND_YUAN: Final = 1_000_000
PLEDGED_WITHIN: Final = timedelta(seconds=15)
A_CALL: Final = timedelta(seconds=2)
"""A pledge that is sent so long before the deadline is taken."""
ATTEMPTS: Final = 6
OVER: Final = ("failed", "cancelled", "discarded")


class Seeking(NamedTuple):
    """A round of a start-up; amounts in ten thousand yuan.

    Attributes:
        pledges: investor → how much, and whether the business takes it.
    """

    start_up: int
    name: str
    instrument: str
    target: int
    hard_cap: int
    pledges: dict[str, tuple[int, bool]]


PRICED: Final = Seeking(1, "示例天使轮", "priced_equity", 80, 100, {FUND: (60, True), ZONE_FUND: (40, True)})
PRE_MONEY: Final = 400
"""In ten thousand yuan: four yuan a share, so that the round's million buys 250,000."""
OPEN: Final = Seeking(2, "示例可转债", "convertible", 50, 80, {FUND: (20, True), ZONE_FUND: (15, False)})
CONVERTS: Final = {"valuation_cap": 600 * FEN_PER_TEN_THOUSAND_YUAN, "discount_bps": 2000}
A_MONTH: Final = timedelta(days=30)


class Rounds(NamedTuple):
    """How many rounds have closed and are open, and what came together in them, in fen."""

    closed: int
    open: int
    raised: int
    pledged: int


async def invested(start_ups: Sequence[StartUp], owner: Hand, time: Time) -> Rounds:
    """Rounds, and who takes part in them; what an earlier load made stays as it is. Raises UnexpectedAnswer."""
    there = await owner.all("investors")
    found = await together(*(owner.named("investors", each, there) for each in INVESTORS))
    investors = {said["name"]: each["id"] for said, each in zip(INVESTORS, found, strict=True)}
    closed, open_one = await both(
        _closed(start_ups[PRICED.start_up - 1].business_id, investors, owner, time),
        _pledged(start_ups[OPEN.start_up - 1].business_id, investors, owner, time),
    )
    both_rounds = (closed, open_one)
    statuses = [each["status"] for each in both_rounds]
    return Rounds(statuses.count("closed"), statuses.count("open"), closed["raised"], open_one["committed"])


async def _closed(business_id: str, investors: dict[str, str], owner: Hand, time: Time) -> Json:
    """A round that closed; one that missed its target, as a load died in it, is followed by another."""
    share_class_id = await _founded(business_id, investors[FOUNDER], owner, time)
    priced = {"pre_money": PRE_MONEY * FEN_PER_TEN_THOUSAND_YUAN, "share_class_id": share_class_id}
    for _ in range(ATTEMPTS):
        deadline = time.now() + PLEDGED_WITHIN
        running = [each for each in await _of_name(PRICED, business_id, owner) if each["status"] not in OVER]
        round = running[-1] if running else await _drafted(PRICED, business_id, deadline, priced, owner, time)
        if round["status"] == "closed":
            return round
        deadline = parse_instant(round["terms"]["deadline"])
        if round["status"] == "draft" and time.now() + A_CALL >= deadline:
            await owner.post(f"rounds/{round['id']}/cancel")
            continue
        try:
            await _taken_part(PRICED, round, investors, owner, time)
        except UnexpectedAnswer as refused:
            too_late(refused, "deadline_passed")
            continue
        await time.until(deadline)
        round = await owner.post(f"rounds/{round['id']}/close")
        if round["status"] == "closed":
            await owner.all("commitments", round_id=round["id"])  # what became of them
            return round
    raise UnexpectedAnswer(f"{ABOUT}: the pledges of a round take longer than {PLEDGED_WITHIN.seconds} s.")


async def _pledged(business_id: str, investors: dict[str, str], owner: Hand, time: Time) -> Json:
    """A round that takes pledges for a month from the load that opened it; later it is what has become of it."""
    there, until = await _of_name(OPEN, business_id, owner), time.now() + A_MONTH
    round = there[0] if there else await _drafted(OPEN, business_id, until, CONVERTS, owner, time)
    deadline = parse_instant(round["terms"]["deadline"])
    if round["status"] in ("draft", "open") and time.now() < deadline:
        await _taken_part(OPEN, round, investors, owner, time)
        round = await owner.see(f"rounds/{round['id']}")
    return round


async def _founded(business_id: str, founder_id: str, owner: Hand, time: Time) -> str:
    """The class of the shares that the founder holds."""
    path, today = f"businesses/{business_id}", {"effective_on": zone_date(time.now()).isoformat()}
    shares = await owner.named(f"{path}/share-classes", SHARES | today, await owner.all(f"{path}/share-classes"))
    if not (await owner.see(f"{path}/cap-table"))["owners"]:
        paid = {"amount": FOUNDING * 100, "currency": "CNY"}
        said = {"share_class_id": shares["id"], "investor_id": founder_id, "shares": FOUNDING, "paid": paid}
        await owner.post(f"{path}/cap-events/issue", said | today)
    return str(shares["id"])


async def _of_name(seeking: Seeking, business_id: str, owner: Hand) -> list[Json]:
    return [each for each in await owner.all("rounds", business_id=business_id) if each["name"] == seeking.name]


async def _drafted(seeking: Seeking, business_id: str, deadline: datetime, more: Json, owner: Hand, time: Time) -> Json:
    terms = {
        "target": seeking.target * FEN_PER_TEN_THOUSAND_YUAN,
        "hard_cap": seeking.hard_cap * FEN_PER_TEN_THOUSAND_YUAN,
        "opens_at": rfc3339(time.now()),
        "deadline": rfc3339(deadline),
        **more,
    }
    said = {"business_id": business_id, "name": seeking.name, "instrument": seeking.instrument, "currency": "CNY"}
    return await owner.post("rounds", said | {"terms": terms})


async def _taken_part(seeking: Seeking, round: Json, investors: dict[str, str], owner: Hand, time: Time) -> None:
    """The round is open, everybody has pledged as long as that is in time, and what is taken is paid."""
    path, deadline = f"rounds/{round['id']}", parse_instant(round["terms"]["deadline"])
    if round["status"] == "draft":
        await owner.post(f"{path}/open")
    there = {each["investor_id"]: each for each in await owner.all("commitments", round_id=round["id"])}

    async def take_part(investor: str, amount: int, taken: bool) -> None:
        money = {"amount": {"amount": amount * FEN_PER_TEN_THOUSAND_YUAN, "currency": "CNY"}}
        commitment = there.get(investors[investor])
        if commitment is None:
            if time.now() + A_CALL >= deadline:
                return
            said = {"investor_id": investors[investor], **money}
            commitment = await owner.post(f"{path}/commitments", said)
        mine = f"commitments/{commitment['id']}"
        if taken and commitment["status"] == "pledged":
            commitment = await owner.post(f"{mine}/accept")
        if taken and commitment["status"] == "accepted":
            await owner.post(f"{mine}/fund", money)

    await together(*(take_part(who, *pledge) for who, pledge in seeking.pledges.items()))
