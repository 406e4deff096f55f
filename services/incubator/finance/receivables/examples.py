"""What the document of the API shows of aged receivables: those of a synthetic business."""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.incubator.finance.payments.examples import ON, PAYMENT
from services.incubator.finance.receivables.aging import aged
from services.incubator.finance.receivables.views import AgedReceivablesView
from services.incubator.tenants.examples import BUSINESS, TENANT

KEPT: Final[Sequence[Row]] = ()
BODIES: Final[Sequence[BaseModel]] = ()
RECEIVABLES: Final = AgedReceivablesView.of(aged([], [PAYMENT], ON), {BUSINESS: TENANT.name}, ON, "CNY")
ANSWERS: Final[Sequence[BaseModel]] = (RECEIVABLES,)
OF_OPERATIONS: Final[Mapping[str, BaseModel | str]] = {
    "aged_receivables_as_csv": RECEIVABLES.table().as_csv().decode(),
    "aged_receivables_as_page": RECEIVABLES.table().as_page().decode(),
}
