"""What the document of the API shows of tariffs: a synthetic one of electricity in two steps."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

from pydantic import BaseModel

from services.chassis.domain.aggregate import Row
from services.contracts.incubator.tariffs import Utility
from services.incubator.utilities.tariffs.bodies import AddTariffVersion, PublishTariff
from services.incubator.utilities.tariffs.tariff import Tariff
from services.incubator.utilities.tariffs.terms import TariffTerms
from services.incubator.utilities.tariffs.views import TariffView, quoted

STEPS: Final = {
    "effective_from": "2026-01-01",
    "mode": "graduated",
    "tiers": [
        {
            "up_to": {"value": "2000", "unit": "kWh"},
            "unit_price": {"price": "0.4983", "currency": "CNY", "per": "kWh"},
        },
        {"up_to": None, "unit_price": {"price": "0.5483", "currency": "CNY", "per": "kWh"}},
    ],
    "standing_per_month": {"amount": 3100, "currency": "CNY"},
    "minimum": {"amount": 5000, "currency": "CNY"},
}
"""From 2,000 kWh on each one costs more."""

TARIFF: Final = Tariff(
    id="trf_0195f3a4b5c67d8e9f00112233445566",
    version=1,
    sequence=1,
    name="示例一般工商业用电",
    utility=Utility.ELECTRICITY,
    versions=[TariffTerms.model_validate(STEPS)],
)

KEPT: Final[Sequence[Row]] = (TARIFF,)
BODIES: Final[Sequence[BaseModel]] = (
    PublishTariff.model_validate({**STEPS, "name": TARIFF.name, "utility": "electricity"}),
    AddTariffVersion.model_validate({**STEPS, "effective_from": "2027-01-01"}),
)
ANSWERS: Final[Sequence[BaseModel]] = (TariffView.of(TARIFF), quoted(TARIFF, 1, Fraction(2500)))
OF_OPERATIONS: Final[Mapping[str, BaseModel]] = {}
