"""How paths name invoices, and the filter of their list."""

from typing import Annotated

from fastapi import Path

from services.chassis.http.filters import Filter
from services.contracts.incubator.finance import InvoiceId
from services.contracts.registry.businesses import BusinessId
from services.incubator.finance.invoices.status import InvoiceStatus

InvoiceRef = Annotated[InvoiceId, Path(description="The invoice, by its id.")]


class InvoiceFilter(Filter):
    """By who is to pay, and by how far they have come."""

    business_id: BusinessId | None = None
    """Who is to pay."""
    status: InvoiceStatus | None = None
    """How far it has come."""
