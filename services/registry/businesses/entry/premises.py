"""Premises: ground or rooms in the zone."""

from typing import Literal

from pydantic import Field

from services.registry.businesses.entry.part import Line, Part


class Premises(Part):
    """Ground or rooms in the zone that the business owns or leases."""

    parcel_id: Line
    area_m2: float = Field(gt=0, le=1e9)
    tenure: Literal["owned", "leased"]
    agreement_document_id: None = None
