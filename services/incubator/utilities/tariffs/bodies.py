"""What staff sends of tariffs."""

from typing import Annotated

from pydantic import Field

from services.chassis.domain.texts.text import Text
from services.contracts.incubator.tariffs import Utility
from services.incubator.utilities.tariffs.terms import TariffTerms

TariffName = Annotated[str, Text(at_most=100)]


class PublishTariff(TariffTerms):
    """A tariff with its first version."""

    name: TariffName
    """By which people call it."""
    utility: Annotated[Utility, Field(strict=False)]
    """What it prices: water by the cubic metre, electricity by the kilowatt-hour."""


class AddTariffVersion(TariffTerms):
    """A new version of a tariff, from a month to come on."""


def terms_of(body: PublishTariff | AddTariffVersion) -> TariffTerms:
    """The terms that a body states."""
    return TariffTerms(**{name: getattr(body, name) for name in TariffTerms.model_fields})
