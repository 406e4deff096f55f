"""What the incubator answers to a dissolution, as a consumer hands it to a handler."""

from typing import TypeVar

from services.chassis.domain.events import Event
from services.chassis.testing import heard
from services.contracts.incubator.debts import DebtsDeclared, DebtsSettled

E = TypeVar("E", bound=Event)
INVOICES = [f"ivc_{number:032x}" for number in (1, 2)]


def declared(business_id: str, *, sequence: int = 1, amount: int = 65_400, answers: str = "") -> DebtsDeclared:
    return delivered(
        DebtsDeclared(
            business_id=business_id,
            answers=answers or f"{business_id}:0000000002",
            amount=amount,
            currency="CNY",
            invoice_ids=INVOICES[: 1 + (amount > 65_400)],
        ),
        sequence,
    )


def settled(business_id: str, *, sequence: int = 2, answers: str = "") -> DebtsSettled:
    answers = answers or f"{business_id}:0000000002"
    return delivered(DebtsSettled(business_id=business_id, answers=answers, amount=0, currency="CNY"), sequence)


def delivered(event: E, sequence: int) -> E:
    return heard.delivered(event, str(getattr(event, "business_id", None)).replace("biz_", "dpt_"), sequence)
