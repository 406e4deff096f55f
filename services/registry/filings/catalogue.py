"""Every filing type, listed once: to add one is to add its payload here."""

from collections.abc import Mapping
from typing import Final, get_args

from services.contracts.registry.filings import FilingType
from services.registry.filings.types.annual_report import AnnualReport
from services.registry.filings.types.registration import Registration
from services.registry.filings.types.resumption import Resumption
from services.registry.filings.types.suspension import Suspension

AnyPayload = (
    Registration  # the first of a business
    | AnnualReport
    | Suspension
    | Resumption
)

PAYLOADS: Final[Mapping[FilingType, type[AnyPayload]]] = {payload.type: payload for payload in get_args(AnyPayload)}
