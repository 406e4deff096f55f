"""What the document of the API shows of departures: the synthetic business on its way out."""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.chassis.domain.times import parse_instant
from services.incubator.departures.departure import Departure, DepartureStatus, ToCome, departure_id
from services.incubator.departures.views import DepartureView
from services.incubator.tenants.examples import BUSINESS, DIGITS, OWNER

DEPARTURE: Final = Departure(
    id=departure_id(BUSINESS),
    version=2,
    sequence=1,
    business_id=BUSINESS,
    partner_id=OWNER,
    status=DepartureStatus.OWING,
    answers=f"{BUSINESS}:0000000002",
    heard=2,
    since=parse_instant("2026-11-25T02:00:00Z"),
    awaits=[ToCome(task="final_reading", id=f"svp_{DIGITS}")],
    amount=654_000,
    invoice_ids=[f"ivc_{DIGITS}"],
    answered_at=parse_instant("2026-11-25T02:00:15Z"),
)

KEPT: Final[Sequence[Row]] = (DEPARTURE,)
BODIES: Final[Sequence[BaseModel]] = ()
ANSWERS: Final[Sequence[BaseModel]] = (DepartureView.of(DEPARTURE),)
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
