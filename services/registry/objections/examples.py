"""What the document of the API shows of objections: one to the dissolution of a synthetic business."""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.chassis.domain.times import parse_instant
from services.registry.filings.examples import DIGITS, OFFICER, OWNER
from services.registry.objections.bodies import DecideObjection, LodgeObjection
from services.registry.objections.objection import Debts, Objection, ObjectionStatus, debts_objection_id
from services.registry.objections.views import ObjectionView

REASON: Final = "示例：尚有货款未付"
DISSOLUTION: Final = f"biz_{DIGITS}:0000000002"

OBJECTION: Final = Objection(
    id=f"obj_{DIGITS}",
    version=1,
    sequence=1,
    business_id=f"biz_{DIGITS}",
    owner_id=OWNER.partner_id,
    partner_id=f"par_{DIGITS[::-1]}",
    by=f"cli_{DIGITS[::-1]}",
    status=ObjectionStatus.OPEN,
    raised_by="partner",
    reason=REASON,
    lodged_at=parse_instant("2026-11-26T02:00:00Z"),
    dissolution=DISSOLUTION,
)
DECIDED: Final = OBJECTION.model_copy(
    update={
        "version": 2,
        "sequence": 2,
        "status": ObjectionStatus.DISMISSED,
        "decided_by": OFFICER.client_id,
        "ended_at": parse_instant("2026-11-27T02:00:00Z"),
        "comment": "示例：货款已付清",
    }
)
OF_DEBTS: Final = OBJECTION.model_copy(
    update={
        "id": debts_objection_id(DISSOLUTION),
        "raised_by": "incubator",
        "reason": "The business owes the zone what these invoices say.",
        "debts": Debts(amount=654_000, currency="CNY", invoice_ids=[f"ivc_{DIGITS}"]),
    }
)

KEPT: Final[Sequence[Row]] = (OBJECTION,)
BODIES: Final[Sequence[BaseModel]] = (
    LodgeObjection(reason=REASON),
    DecideObjection(outcome="dismissed", comment="示例：货款已付清"),
)
ANSWERS: Final[Sequence[BaseModel]] = (ObjectionView.of(OBJECTION),)
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {
    "list_objections": ObjectionView.of(OF_DEBTS),
    "decide_objection": ObjectionView.of(DECIDED),
}
