"""How a path or a body names a tariff, the filter of their list, and what a quotation asks."""

from datetime import date
from typing import Annotated

from fastapi import Path, Query

from services.chassis.domain.times import Day
from services.chassis.domain.violations import Violation, refuse, refuse_parameters
from services.chassis.http.filters import Filter
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.tariffs import TariffId, Utility
from services.incubator.kernel.quantity import DecimalText
from services.incubator.utilities.tariffs.tariff import Tariff

TariffRef = Annotated[TariffId, Path(description="The tariff, by its id.")]
AskedQuantity = Annotated[DecimalText, Query(description="How much is consumed in a whole month, in its unit.")]
AskedDay = Annotated[Day | None, Query(description="A day on which the version holds that is asked for; today.")]


class TariffFilter(Filter):
    """By what they price."""

    utility: Utility | None = None
    """Water or electricity."""


def version_asked(tariff: Tariff, on: date) -> int:
    """The version of a tariff that holds on a day. Raises Unprocessable: `no_tariff_yet`."""
    version = tariff.version_on(on)
    if version is None:
        refuse_parameters(Violation("no_tariff_yet", "No version of this tariff holds on that day.", ("on",)))
    assert version is not None
    return version


async def tariff_named(tariff_id: str, utility: Utility, tx: Tx) -> Tariff:
    """The tariff that a member `tariff_id` of a body names.

    Raises:
        Unprocessable: `tariff_unknown`, `utility_mismatch`.
    """
    tariff = await tx.find(Tariff, tariff_id)
    if tariff is None:
        refuse(Violation("tariff_unknown", "There is no such tariff.", ("tariff_id",)))
    assert tariff is not None
    if tariff.utility is not utility:
        refuse(Violation("utility_mismatch", "This tariff is of the other utility.", ("tariff_id",)))
    return tariff
