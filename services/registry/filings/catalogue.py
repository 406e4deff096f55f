"""Every filing type, listed once."""

from collections.abc import Mapping
from typing import Final

from services.contracts.registry.filings import FilingType
from services.registry.filings.types.annual_report import AnnualReport
from services.registry.filings.types.registration import Registration
from services.registry.filings.types.resumption import Resumption
from services.registry.filings.types.suspension import Suspension

AnyPayload = Registration | AnnualReport | Suspension | Resumption

PAYLOADS: Final[Mapping[FilingType, type[AnyPayload]]] = {
    payload.type: payload for payload in (Registration, AnnualReport, Suspension, Resumption)
}
