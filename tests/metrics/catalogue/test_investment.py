"""Investment: what is promised, what is paid in, what rounds raise, and what that says a business is worth."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.chassis.domain.events import Event
from services.contracts.incubator.startups.rounds import (
    CommitmentAccepted,
    CommitmentAllotted,
    CommitmentCancelled,
    CommitmentFunded,
    CommitmentLapsed,
    CommitmentPledged,
    CommitmentReconfirmed,
    CommitmentReleased,
    CommitmentWaitlisted,
    CompanyValued,
    RoundClosed,
    RoundFailed,
)
from services.metrics.handlers import on as handlers
from tests.metrics.counting import One, counted, shown
from tests.metrics.happenings import business, id_of, noon, registered, reported, sample, told_by
from tests.metrics.questions import Asked, in_any_order

ENDS: tuple[type[Event], ...] = (CommitmentAllotted, CommitmentCancelled, CommitmentLapsed, CommitmentReleased)


def yuan(fen: int, currency: str = "CNY") -> dict[str, Any]:
    return {"amount": fen, "currency": currency}


@dataclass
class Told:
    """A commitment, and its events in their order."""

    number: int = 1
    instrument: str = "loan"
    events: list[Event] = field(default_factory=list)

    def tell(self, event: type[Event], on: str, amount: int, **said: Any) -> "Told":
        id = id_of("cmt", self.number)
        money = yuan(amount, said.pop("currency", "CNY"))
        made = sample(event, commitment_id=id, instrument=self.instrument, amount=money, **said)
        self.events.append(told_by(id, made, len(self.events) + 1, effective_at=noon(on)))
        return self


def pledged(amount: int = 500) -> Told:
    return Told().tell(CommitmentPledged, "2026-03-02", amount)


@pytest.mark.parametrize("end", ENDS)
async def test_a_pledge_stands_for_what_was_accepted_of_it_until_it_is_over(end: type[Event]) -> None:
    told = pledged(500).tell(CommitmentAccepted, "2026-03-05", 300).tell(end, "2026-04-01", 300)
    asked = await Asked.after(told.events)
    days = ["2026-03-01", "2026-03-02", "2026-03-05", "2026-03-31", "2026-04-01"]
    assert [(await asked.value("investment_committed", as_of=on)).value for on in days] == [None, 500, 300, 300, None]


async def test_who_waits_for_room_has_committed_nothing_until_there_is_some() -> None:
    waits = Told().tell(CommitmentWaitlisted, "2026-03-02", 500).tell(CommitmentReconfirmed, "2026-03-03", 500)
    assert not handlers.hears(CommitmentWaitlisted)
    assert (await (await Asked.after(waits.events[1:])).value("investment_committed")).value is None
    waits.tell(CommitmentPledged, "2026-03-09", 500)
    assert (await (await Asked.after(waits.events[1:])).value("investment_committed")).value == 500


async def test_what_came_in_counts_on_its_day_though_events_say_how_much_there_is_in_all() -> None:
    told = pledged(500).tell(CommitmentAccepted, "2026-03-05", 500)
    told.tell(CommitmentFunded, "2026-03-10", 500, funded=yuan(200))
    told.tell(CommitmentFunded, "2026-04-10", 500, funded=yuan(500))
    asked = await Asked.after(told.events)
    assert (await asked.value("investment_funded", period="2026-03")).value == 200
    assert (await asked.value("investment_funded", period="2026-04")).value == 300
    assert (await asked.value("investment_funded", instrument="loan")).value == 500


async def test_money_of_another_currency_stands_apart() -> None:
    told = Told().tell(CommitmentPledged, "2026-03-02", 500, currency="USD")
    answer = await (await Asked.after(told.events)).value("investment_committed")
    assert (answer.value, [(each.currency, each.value) for each in answer.excluded]) == (None, [("USD", 500)])


def round_over(number: int, on: str, *, raised: int | None, instrument: str = "loan") -> Event:
    id = id_of("rnd", number)
    about = {"round_id": id, "instrument": instrument}
    made: Event = sample(RoundFailed, **about) if raised is None else sample(RoundClosed, raised=yuan(raised), **about)
    return told_by(id, made, 5, effective_at=noon(on))


async def test_the_success_rate_is_of_rounds_that_closed_or_failed_and_what_they_raised_is_summed() -> None:
    asked = await Asked.after(
        [
            round_over(1, "2026-03-02", raised=700),
            round_over(2, "2026-03-09", raised=None),
            round_over(3, "2026-04-01", raised=50, instrument="grant"),
        ]
    )
    answer = await asked.value("round_success_rate")
    assert (answer.value, answer.numerator, answer.denominator) == (6667, 2, 3)
    assert await asked.values("investment_closed", "instrument") == {"loan": 700, "grant": 50}
    assert (await asked.value("investment_closed", period="2026-03")).value == 700


# what a business is worth


def valued(on: str, fen: int, *, number: int = 1, round: int = 1) -> Event:
    id = id_of("rnd", round)
    made = sample(CompanyValued, business_id=business(number), round_id=id, valuation=yuan(fen), valued_on=on)
    return told_by(id, made, 7, effective_at=noon(on))


async def test_a_priced_round_says_what_a_business_is_worth_until_a_later_statement_does() -> None:
    asked = await Asked.after(
        [
            valued("2026-03-02", 900),
            registered(1, on="2024-03-15", opening={"valuation": yuan(500)}),
            reported(1, year="2024", sequence=2, valuation=600),
            reported(1, year="2025", sequence=3, valuation=700),
        ]
    )
    days = ["2024-12-30", "2024-12-31", "2026-03-01", "2026-03-02", "2026-11-24"]
    assert [(await asked.value("valuation_total", as_of=on)).value for on in days] == [500, 600, 700, 900, 900]


# in any order, against brute force


DAYS = ["2025-12-30", "2025-12-31", "2026-01-01", "2026-02-28", "2026-03-01", "2026-03-02"]


@dataclass
class Promise:
    """A commitment, written down independently of events: what it stood for and what had come in, day by day."""

    told: Told
    stands: list[tuple[str, int]] = field(default_factory=list)
    paid: list[tuple[str, int]] = field(default_factory=list)


@st.composite
def promises(draw: st.DrawFn) -> tuple[list[Promise], list[list[Event]]]:
    found = []
    for number in range(1, 1 + draw(st.integers(1, 4))):
        one = Promise(Told(number, draw(st.sampled_from(["loan", "grant"]))))
        days = sorted(draw(st.lists(st.sampled_from(DAYS), min_size=5, max_size=5)))
        amount = draw(st.integers(2, 10**9))
        one.told.tell(CommitmentPledged, days[0], amount)
        one.stands.append((days[0], amount))
        if draw(st.booleans()):
            amount = draw(st.integers(2, amount))
            one.told.tell(CommitmentAccepted, days[1], amount)
            one.stands.append((days[1], amount))
            first = draw(st.integers(1, amount))
            one.told.tell(CommitmentFunded, days[2], amount, funded=yuan(first))
            one.paid.append((days[2], first))
            if first < amount:
                one.told.tell(CommitmentFunded, days[3], amount, funded=yuan(amount))
                one.paid.append((days[3], amount - first))
        if draw(st.booleans()):
            one.told.tell(draw(st.sampled_from(ENDS)), days[4], amount)
            one.stands.append((days[4], 0))
        found.append(one)
    return found, draw(in_any_order([event for one in found for event in one.told.events]))


@settings(max_examples=60)
@given(promises(), st.sampled_from(DAYS))
def test_both_figures_are_what_counting_the_commitments_one_by_one_gives(
    zone: tuple[list[Promise], list[list[Event]]], on: str
) -> None:
    found, batches = zone
    committed, funded = [], []
    for one in found:
        dims = {"instrument": one.told.instrument}
        stood = [amount for at, amount in one.stands if at <= on]
        committed += [One(stood[-1], dims)] if stood and stood[-1] else []
        days = {at: sum(amount for paid_on, amount in one.paid if paid_on == at) for at, _ in one.paid if at <= on}
        funded += [One(amount, dims) for amount in days.values()]

    async def check() -> None:
        asked = await Asked.after(*batches)
        for kpi, things in (("investment_committed", committed), ("investment_funded", funded)):
            assert await shown(asked, kpi, "instrument", on) == counted(kpi, things, "instrument")

    asyncio.run(check())
