"""Scorecards over HTTP: the zone's profile, and what others judge it by, as JSON and as pages to print."""

from typing import Any

import pytest

from services.contracts.incubator.sites import SiteOpened
from services.contracts.incubator.startups.incubations import IncubationGraduated, IncubationStarted
from tests.metrics.happenings import MILLION, hear, id_of, noon, registered, sample, told_by
from tests.metrics.supplies import opened, rated
from tests.refusals import reason

V1 = "/v1/metrics"
PAGES = ["national-incubator.html", "mofcom-groups.html"]


def started(number: int, on: str = "2026-01-01") -> Any:
    id = id_of("inc", number)
    return told_by(id, sample(IncubationStarted, incubation_id=id, starts_on=on), effective_at=noon(on))


@pytest.fixture
async def heard(store: Any) -> None:
    """A site of 800 square metres, three incubatees one of which has graduated, and an industrial business."""
    site = sample(SiteOpened, site_id=id_of("sit", 1), area_m2=800.0)
    graduated = sample(IncubationGraduated, incubation_id=id_of("inc", 1), graduated_on="2026-06-30")
    await hear(
        store,
        [
            told_by(id_of("sit", 1), site, effective_at=noon("2026-01-01")),
            *(started(number) for number in (1, 2, 3)),
            told_by(id_of("inc", 1), graduated, 2, effective_at=noon("2026-06-30")),
            registered(1, on="2026-01-01", opening={"valuation": {"amount": MILLION, "currency": "CNY"}}),
        ],
    )


async def get(api: Any, path: str, **params: str) -> Any:
    answer = await api.get(f"{V1}{path}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_zone_has_a_profile(api: Any) -> None:
    assert await get(api, "/zone") == {
        "name": "Korla Economic and Technological Development Zone",
        "name_zh": "库尔勒经济技术开发区",
        "area_km2": 140,
        "founded": "2000-07",
        "national_since": "2011",
        "seed_fund": None,
    }


@pytest.mark.usefixtures("heard")
async def test_the_incubator_scorecard_measures_each_rule(api: Any) -> None:
    card = await get(api, "/scorecards/national-incubator")
    items = {each["id"]: each for each in card["items"]}
    measured = {id: (each["value"], each["threshold"], each["passes"]) for id, each in items.items()}
    assert measured == {
        "area": (80_000, 1_000_000, False),
        "area_used": (0, 7_500, False),
        "seed_fund": (None, 500_000_000, None),
        "financed_share": (None, 1_000, None),
        "financed_cases": (None, 3, None),
        "staff_share": (None, 8_000, None),
        "patents_share": (None, 5_000, None),
        "incubatees": (2, 50, False),
        "density": (25_000, 30_000, False),
        "graduates": (1, 20, False),
    }
    assert (card["passes"], card["as_of"]) == (False, "2026-11-24")
    assert all(each["source"] for each in items.values())
    assert {id for id, each in items.items() if each["missing"]} == {
        id for id, (value, _, _) in measured.items() if value is None
    }


@pytest.mark.usefixtures("heard")
async def test_a_scorecard_is_of_the_end_of_a_day(api: Any) -> None:
    card = await get(api, "/scorecards/national-incubator", as_of="2026-06-29")
    assert {each["id"]: each["value"] for each in card["items"]}["incubatees"] == 3
    assert card["computed_through"]


@pytest.mark.usefixtures("heard")
async def test_unknown_inputs_of_the_ministry_are_missing_and_keep_their_weight(api: Any) -> None:
    found = await get(api, "/scorecards/mofcom-groups")
    weights = {each["id"]: (each["weight"], each["known_weight"]) for each in found["groups"]}
    assert weights["opening_up"] == (3_000, 0)
    assert weights["development_quality"] == (3_000, 1_000)
    assert found["known_weight"] == sum(known for _, known in weights.values()) < 10_000
    quality = {each["kpi"]: each for each in found["groups"][1]["inputs"] if each["kpi"]}
    assert quality["valuation_total"]["value"] == MILLION
    assert quality["revenue_total"] | {"value": None, "missing": True} == quality["revenue_total"]


async def test_what_has_a_value_of_a_period_alone_is_of_the_last_year_that_was_over(api: Any, store: Any) -> None:
    await hear(store, [opened(1, "2025-01-01"), rated("2025-03-01", "2025-03-31", "31", period="2025-03")])
    shown = {}
    for as_of in ("2025-12-30", "2025-12-31", "2026-11-24"):
        found = await get(api, "/scorecards/mofcom-groups", as_of=as_of)
        (green,) = (each for each in found["groups"] if each["id"] == "green")
        (water,) = (each for each in green["inputs"] if each["kpi"] == "water_per_tenant")
        shown[as_of] = (water["period"], water["value"], water["missing"], water["as_of"], green["known_weight"])
    assert shown == {
        "2025-12-30": ("2024", None, True, "2025-12-30", 0),
        "2025-12-31": ("2025", 310_000, False, "2025-12-31", 300),
        "2026-11-24": ("2025", 310_000, False, "2026-11-24", 300),
    }


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize("page", PAGES)
async def test_a_scorecard_is_printed_with_its_sources_and_loads_nothing(api: Any, page: str) -> None:
    answer = await api.get(f"{V1}/scorecards/{page}")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'; style-src 'sha256-" in answer.headers["content-security-policy"]
    assert "@media print" in answer.text
    assert "国科发区〔2018〕300号" in answer.text or "2021年版" in answer.text


@pytest.mark.parametrize("path", ["national-incubator", "mofcom-groups", *PAGES])
async def test_a_day_to_come_is_refused(api: Any, path: str) -> None:
    answer = await api.get(f"{V1}/scorecards/{path}", params={"as_of": "2026-11-25"})
    assert (answer.status_code, reason(answer)) == (422, "as_of_in_future")
