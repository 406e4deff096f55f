"""Every filing type, listed once: to add one is to add its payload here."""

from collections.abc import Mapping
from typing import Annotated, Final, get_args

from pydantic import Field
from typing_extensions import TypeAliasType

from services.contracts.registry.filings import FilingType
from services.registry.filings.types.annual_report import AnnualReport
from services.registry.filings.types.dissolution import AdministrativeDissolution, Dissolution
from services.registry.filings.types.dissolution_cancellation import DissolutionCancellation
from services.registry.filings.types.registration import Registration
from services.registry.filings.types.resumption import Resumption
from services.registry.filings.types.suspension import Suspension

AnyPayload = (
    Registration  # the first of a business
    | AnnualReport
    | Suspension
    | Resumption
    | Dissolution
    | AdministrativeDissolution
    | DissolutionCancellation
)

FilingPayload = TypeAliasType(
    "FilingPayload",
    Annotated[AnyPayload, Field(discriminator="type", description="What a filing says, as its `type` tells.")],
)
"""A payload that is kept and shown: its type tells which one it is."""

PAYLOADS: Final[Mapping[FilingType, type[AnyPayload]]] = {
    payload.model_fields["type"].default: payload for payload in get_args(AnyPayload)
}

STATING_CONTACTS: Final = [type for type, payload in PAYLOADS.items() if "contacts" in payload.model_fields]
"""The types of filings that say how to reach a business."""
