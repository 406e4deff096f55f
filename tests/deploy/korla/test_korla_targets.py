"""The zone's targets are set once, side by side, whenever the figures are loaded."""

from datetime import date

import pytest

from deploy.korla import targets as module
from deploy.korla.targets import PUBLISHED, set_targets
from services.metrics.targets.bodies import SetTarget
from tests.deploy.fake_zone import OPERATOR_KEY, FakeZone


@pytest.fixture
def zone() -> FakeZone:
    return FakeZone()


async def load(zone: FakeZone) -> int:
    async with zone.connect(OPERATOR_KEY) as operator:
        return await set_targets(operator)


async def test_the_two_published_targets_and_a_running_one_stand_side_by_side(
    zone: FakeZone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "zone_date", lambda at: date(2028, 2, 29))
    assert await load(zone) == 3
    assert [(each["dims"]["kind"], each["due_on"], each["goal"]) for each in zone.targets] == [
        ("industrial", "2023-04-30", {"growth_pct": 300}),
        ("cloud", "2020-12-31", {"value": 2_000_000_000_000}),
        ("industrial", "2033-02-28", {"growth_pct": 300}),
    ]
    assert [each.get("baseline") for each in zone.targets] == [
        {"value": 810_000_000_000, "on": "2018-04-30"},
        None,
        {"on": "2028-02-29"},
    ]


async def test_a_load_on_another_day_lets_the_running_target_run(
    zone: FakeZone, monkeypatch: pytest.MonkeyPatch
) -> None:
    await load(zone)
    monkeypatch.setattr(module, "zone_date", lambda at: date(2199, 1, 1))
    assert await load(zone) == 0
    assert len(zone.targets) == 3


async def test_a_load_sets_what_an_earlier_one_did_not_come_to(zone: FakeZone) -> None:
    await load(zone)
    del zone.targets[0]
    zone.stored.clear()
    assert await load(zone) == 1
    assert len(zone.targets) == 3


def test_the_published_targets_are_ones_that_metrics_takes() -> None:
    for each in PUBLISHED:
        SetTarget.model_validate_json(SetTarget.model_validate(each, strict=False).model_dump_json())
