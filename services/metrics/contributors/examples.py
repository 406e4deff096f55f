"""What the document of the API shows of contributors: one synthetic business, and the facts that make it count."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.metrics.catalogue.businesses import BUSINESS, VALUATION
from services.metrics.contributors.contributed import contributed, made_by
from services.metrics.contributors.views import Contribution, Contributor, Contributors, FactView
from services.metrics.figures.entity import Entity, Fact
from services.metrics.reading.examples import THROUGH

BUSINESS_ID: Final = "biz_0195f3a4b5c67d8e9f00112233445566"
TRACE: Final = "4bf92f3577b34da6a3ce929d0e0e4736"
KNOWN: Final = {"registered": True, "status": "active", "kind": "industrial", "sector": "C", "entry_year": "2012"}
WORTH: Final = {"valuation": {"amount": 36_818_000_000, "currency": "CNY"}}
FACTS: Final = (
    Fact("2012-05-01", BUSINESS_ID, 1, KNOWN, trace=TRACE),
    Fact("2017-12-31", BUSINESS_ID, 2, WORTH, trace=TRACE),
)
AS_OF: Final = date(2026, 11, 24)
ASKED: Final[dict[str, Any]] = {
    "kpi": VALUATION.id,
    "dims": {"kind": "industrial"},
    "unit": VALUATION.unit,
    "decimals": VALUATION.decimals,
    "period": None,
    "as_of": AS_OF,
    "definition_version": VALUATION.definition_version,
    "computed_through": THROUGH,
}


def one() -> Contributor:
    """A business, and what it adds."""
    entity = Entity(id=f"business|{BUSINESS_ID}", facts=list(FACTS), business_id=BUSINESS_ID, partner_id="par_1")
    added = contributed(BUSINESS, VALUATION, FACTS, {"kind": "industrial"}, None, AS_OF)
    return Contributor.of(entity, VALUATION, VALUATION.measured([added]), added)


KEPT: Final[Sequence[Row]] = ()
BODIES: Final[Sequence[BaseModel]] = ()
ANSWERS: Final[Sequence[BaseModel]] = (
    Contributors(data=[one()], next_cursor=None, **ASKED),
    Contribution(
        contributor=one(),
        facts=[FactView.of(fact) for fact in made_by(BUSINESS, VALUATION, FACTS, {"kind": "industrial"}, None, AS_OF)],
        **ASKED,
    ),
)
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
