"""How paths name invoices, and the filter of their list."""

from typing import Annotated

from fastapi import Path

from services.chassis.domain.texts.text import Text
from services.chassis.http.filters import Filter
from services.contracts.incubator.finance import InvoiceId
from services.contracts.registry.businesses import BusinessId
from services.incubator.finance.invoices.status import InvoiceStatus

InvoiceRef = Annotated[InvoiceId, Path(description="The invoice, by its id.")]


class InvoiceFilter(Filter):
    """By who is to pay, by how far they have come, and by what they charge."""

    stored_as = {"source": "lines.charge.source"}  # noqa: RUF012 – a class attribute of the base

    business_id: BusinessId | None = None
    """Who is to pay."""
    status: InvoiceStatus | None = None
    """How far it has come."""
    source: Annotated[str, Text(at_most=100)] | None = None
    """What one of its lines charges: the id of a bill, or of a reservation with the number of the occurrence
    (`rsv_…-1`)."""
