"""What the document of the API shows of shares: those of a synthetic business with one founder."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.chassis.domain.money import Money
from services.chassis.domain.times import parse_instant
from services.incubator.investment.investors.examples import INVESTOR
from services.incubator.investment.shares.bodies import (
    CancelShares,
    ChangeAuthorised,
    CreateShareClass,
    IssueShares,
    RepurchaseShares,
    SplitShares,
    TransferShares,
)
from services.incubator.investment.shares.cap_table import CapTable, When
from services.incubator.investment.shares.share_class import ShareClass, ShareClassType
from services.incubator.investment.shares.views import CapEventView, CapTableView, ShareClassView
from services.incubator.tenants.examples import BUSINESS, OWNER, TENANT

DAY: Final = date(2026, 11, 25)
WHEN: Final = When(DAY, parse_instant("2026-11-25T02:00:00Z"))
PAID: Final = Money(amount=100_000_000, currency="CNY")
SHARE_CLASS: Final = ShareClass(
    id="shc_0195f3a4b5c67d8e9f00112233445566",
    version=2,
    business_id=BUSINESS,
    partner_id=OWNER,
    name="普通股",
    class_type=ShareClassType.COMMON,
    id_prefix="CS",
    votes_per_share=1,
    par_value=100,
    currency="CNY",
    seniority=1,
    moved_on=DAY,
    settled_on=DAY,
)
CAP_TABLE: Final = CapTable.of_tenant(TENANT)
CREATED: Final = CAP_TABLE.add_class(SHARE_CLASS, 10_000_000, WHEN)
ISSUED: Final = CAP_TABLE.issue(SHARE_CLASS, INVESTOR.id, 1_000_000, PAID.amount, WHEN)
CAP_TABLE.take_recorded()

KEPT: Final[Sequence[Row]] = (SHARE_CLASS, CAP_TABLE, CREATED, ISSUED)
BODIES: Final[Sequence[BaseModel]] = (
    CreateShareClass(
        name=SHARE_CLASS.name,
        class_type=SHARE_CLASS.class_type,
        id_prefix=SHARE_CLASS.id_prefix,
        par_value=Money(amount=100, currency="CNY"),
        authorised=10_000_000,
        effective_on=DAY,
    ),
    ChangeAuthorised(share_class_id=SHARE_CLASS.id, authorised=20_000_000, effective_on=DAY),
    IssueShares(share_class_id=SHARE_CLASS.id, investor_id=INVESTOR.id, shares=1_000_000, paid=PAID, effective_on=DAY),
    TransferShares(certificate="CS-1", shares=400_000, to_investor_id=INVESTOR.id, effective_on=DAY),
    CancelShares(certificate="CS-1", shares=100_000, reason="减资", effective_on=DAY),
    RepurchaseShares(
        certificate="CS-1", shares=100_000, paid=Money(amount=12_000_000, currency="CNY"), effective_on=DAY
    ),
    SplitShares(
        share_class_id=SHARE_CLASS.id,
        numerator=10,
        denominator=1,
        price_per_share=Money(amount=0, currency="CNY"),
        effective_on=DAY,
    ),
)
ANSWERS: Final[Sequence[BaseModel]] = (
    ShareClassView.of(SHARE_CLASS),
    CapEventView.of(ISSUED),
    CapTableView.of(CAP_TABLE, CAP_TABLE.standing, None, {SHARE_CLASS.id: SHARE_CLASS}, {INVESTOR.id: INVESTOR}),
)
OF_OPERATIONS: Final[Mapping[str, BaseModel | Mapping[str, Any] | str]] = {"see_cap_table_as_ocf": "PK…"}
"""The bytes of a zip begin with these letters."""
