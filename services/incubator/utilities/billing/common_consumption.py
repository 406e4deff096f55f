"""Common consumption: what a whole site took and no service point did, divided among them by area and days."""

import uuid
from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar, NamedTuple, Self

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.money import apportion
from services.contracts.incubator.sites import SiteId
from services.contracts.incubator.tariffs import Utility
from services.incubator.kernel.period import PeriodText
from services.incubator.kernel.quantity import Quantity
from services.incubator.utilities.billing.curve import Boundary
from services.incubator.utilities.billing.drafting import Unbilled
from services.incubator.utilities.tariffs.tariff import UNITS


class Divided(NamedTuple):
    """Common consumption with the share of each; `exceeded` where sub-meters show a little more than the main meter."""

    common: Fraction
    shares: dict[str, Fraction]
    exceeded: bool


def divide(main: Fraction, submeters: Fraction, weights: Mapping[str, int], *, tolerance_bps: int) -> Divided:
    """Divide what the main meter shows more than all sub-meters by the largest remainder, so that it sums exactly.

    Meters disagree by their class: less than nothing, but within the tolerance, is nothing (G-U4).

    Args:
        main, submeters: with at most six decimals.
        weights: share → its area times its days.
        tolerance_bps: basis points of what the main meter shows.

    Raises:
        Unbilled: `submeters_exceed_main`.
    """
    common = main - submeters
    if common < 0 and -common * 10_000 > main * tolerance_bps:
        raise Unbilled("submeters_exceed_main", "The sub-meters show more than the main meter, beyond the tolerance.")
    exceeded = common < 0
    common = max(common, Fraction())
    if not weights:
        return Divided(common, {}, exceeded)
    step = next(each for each in (1_000, 1_000_000) if (common * each).denominator == 1)
    parts = apportion(int(common * step), dict(weights))
    return Divided(common, {key: Fraction(part, step) for key, part in parts.items()}, exceeded)


class CommonConsumption(Aggregate):
    """Common consumption: what a site took in a month beside its service points, and how it was divided.

    Attributes:
        mains: main service point → where it begins and ends.
        shares: service point → its share.
        exceeded: whether the sub-meters showed a little more than the main meter.
    """

    collection: ClassVar[str] = "common_consumption"
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = ((("site_id", 1), ("period", 1), ("_id", 1)),)
    validator: ClassVar = {"$jsonSchema": {"required": ["site_id", "utility", "period", "main", "submeters", "common"]}}

    site_id: SiteId
    utility: Utility
    period: PeriodText
    main: Quantity
    submeters: Quantity
    common: Quantity
    shares: dict[str, Quantity]
    mains: dict[str, tuple[Boundary, Boundary]]
    exceeded: bool

    @classmethod
    def of(
        cls,
        site_id: str,
        utility: Utility,
        period: str,
        *,
        main: Fraction,
        submeters: Fraction,
        divided: Divided,
        mains: dict[str, tuple[Boundary, Boundary]],
    ) -> Self:
        """What was found for a month."""
        unit = UNITS[utility]
        return cls(
            id=common_id(site_id, utility, period),
            site_id=site_id,
            utility=utility,
            period=period,
            main=Quantity.of(main, unit),
            submeters=Quantity.of(submeters, unit),
            common=Quantity.of(divided.common, unit),
            shares={key: Quantity.of(share, unit) for key, share in divided.shares.items()},
            mains=mains,
            exceeded=divided.exceeded,
        )

    def replace(self, by: "CommonConsumption") -> bool:
        """Say what is known now; whether that is something else than before."""
        now = {name: getattr(by, name) for name in ("main", "submeters", "common", "shares", "mains", "exceeded")}
        if all(getattr(self, name) == value for name, value in now.items()):
            return False
        for name, value in now.items():
            setattr(self, name, value)
        return True


def common_id(site_id: str, utility: Utility, period: str) -> str:
    """What is known of a site and month: a name-based id (RFC 9562 §5.5), so that there is one."""
    return f"cmn_{uuid.uuid5(uuid.UUID(site_id.removeprefix('sit_')), f'{utility}|{period}').hex}"
