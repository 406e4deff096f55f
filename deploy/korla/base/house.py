"""The house of the Demonstration Base: its site, what can be booked in it, its plans and its tariffs. All synthetic."""

from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from deploy.korla.base.hand import Hand, Json
from deploy.korla.together import together

SITE: Final = {"name": "示例创业基地 (synthetic)", "address": "库尔勒 示例孵化路 1 号", "area_m2": 3200}

DAY_AND_NIGHT: Final = [{"weekday": day, "from": "00:00", "to": "24:00"} for day in range(1, 8)]
DAYTIME: Final = [{"weekday": day, "from": "08:00", "to": "22:00"} for day in range(1, 8)]


def _yuan(price: str, per: str) -> dict[str, str]:
    return {"price": price, "currency": "CNY", "per": per}


def _fen(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "CNY"}


DESKS: Final = "示例开放工位"
ROOMS: Final = ("示例会议室 石榴", "示例会议室 胡杨")
HALL: Final = "示例路演厅"
PROJECTORS: Final = "示例投影仪"

RESOURCES: Final[tuple[Json, ...]] = (
    {
        "name": DESKS, "kind": "hot_desk", "units": 24, "area_m2": 180, "opening": DAY_AND_NIGHT,
        "terms": {"min_minutes": 30, "max_minutes": 1440},
        "rate": _yuan("12", "hour"), "price_cap_per_day": _fen(60_00),
    },
    {
        "name": ROOMS[0], "kind": "room", "capacity": 8, "area_m2": 24, "opening": DAYTIME,
        "terms": {"min_minutes": 30, "max_minutes": 480, "buffer_after": 15, "cancel_minutes": 60},
        "rate": _yuan("80", "hour"),
    },
    {
        "name": ROOMS[1], "kind": "room", "capacity": 16, "area_m2": 45, "opening": DAYTIME,
        "terms": {"min_minutes": 30, "max_minutes": 480, "buffer_after": 15, "cancel_minutes": 60},
        "rate": _yuan("120", "hour"),
    },
    {
        "name": HALL, "kind": "room", "capacity": 80, "area_m2": 210, "opening": DAYTIME,
        "terms": {"min_minutes": 60, "max_minutes": 720, "buffer_before": 30, "buffer_after": 30},
        "rate": _yuan("300", "hour"),
    },
    {"name": PROJECTORS, "kind": "equipment", "units": 3, "opening": DAYTIME},
)  # fmt: skip

PLANS: Final[tuple[Json, ...]] = (
    {
        "name": "示例创客套餐 (synthetic)", "covers": ["hot_desk"], "included_minutes_per_month": 6000,
        "overage": _yuan("10", "hour"),
    },
    {
        "name": "示例团队套餐 (synthetic)", "covers": ["hot_desk", "room"], "included_minutes_per_month": 18_000,
        "overage": _yuan("40", "hour"),
    },
)  # fmt: skip

TARIFFS: Final[tuple[Json, ...]] = (
    {
        "name": "示例一般工商业用电 (synthetic)", "utility": "electricity", "effective_from": "2020-01-01",
        "mode": "graduated",
        "tiers": [
            {"up_to": {"value": "300", "unit": "kWh"}, "unit_price": _yuan("0.4983", "kWh")},
            {"up_to": None, "unit_price": _yuan("0.5483", "kWh")},
        ],
        "standing_per_month": _fen(15_00),
    },
    {
        "name": "示例非居民用水 (synthetic)", "utility": "water", "effective_from": "2020-01-01",
        "mode": "graduated",
        "tiers": [{"up_to": None, "unit_price": _yuan("4.35", "m3")}],
        "standing_per_month": _fen(3_00),
    },
)  # fmt: skip


@dataclass(frozen=True)
class House:
    """What the Base has, before anyone moves in.

    Attributes:
        resources: name → resource. tariffs: utility → tariff. plans: in the order of `PLANS`.
    """

    site_id: str
    resources: dict[str, Json]
    plans: list[Json]
    tariffs: dict[str, Json]

    @property
    def desks(self) -> int:
        return sum(each["units"] for each in self.resources.values() if each["kind"] == "hot_desk")

    @property
    def rooms(self) -> int:
        return sum(each["kind"] == "room" for each in self.resources.values())


async def opened(staff: Hand) -> House:
    """The house, with what it lacks added. Raises UnexpectedAnswer."""
    site, plans, tariffs = await together(
        _site(staff),
        _each_of(staff, "plans", PLANS),
        _each_of(staff, "tariffs", TARIFFS),
    )
    site_id = site[0]["id"]
    wanted = tuple(each | {"site_id": site_id} for each in RESOURCES)
    resources = await _each_of(staff, "resources", wanted, site_id=site_id)
    return House(
        site_id,
        {each["name"]: each for each in resources},
        plans,
        {each["utility"]: each for each in tariffs},
    )


async def _site(staff: Hand) -> list[Json]:
    return await _each_of(staff, "sites", (SITE,))


async def _each_of(staff: Hand, path: str, wanted: tuple[Json, ...], **of: str) -> list[Json]:
    there = await staff.all(path, **of)
    return await together(*map(partial(staff.named, path, there=there), wanted))
