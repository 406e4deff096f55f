"""What the incubator answers the registry of a business that is being dissolved: what it owes the zone."""

from services.chassis.domain.events import Event
from services.contracts.incubator.finance import TENANTS, InvoiceId
from services.contracts.registry.businesses import BusinessId


class DebtsEvent(Event):
    """What every answer says."""

    business_id: BusinessId
    answers: str
    """The id of the `BusinessDissolutionStarted` that it answers."""
    amount: int
    """What is owed, in minor units."""
    currency: str


class DebtsDeclared(DebtsEvent, name="zone.incubator.debts.declared.v1", topic=TENANTS, audience="owner"):
    """A business that is being dissolved has invoices that are not paid; said again as they change."""

    invoice_ids: list[InvoiceId]


class DebtsSettled(DebtsEvent, name="zone.incubator.debts.settled.v1", topic=TENANTS, audience="owner"):
    """A business that is being dissolved owes nothing, and nothing more will be charged."""
