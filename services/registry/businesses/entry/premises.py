"""Premises: ground or rooms in the zone."""

from typing import Literal

from pydantic import Field

from services.chassis.domain.part import Part
from services.registry.businesses.entry.agreement import AgreementId
from services.registry.businesses.entry.line import Line


class Premises(Part):
    """Ground or rooms in the zone that the business owns or leases."""

    parcel_id: Line
    """The parcel of land, as the land register names it."""
    area_m2: float = Field(gt=0, le=1e9)
    """The floor area in square metres, with at most two decimals."""
    tenure: Literal["owned", "leased"]
    """Whether it owns or leases them."""
    agreement_document_id: AgreementId = None
    """The document of the lease or of the purchase."""
