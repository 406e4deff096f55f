"""Targets over HTTP: set by the zone's operator, read by everyone, and everything that cannot be one."""

from typing import Any

import pytest

from services.chassis.testing.callers import caller, client_of, settings
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock
from services.metrics.main import service
from tests.metrics.catalogue.test_finance import issued, paid
from tests.metrics.happenings import MILLION, TODAY, dissolved, hear, registered, reported
from tests.refusals import reason

V1 = "/v1/metrics/targets"
PUBLISHED = {
    "kpi": "valuation_total",
    "dims": {"kind": "industrial"},
    "baseline": {"value": 810_000_000_000, "on": "2018-04-30"},
    "goal": {"growth_pct": 300},
    "due_on": "2023-04-30",
}
CLOUD = {
    "kpi": "valuation_total",
    "dims": {"kind": "cloud"},
    "goal": {"value": 2_000_000_000_000},
    "due_on": "2020-12-31",
}


async def put(operator: Any, **changes: Any) -> Any:
    answer = await operator.post(V1, json=PUBLISHED | changes)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def progress(api: Any, target: Any, **params: str) -> Any:
    answer = await api.get(f"{V1}/{target['id']}/progress", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_target_is_answered_whole(operator: Any, api: Any) -> None:
    made = await operator.post(V1, json=PUBLISHED)
    target = made.json()
    assert target == {
        "id": target["id"],
        "version": 1,
        "last_event_id": None,
        "kpi": "valuation_total",
        "dims": {"kind": "industrial"},
        "unit": "CNY",
        "decimals": 2,
        "baseline": {"value": 810_000_000_000, "on": "2018-04-30"},
        "goal": 3_240_000_000_000,
        "growth_pct": 300,
        "due_on": "2023-04-30",
        "direction": "up",
        "trajectory": "geometric",
        "milestones": [],
    }
    assert made.headers["Location"] == f"{V1}/{target['id']}"
    assert (await api.get(made.headers["Location"])).json() == target
    assert (await api.get(V1)).json() == {"data": [target], "next_cursor": None}


async def test_targets_are_listed_by_figure(operator: Any, api: Any) -> None:
    await put(operator)
    active = await put(operator, kpi="businesses_active", dims={}, baseline=None, goal={"value": 500})
    assert [each["id"] for each in (await api.get(V1, params={"kpi": "businesses_active"})).json()["data"]] == [
        active["id"]
    ]


async def test_both_published_targets_stand_and_neither_overwrites_the_other(operator: Any, api: Any) -> None:
    one, other = await put(operator), (await operator.post(V1, json=CLOUD)).json()
    later = await put(operator, due_on="2031-11-24", baseline={"value": 810_000_000_000, "on": "2026-11-24"})
    assert [each["id"] for each in (await api.get(V1)).json()["data"]] == [one["id"], other["id"], later["id"]]
    assert [each["goal"] for each in (one, other)] == [3_240_000_000_000, 2_000_000_000_000]


async def test_two_targets_for_one_figure_cell_and_day_are_409(operator: Any) -> None:
    await put(operator)
    again = await operator.post(V1, json=PUBLISHED | {"goal": {"growth_pct": 10}})
    assert (again.status_code, again.json()["code"]) == (409, "target_exists")
    await put(operator, due_on="2023-05-01")
    await put(operator, dims={})


async def test_only_who_runs_the_zone_sets_targets(api: Any, store: MemoryStore) -> None:
    assert (await api.post(V1, json=PUBLISHED)).status_code == 403
    app = service.routes_on(store, settings(), clock=FixedClock(TODAY))
    async with client_of(app, caller("officer", scopes="metrics:manage"), audience="metrics") as officer:
        assert (await officer.post(V1, json=PUBLISHED)).json()["code"] == "wrong_kind_of_caller"


@pytest.fixture
async def opened(store: MemoryStore) -> None:
    """Two plants, entered in 2015 and worth 8.1 bn yuan together on 30 April 2018."""
    opening = {"valuation": {"amount": 4_050 * MILLION, "currency": "CNY"}}
    await hear(store, [registered(number, on="2015-06-01", opening=opening) for number in (1, 2)])


@pytest.mark.usefixtures("opened")
async def test_a_baseline_is_measured_where_it_is_not_given(operator: Any) -> None:
    target = await put(operator, baseline={"on": "2018-04-30"})
    assert target["baseline"] == {"value": 810_000_000_000, "on": "2018-04-30"}
    assert target["goal"] == 3_240_000_000_000


@pytest.mark.usefixtures("opened")
async def test_a_baseline_stays_what_it_was_when_the_past_is_corrected(operator: Any, api: Any, store: Any) -> None:
    target = await put(operator, baseline={"on": "2018-04-30"})
    await hear(store, [reported(1, year="2017", sequence=2, valuation=1)])
    await hear(store, [dissolved(1, on="2018-01-01", sequence=3)])
    assert (await api.get(f"{V1}/{target['id']}")).json()["baseline"]["value"] == 810_000_000_000


async def test_a_figure_without_a_value_on_that_day_is_no_baseline(operator: Any) -> None:
    refused = await operator.post(V1, json=PUBLISHED | {"baseline": {"on": "2018-04-30"}})
    assert (refused.status_code, reason(refused)) == (422, "baseline_unknown")
    assert refused.json()["errors"][0]["pointer"] == "/baseline/value"


@pytest.mark.usefixtures("opened")
async def test_progress_is_answered_whole(operator: Any, api: Any, store: Any) -> None:
    await hear(store, [reported(1, year="2019", sequence=2, valuation=9_950 * MILLION)])
    target = await put(operator)
    found = await progress(api, target, as_of="2020-04-30")
    assert found == {
        "target": target,
        "as_of": "2020-04-30",
        "is_final": False,
        "status": "on_track",
        "reason": None,
        "no_statements_since": None,
        "method": "geometric",
        "value": 1_400_000_000_000,
        "n": 2,
        "expected": 1_410_934_472_807,
        "elapsed": 4003,
        "attainment": 2428,
        "pace": 9840,
        "observed_growth": 3144,
        "required_growth": 3195,
        "growth_vs_baseline": 7284,
        "computed_through": found["computed_through"],
    }
    assert "zone.registry.businesses" in found["computed_through"]


@pytest.mark.usefixtures("opened")
async def test_d_9_the_published_target_is_not_missed_for_want_of_statements(operator: Any, api: Any) -> None:
    found = await progress(api, await put(operator))
    assert (found["as_of"], found["is_final"], found["status"]) == ("2023-04-30", True, "not_available")
    assert (found["reason"], found["no_statements_since"]) == ("no_statements", "2018-04-30")


@pytest.mark.usefixtures("opened")
async def test_d_9_cloud_businesses_stated_nothing_and_have_no_baseline(operator: Any, api: Any) -> None:
    found = await progress(api, (await operator.post(V1, json=CLOUD)).json())
    assert (found["status"], found["reason"], found["method"]) == ("not_available", "no_statements", "attainment")
    assert (found["value"], found["no_statements_since"], found["attainment"]) == (None, None, None)


@pytest.mark.usefixtures("opened")
async def test_what_is_stated_later_about_the_day_it_was_due_counts(operator: Any, api: Any, store: Any) -> None:
    target = await put(operator)
    await hear(store, [reported(1, year="2022", sequence=2, valuation=30_000 * MILLION)])
    found = await progress(api, target)
    assert (found["status"], found["value"]) == ("met", 3_405_000_000_000)
    await hear(store, [reported(1, year="2023", sequence=3, valuation=1)])
    assert (await progress(api, target))["status"] == "met"


@pytest.mark.parametrize("months", ["2016-12-31", "2017-01-31"])
async def test_the_last_statement_is_found_wherever_it_lies(operator: Any, api: Any, store: Any, months: str) -> None:
    opening = {"as_of": months, "valuation": {"amount": 5, "currency": "CNY"}}
    await hear(store, [registered(1, on="2015-06-01", opening=opening)])
    assert (await progress(api, await put(operator)))["no_statements_since"] == months


async def test_a_figure_by_year_was_stated_at_the_end_of_its_year(operator: Any, api: Any, store: Any) -> None:
    await hear(store, [registered(1, on="2015-06-01"), reported(1, year="2019", sequence=2, revenue=5)])
    target = await put(operator, kpi="revenue_reported", dims={}, baseline=None, goal={"value": 9})
    assert (await progress(api, target))["no_statements_since"] == "2019-12-31"
    assert (await progress(api, target, as_of="2021-02-01"))["attainment"] == 5556


async def test_that_nothing_is_owed_any_more_is_reached_and_not_unknown(operator: Any, api: Any, store: Any) -> None:
    await hear(store, [issued(1, "2026-09-01", "2026-09-30", water=100), paid(1, 100, "2026-11-10")])
    said = {"kpi": "receivables_overdue", "dims": {}, "direction": "down", "goal": {"value": 0}}
    target = await put(operator, **said, baseline={"on": "2026-10-31"}, due_on="2026-12-31")
    found = await progress(api, target)
    assert (found["target"]["baseline"]["value"], found["value"], found["status"]) == (100, 0, "achieved")


async def test_a_derived_figure_has_targets_too(operator: Any, api: Any, store: Any) -> None:
    await hear(store, [registered(1, on="2026-01-01"), registered(2, on="2026-02-01", kind="cloud")])
    target = await put(
        operator,
        kpi="cloud_share",
        dims={},
        baseline={"on": "2026-01-01", "value": 0},
        goal={"value": 8000},
        due_on="2026-12-31",
    )
    found = await progress(api, target)
    assert (found["value"], found["method"], found["status"]) == (5000, "linear", "needs_acceleration")


async def test_progress_of_a_day_to_come_is_refused(operator: Any, api: Any) -> None:
    target = await put(operator)
    refused = await api.get(f"{V1}/{target['id']}/progress", params={"as_of": "2026-11-25"})
    assert (refused.status_code, reason(refused)) == (422, "as_of_in_future")


@pytest.mark.parametrize("as_of", ["0001-01-01", "0001-12-31", "2018-04-29"])
async def test_progress_may_be_asked_for_from_the_first_day_of_the_calendar_on(
    operator: Any, api: Any, as_of: str
) -> None:
    assert (await progress(api, await put(operator), as_of=as_of))["status"] == "not_started"


async def test_a_target_that_is_due_today_is_neither_met_nor_missed_yet(operator: Any, api: Any, store: Any) -> None:
    await hear(store, [registered(1, on="2026-05-01")])
    said = {"kpi": "businesses_active", "dims": {}, "baseline": None, "goal": {"value": 2}}
    today, yesterday = [await put(operator, **said, due_on=due_on) for due_on in ("2026-11-24", "2026-11-23")]
    shown = [await progress(api, each) for each in (today, yesterday)]
    assert [(each["is_final"], each["status"]) for each in shown] == [(False, "not_available"), (True, "missed")]


@pytest.mark.parametrize("path", ["", "/progress"])
async def test_a_target_that_is_not_there_is_404(api: Any, path: str) -> None:
    assert (await api.get(f"{V1}/tgt_{1:032x}{path}")).status_code == 404


TO_COME = {"on": "2026-11-25"}


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"kpi": "happiness"}, "/kpi", "kpi_unknown"),
        ({"kpi": "water_per_tenant"}, "/kpi", "kpi_of_a_period"),
        ({"dims": {"colour": "red"}}, "/dims", "dimension_not_declared"),
        ({"dims": {"kind": "cloud", "size": "micro"}}, "/dims", "dimension_not_declared"),
        ({"kpi": "cloud_share"}, "/dims", "dimension_not_declared"),
        ({"dims": {"kind": "lunar"}}, "/dims/kind", "dimension_not_declared"),
        ({"dims": {"entry_year": "MMXX"}}, "/dims/entry_year", "dimension_not_declared"),
        ({"goal": {}}, "/goal", "goal_ambiguous"),
        ({"goal": {"value": 1, "growth_pct": 1}}, "/goal", "goal_ambiguous"),
        ({"goal": {"growth_pct": 300}, "baseline": None}, "/goal/growth_pct", "baseline_required"),
        ({"goal": {"value": 1}}, "/goal", "goal_against_direction"),
        ({"direction": "down"}, "/goal", "goal_against_direction"),
        (
            {"goal": {"growth_pct": 100_000}, "baseline": {"on": "2018-04-30", "value": 2**53 - 1}},
            "/goal/growth_pct",
            "goal_too_large",
        ),
        ({"due_on": "2018-04-30"}, "/due_on", "due_before_baseline"),
        ({"due_on": "2018-04-29"}, "/due_on", "due_before_baseline"),
        ({"baseline": TO_COME, "due_on": "2030-01-01"}, "/baseline/on", "as_of_in_future"),
        ({"trajectory": "milestones"}, "/trajectory", "milestones_mismatch"),
        (
            {"milestones": [{"on": "2020-01-01", "value": 1}], "trajectory": "linear"},
            "/trajectory",
            "milestones_mismatch",
        ),
        (
            {
                "trajectory": "milestones",
                "milestones": [{"on": "2020-01-01", "value": 1}, {"on": "2020-01-01", "value": 2}],
            },
            "/milestones/1/on",
            "milestone_order",
        ),
        (
            {"trajectory": "milestones", "milestones": [{"on": "2018-04-30", "value": 1}]},
            "/milestones/0/on",
            "milestone_order",
        ),
        (
            {"trajectory": "milestones", "milestones": [{"on": "2023-04-30", "value": 1}]},
            "/milestones/0/on",
            "milestone_order",
        ),
        (
            {
                "trajectory": "milestones",
                "milestones": [{"on": "2020-01-01", "value": 1}],
                "baseline": None,
                "goal": {"value": 9},
            },
            "/milestones",
            "baseline_required",
        ),
    ],
)
async def test_what_cannot_be_a_target_is_told_with_its_place(
    operator: Any, changes: Any, pointer: str, code: str
) -> None:
    refused = await operator.post(V1, json=PUBLISHED | changes)
    assert refused.status_code == 422
    assert [(each["pointer"], each["code"]) for each in refused.json()["errors"]] == [(pointer, code)]


async def test_all_that_is_wrong_is_told_at_once(operator: Any) -> None:
    wrong = {"kpi": "happiness", "goal": {}, "due_on": "2018-01-01", "trajectory": "milestones", "x": 1}
    refused = await operator.post(V1, json=PUBLISHED | wrong)
    assert {(each["pointer"], each["code"]) for each in refused.json()["errors"]} >= {
        ("/kpi", "kpi_unknown"),
        ("/goal", "goal_ambiguous"),
        ("/due_on", "due_before_baseline"),
        ("/trajectory", "milestones_mismatch"),
    }


@pytest.mark.usefixtures("opened")
async def test_a_measured_baseline_is_judged_as_a_given_one(operator: Any) -> None:
    refused = await operator.post(V1, json=PUBLISHED | {"baseline": {"on": "2018-04-30"}, "goal": {"value": 1}})
    assert (refused.status_code, reason(refused)) == (422, "goal_against_direction")


async def test_milestones_alone_say_the_trajectory(operator: Any) -> None:
    made = await put(operator, milestones=[{"on": "2020-01-01", "value": 900_000_000_000}])
    assert (made["trajectory"], made["milestones"][0]["value"]) == ("milestones", 900_000_000_000)


async def test_a_goal_may_lie_below_for_what_is_to_fall(operator: Any) -> None:
    falling = await put(operator, direction="down", goal={"growth_pct": -50}, dims={})
    assert falling["goal"] == 405_000_000_000
