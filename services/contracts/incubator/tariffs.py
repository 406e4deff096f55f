"""What the incubator tells everyone of the prices of water and electricity."""

from enum import StrEnum
from typing import Annotated

from services.chassis.domain.events import Event, Topic
from services.chassis.domain.growing import Growing
from services.chassis.domain.ids import id_of
from services.chassis.domain.times import Day

METERS = Topic("zone.incubator.meters")
"""Water and electricity: tariffs, service points, meters, readings and bills; keyed by the business supplied."""

TariffId = Annotated[str, id_of("trf")]


class Utility(StrEnum):
    """What is supplied."""

    WATER = "water"
    ELECTRICITY = "electricity"


class TariffPublished(Event, name="zone.incubator.tariff.published.v1", topic=METERS, audience="public"):
    """A tariff, or a new version of it, is in force from a day on."""

    tariff_id: TariffId
    utility: Growing[Utility]
    version: int
    effective_from: Day
