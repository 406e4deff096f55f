"""Which filing a business in which status may have, and by whom: one table."""

from collections.abc import Mapping
from typing import Final, Literal

from services.chassis.domain.errors import Conflict
from services.contracts.registry.filings import FilingType
from services.registry.businesses.business import Business
from services.registry.businesses.status import BusinessStatus

Who = Literal["A", "O", "x"]
"""A: the applicant's side, and officers; O: officers and supervisors only; x: nobody."""

ROWS: Final[Mapping[FilingType, tuple[Who, Who, Who, Who]]] = {
    #                         active, suspended, dissolving, dissolved
    FilingType.REGISTRATION: ("x", "x", "x", "x"),  # it makes the business
    FilingType.ANNUAL_REPORT: ("A", "A", "A", "O"),
    FilingType.SUSPENSION: ("A", "A", "x", "x"),
    FilingType.RESUMPTION: ("x", "A", "x", "x"),
    FilingType.DISSOLUTION: ("A", "A", "x", "x"),
    FilingType.ADMINISTRATIVE_DISSOLUTION: ("O", "O", "x", "x"),
    FilingType.DISSOLUTION_CANCELLATION: ("x", "x", "A", "x"),
}
MATRIX: Final = {filing: dict(zip(BusinessStatus, row, strict=True)) for filing, row in ROWS.items()}


def is_allowed(filing: FilingType, business: Business, *, official: bool) -> bool:
    """Whether somebody may make this filing for a business in its present status."""
    return MATRIX[filing][business.status] in ("AO" if official else "A")


def allowed_filings(business: Business, *, official: bool) -> list[str]:
    """The types of filing that somebody may make for a business now."""
    return [filing.value for filing in MATRIX if is_allowed(filing, business, official=official)]


def check_allowed(filing: FilingType, business: Business, *, official: bool) -> None:
    """Let a filing pass that fits the status of the business.

    Raises:
        Conflict: `filing_not_allowed`, with `business_status` and the filings that are allowed.
    """
    if not is_allowed(filing, business, official=official):
        raise Conflict(
            f"There can be no {filing.value.replace('_', ' ')} of a business that is {business.status}.",
            code="filing_not_allowed",
            business_status=business.status.value,
            allowed_filings=allowed_filings(business, official=official),
        )
