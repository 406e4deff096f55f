"""A utility bill: what a service point took in a month, priced; and what earlier bills did not know yet."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any, ClassVar, Self

from pydantic import Field

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.money import Money
from services.chassis.domain.moves import move
from services.chassis.domain.ownership import owned_by
from services.chassis.domain.part import Part
from services.chassis.domain.times import Day, Instant
from services.contracts.incubator.finance import InvoiceId
from services.contracts.incubator.meters import ServicePointId
from services.contracts.incubator.sites import SiteId
from services.contracts.incubator.tariffs import TariffId, Utility
from services.contracts.incubator.utility_bills import (
    Consumption,
    ConsumptionRated,
    UtilityBillAdjusted,
    UtilityBillDrafted,
    UtilityBillFinalised,
)
from services.contracts.registry.businesses import BusinessId
from services.incubator.kernel.period import PeriodText
from services.incubator.kernel.quantity import Quantity
from services.incubator.utilities.billing.curve import Boundary
from services.incubator.utilities.metering.service_point import ServicePoint
from services.incubator.utilities.tariffs.tariff import UNITS
from services.incubator.utilities.tariffs.terms import PricedLine, TariffTerms, charges, total_of


class BillStatus(StrEnum):
    """Whether a bill may still be made anew."""

    DRAFT = "draft"
    FINALISED = "finalised"


MOVES: dict[BillStatus, set[BillStatus]] = {BillStatus.DRAFT: {BillStatus.FINALISED}, BillStatus.FINALISED: set()}


class Correction(Part):
    """An earlier month of which more is known by now: priced anew by the tariff of that month, less what was billed."""

    service_period: PeriodText
    """The month of the bill that is put right, `YYYY-MM`."""
    starts_on: Day
    """The first day of it that was billed."""
    ends_on: Day
    """The last day of it that was billed."""
    tariff_version: int
    """The version of the tariff that held then."""
    before: Quantity
    """What was billed so far, corrections and the share of common consumption included."""
    now: Quantity
    """What it was in truth, as far as is known by now, with that share as it was billed."""
    amount: Money
    """The difference; negative where less was taken."""


class Measured(Part):
    """What was measured for a bill."""

    start: Boundary
    """Where it begins: where the bill before ended."""
    end: Boundary
    """Where it ends."""
    own: Quantity
    """What the service point took."""
    common: Quantity
    """Its share of what the whole site took and no service point did."""

    @property
    def exact(self) -> Fraction:
        """All of it."""
        return self.own.exact + self.common.exact


def bill_id(service_point_id: str, period: str) -> str:
    """The bill of a service point for a month: a name-based id (RFC 9562 §5.5), so that there is one."""
    return f"ubl_{uuid.uuid5(uuid.UUID(service_point_id.removeprefix('svp_')), period).hex}"


class UtilityBill(Aggregate):
    """A utility bill: one a service point and month. A draft is made anew as readings come; a final one stays.

    Attributes:
        starts_on, ends_on: the days that it charges for, both included; a bill that corrects alone charges for none.
        standing, minimum: of those days, in minor units; by them a correction prices the month anew.
        measured: None of a bill that corrects alone.
        total: never below 0; what is left over then is the credit.
        finalises_at: until when a draft may be made anew.
        invoice_id: on which it is charged; None while it is a draft, and where there is nothing to charge.
    """

    collection: ClassVar[str] = "utility_bills"
    shown_to: ClassVar = owned_by("partner_id")
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("service_point_id", 1), ("period", 1), ("_id", 1)),
        (("site_id", 1), ("utility", 1), ("period", 1), ("_id", 1)),
        (("status", 1), ("finalises_at", 1), ("_id", 1)),
        (("partner_id", 1), ("_id", 1)),
    )
    validator: ClassVar = {
        "$jsonSchema": {
            "required": ["service_point_id", "business_id", "period", "lines", "total", "credit", "status"],
            "properties": {
                "status": {"enum": [status.value for status in BillStatus]},
                "total": {"bsonType": "object", "properties": {"amount": {"minimum": 0}}},
                "credit": {"bsonType": "object", "properties": {"amount": {"minimum": 0}}},
                "finalises_at": {"bsonType": "date"},
            },
        }
    }

    service_point_id: ServicePointId
    site_id: SiteId
    utility: Utility
    business_id: BusinessId
    partner_id: str
    period: PeriodText
    starts_on: Day | None
    ends_on: Day | None
    tariff_id: TariffId
    tariff_version: int
    standing: int = 0
    minimum: int = 0
    measured: Measured | None = None
    lines: list[PricedLine] = Field(default=[])
    corrections: list[Correction] = Field(default=[])
    total: Money
    credit: Money
    status: BillStatus = BillStatus.DRAFT
    finalises_at: Instant
    invoice_id: InvoiceId | None = None

    @classmethod
    def begin(
        cls,
        point: ServicePoint,
        period: str,
        *,
        tariff_id: str,
        tariff_version: int,
        currency: str,
        finalises_at: datetime,
    ) -> Self:
        """The bill of a service point for a month, before anything is on it."""
        assert point.business_id is not None
        nothing = Money(amount=0, currency=currency)
        return cls(
            id=bill_id(point.id, period),
            service_point_id=point.id,
            site_id=point.site_id,
            utility=point.utility,
            business_id=point.business_id,
            partner_id=point.partner_id,
            period=period,
            starts_on=None,
            ends_on=None,
            tariff_id=tariff_id,
            tariff_version=tariff_version,
            total=nothing,
            credit=nothing,
            finalises_at=finalises_at,
        )

    def draft(
        self,
        terms: TariffTerms,
        *,
        days: tuple[Any, Any] | None,
        measured: Measured | None,
        standing: int,
        minimum: int,
        corrections: Sequence[Correction],
    ) -> bool:
        """Put on it what is known now; whether that is something else than before.

        Raises:
            Violated: `amount_too_large`.
        """
        lines = charges(terms, measured.exact, standing=standing, minimum=minimum) if measured else []
        said = (days or (None, None), measured, standing, minimum, lines, list(corrections))
        if self.version and said == self._said():
            return False
        told, corrected = (self.starts_on, self.ends_on, self.measured), self.corrections
        (self.starts_on, self.ends_on), self.measured, self.standing, self.minimum = said[:4]
        self.lines, self.corrections = lines, list(corrections)
        due = total_of(lines) + sum(each.amount.amount for each in corrections)
        self.total = Money(amount=max(due, 0), currency=terms.currency)
        self.credit = Money(amount=max(-due, 0), currency=terms.currency)
        self.record(UtilityBillDrafted(**self._told(), period=self.period, total=self.total))
        if measured and told != (self.starts_on, self.ends_on, measured):
            self._rate(self.starts_on, self.ends_on, measured.exact)
        for each in (each for each in corrections if each not in corrected):
            self._adjust(each)
        for each in corrected:
            if each.service_period not in {now.service_period for now in corrections}:  # what was billed is true again
                self._rate(each.starts_on, each.ends_on, each.before.exact)
        return True

    def finalise(self, *, invoice_id: str | None) -> None:
        """Nothing on it changes any more; it is charged on an invoice. Raises Conflict: `invalid_transition`."""
        self.status, self.invoice_id = move(self.status, BillStatus.FINALISED, MOVES), invoice_id
        self.record(UtilityBillFinalised(**self._told(), period=self.period, total=self.total, credit=self.credit))

    def price_of(self, quantity: Fraction, terms: TariffTerms) -> int:
        """What its month costs if it was so much, in minor units."""
        return total_of(charges(terms, quantity, standing=self.standing, minimum=self.minimum))

    def _said(self) -> tuple[Any, ...]:
        days = (self.starts_on, self.ends_on)
        return (days, self.measured, self.standing, self.minimum, self.lines, self.corrections)

    def _adjust(self, correction: Correction) -> None:
        self.record(
            UtilityBillAdjusted(
                **self._told(),
                service_period=correction.service_period,
                before=_consumption(correction.before),
                now=_consumption(correction.now),
                amount=correction.amount,
            )
        )
        self._rate(correction.starts_on, correction.ends_on, correction.now.exact)

    def _rate(self, starts_on: Any, ends_on: Any, quantity: Fraction) -> None:
        consumed = _consumption(Quantity.of(quantity, UNITS[self.utility]))
        days = {"starts_on": starts_on, "ends_on": ends_on}
        self.record(ConsumptionRated(**self._told(), period=self.period, **days, quantity=consumed))

    def _told(self) -> dict[str, Any]:
        return {
            "bill_id": self.id,
            "service_point_id": self.service_point_id,
            "business_id": self.business_id,
            "site_id": self.site_id,
            "utility": self.utility,
        }


def _consumption(quantity: Quantity) -> Consumption:
    return Consumption(value=quantity.value, unit=quantity.unit.value)
