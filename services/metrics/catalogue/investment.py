"""Investment: what is promised, what is paid in, and how rounds end, with the KPIs that follow."""

from collections.abc import Iterator
from typing import Any, Final

from services.chassis.domain.events import Event
from services.chassis.domain.money import Money
from services.contracts.incubator.startups.rounds import (
    CommitmentAccepted,
    CommitmentAllotted,
    CommitmentCancelled,
    CommitmentFunded,
    CommitmentLapsed,
    CommitmentPledged,
    CommitmentReconfirmed,
    CommitmentReleased,
    Instrument,
    RoundClosed,
    RoundFailed,
)
from services.metrics.catalogue.offices import Office
from services.metrics.figures.dimensions import Dimension
from services.metrics.figures.history import Change
from services.metrics.figures.kept import Flow, Ratio, Stock
from services.metrics.figures.kpi import RATIO, Name
from services.metrics.figures.subject import DatedFacts, Subject, effective_day

INSTRUMENT: Final = Dimension(
    "instrument",
    Instrument,
    values=tuple(each.value for each in Instrument),
    of=lambda state: str(state["instrument"]),
    about="The instrument of a round.",
)


def of_commitment(event: Event) -> Iterator[DatedFacts]:
    """What an event says of a commitment: for how much it stands, what of it is there, and whether it is live."""
    on = effective_day(event)
    match event:
        case CommitmentPledged():
            said: dict[str, Any] = {"live": True, "amount": _kept(event.amount)}
        case CommitmentAccepted() | CommitmentReconfirmed():
            said = {"amount": _kept(event.amount)}
        case CommitmentFunded():
            said = {"amount": _kept(event.amount), "funded": _kept(event.funded)}
        case CommitmentAllotted() | CommitmentCancelled() | CommitmentLapsed() | CommitmentReleased():
            said = {"live": False}
        case _:
            raise TypeError(f"nothing here knows what {event.wire_name} changes")
    yield on, {"instrument": str(event.instrument), **said}


def _kept(money: Money) -> dict[str, Any]:
    return {"amount": money.amount, "currency": money.currency}


def paid_in(change: Change) -> dict[str, Any] | None:
    """What came in on a day: events say how much is there in all."""
    if "funded" not in change.said:
        return None
    now, before = change.said["funded"], change.before.get("funded", {"amount": 0})
    return {**now, "amount": now["amount"] - before["amount"]}


LIVE: Final = (
    CommitmentPledged,
    CommitmentAccepted,
    CommitmentReconfirmed,
    CommitmentFunded,
    CommitmentAllotted,
    CommitmentCancelled,
    CommitmentLapsed,
    CommitmentReleased,
)

COMMITTED: Final = Stock(
    "investment_committed",
    name=Name("Investment committed", "投资认缴额"),
    owner=Office.INVESTMENT,
    of="amount",
    unit="CNY",
    formula="sum of what live pledges stand for: promised, accepted or paid, in rounds that are not over",
    events=LIVE,
)
FUNDED: Final = Flow(
    "investment_funded",
    name=Name("Investment paid in", "投资到账额"),
    owner=Office.INVESTMENT,
    of=paid_in,
    unit="CNY",
    formula="sum of what investors paid in, by the day; what goes back later is not taken off",
    events=(CommitmentFunded,),
)

COMMITMENT: Final = Subject(
    "commitment",
    heard_of=("cmt",),
    events=LIVE,
    id_of=lambda event: event.commitment_id,
    facts=of_commitment,
    known_by="instrument",
    counted_while=lambda state: state.get("live") is True,
    dimensions=(INSTRUMENT,),
    kpis=(COMMITTED, FUNDED),
)
"""A commitment counts from its pledge on, until nobody is bound by it or its round has closed."""


def of_round(event: Event) -> Iterator[DatedFacts]:
    """What an event says of a round: how it ended, and with how much."""
    on = effective_day(event)
    match event:
        case RoundClosed():
            yield (
                on,
                {"ended": True, "successes": 1, "raised": _kept(event.raised), "instrument": str(event.instrument)},
            )
        case RoundFailed():
            yield on, {"ended": True, "successes": 0, "instrument": str(event.instrument)}
        case _:
            raise TypeError(f"nothing here knows what {event.wire_name} changes")


CLOSED: Final = Flow(
    "investment_closed",
    name=Name("Investment closed", "融资完成额"),
    owner=Office.INVESTMENT,
    of="raised",
    unit="CNY",
    formula="sum of what rounds raised, by the day on which they closed",
    events=(RoundClosed,),
)
SUCCESS_RATE: Final = Ratio(
    "round_success_rate",
    name=Name("Success rate of rounds", "融资成功率"),
    owner=Office.INVESTMENT,
    numerator="successes",
    denominator="ended",
    timing="flow",
    unit=RATIO,
    formula="closed rounds / (closed + failed), by the day on which they ended; a cancelled one is neither",
    events=(RoundClosed, RoundFailed),
)

ROUND: Final = Subject(
    "round",
    heard_of=("rnd",),
    events=(RoundClosed, RoundFailed),
    id_of=lambda event: event.round_id,
    facts=of_round,
    known_by="ended",
    counted_while=lambda state: False,
    dimensions=(INSTRUMENT,),
    kpis=(CLOSED, SUCCESS_RATE),
)
"""A round counts once it has closed or failed."""

SUBJECTS: Final = (COMMITMENT, ROUND)
