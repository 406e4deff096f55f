"""Alert rules and alerts over HTTP: who sets them, who sees what, and everything that cannot be one."""

from datetime import timedelta
from typing import Any

import pytest

from services.chassis.store.unit_of_work import Tx
from services.chassis.testing.callers import caller, client_of, settings
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock
from services.metrics.alerts.clocks import judge_periods
from services.metrics.main import service
from tests.metrics.happenings import TODAY, hear, registered
from tests.refusals import reason

RULES, ALERTS = "/v1/metrics/alert-rules", "/v1/metrics/alerts"
FEW = {
    "kpi": "businesses_registered",
    "dims": {"kind": "industrial"},
    "granularity": "month",
    "condition": {"op": "lt", "threshold": 3},
}
TARGET = {"kpi": "valuation_total", "goal": {"value": 100}, "due_on": "2030-12-31"}


async def put(operator: Any, **changes: Any) -> Any:
    answer = await operator.post(RULES, json=FEW | changes)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def judged(store: MemoryStore, days: int = 0) -> None:
    now = TODAY + timedelta(days=days)
    await judge_periods(now, lambda: Tx(store, now=now))


async def test_a_rule_is_answered_whole(operator: Any, api: Any) -> None:
    made = await operator.post(RULES, json=FEW)
    rule = made.json()
    assert rule == {
        "id": rule["id"],
        "version": 1,
        "last_event_id": None,
        "kpi": "businesses_registered",
        "dims": {"kind": "industrial"},
        "unit": "businesses",
        "decimals": 0,
        "granularity": "month",
        "condition": {"op": "lt", "threshold": 3, "target_id": None, "target_status": None},
        "for_periods": 1,
        "keep_firing_periods": 0,
        "no_data": "keep",
        "retired_at": None,
    }
    assert (await api.get(made.headers["Location"])).json() == rule
    assert (await api.get(RULES)).json() == {"data": [rule], "next_cursor": None}
    assert (await api.get(RULES, params={"kpi": "valuation_total"})).json()["data"] == []


async def test_before_anything_is_judged_a_rule_is_inactive(operator: Any, api: Any) -> None:
    rule = await put(operator)
    assert (await api.get(f"{RULES}/{rule['id']}/standing")).json() == {
        "rule_id": rule["id"],
        "status": "inactive",
        "in_a_row": 0,
        "judged": None,
        "due_on": "2026-11-01",
        "alert_id": None,
    }


async def test_an_alert_is_answered_whole(operator: Any, api: Any, store: MemoryStore) -> None:
    rule = await put(operator)
    await hear(store, [registered(1, on="2026-10-05")])
    await judged(store)
    [alert] = (await api.get(ALERTS)).json()["data"]
    assert alert == {
        "id": alert["id"],
        "version": 1,
        "last_event_id": f"{alert['id']}:0000000001",
        "rule_id": rule["id"],
        "kpi": "businesses_registered",
        "dims": {"kind": "industrial"},
        "unit": "businesses",
        "decimals": 0,
        "status": "firing",
        "period": "2026-10",
        "value": 1,
        "target_status": None,
        "raised_at": "2026-11-24T04:00:00.000Z",
        "resolved_period": None,
        "resolved_value": None,
        "resolved_at": None,
        "ending": None,
    }
    assert (await api.get(f"{ALERTS}/{alert['id']}")).json() == alert
    standing = (await api.get(f"{RULES}/{rule['id']}/standing")).json()
    assert (standing["status"], standing["judged"], standing["alert_id"]) == ("firing", "2026-10", alert["id"])


async def test_alerts_are_listed_by_rule_and_by_whether_they_last(operator: Any, api: Any, store: MemoryStore) -> None:
    one, other = await put(operator), await put(operator, condition={"op": "ge", "threshold": 0})
    await hear(store, [registered(1, on="2026-10-05"), *(registered(each, on="2026-11-05") for each in (2, 3, 4))])
    await judged(store, days=30)
    found = {
        (status, rule["id"]): (await api.get(ALERTS, params={"status": status, "rule_id": rule["id"]})).json()["data"]
        for status in ("firing", "resolved")
        for rule in (one, other)
    }
    assert {key: len(alerts) for key, alerts in found.items()} == {
        ("firing", one["id"]): 0,
        ("resolved", one["id"]): 1,
        ("firing", other["id"]): 1,
        ("resolved", other["id"]): 0,
    }
    [resolved] = found["resolved", one["id"]]
    assert (resolved["resolved_period"], resolved["resolved_value"], resolved["ending"]) == ("2026-11", 3, "recovered")


async def test_a_rule_that_is_retired_is_judged_no_more_and_its_alert_is_over(
    operator: Any, api: Any, store: MemoryStore
) -> None:
    rule = await put(operator)
    await hear(store, [registered(1, on="2026-10-05")])
    await judged(store)
    retired = await operator.post(f"{RULES}/{rule['id']}/retire")
    assert (retired.status_code, retired.json()["retired_at"]) == (200, "2026-11-24T04:00:00.000Z")
    await judged(store, days=100)
    [alert] = (await api.get(ALERTS)).json()["data"]
    assert (alert["status"], alert["ending"], alert["resolved_period"]) == ("resolved", "retired", None)
    standing = (await api.get(f"{RULES}/{rule['id']}/standing")).json()
    assert (standing["status"], standing["due_on"], standing["alert_id"]) == ("inactive", None, None)
    again = await operator.post(f"{RULES}/{rule['id']}/retire")
    assert (again.status_code, again.json()["code"]) == (409, "rule_retired")


async def test_only_who_runs_the_zone_sets_and_retires_rules(operator: Any, api: Any, store: MemoryStore) -> None:
    rule = await put(operator)
    app = service.routes_on(store, settings(), clock=FixedClock(TODAY))
    async with client_of(app, caller("officer", scopes="metrics:manage"), audience="metrics") as officer:
        for path in (RULES, f"{RULES}/{rule['id']}/retire"):
            assert (await api.post(path, json=FEW)).status_code == 403
            assert (await officer.post(path, json=FEW)).json()["code"] == "wrong_kind_of_caller"


async def test_d_7_what_a_figure_came_to_is_told_to_no_partner(operator: Any, api: Any, store: MemoryStore) -> None:
    rule = await put(operator)
    await hear(store, [registered(1, on="2026-10-05")])
    await judged(store)
    [alert] = (await api.get(ALERTS)).json()["data"]
    app = service.routes_on(store, settings(), clock=FixedClock(TODAY))
    async with client_of(app, caller("partner", scopes="metrics:read"), audience="metrics") as reader:
        seen = await reader.get(f"{RULES}/{rule['id']}")
        assert (seen.status_code, "status" in seen.json()) == (200, False)
        for path in (ALERTS, f"{ALERTS}/{alert['id']}", f"{RULES}/{rule['id']}/standing"):
            assert (await reader.get(path)).json()["code"] == "wrong_kind_of_caller"


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"kpi": "happiness"}, "kpi_unknown", "/kpi"),
        ({"dims": {"moon": "full"}}, "dimension_not_declared", "/dims"),
        ({"dims": {"kind": "rural"}}, "dimension_not_declared", "/dims/kind"),
        ({"kpi": "revenue_reported", "dims": {}}, "granularity_not_allowed", "/granularity"),
        ({"condition": {}}, "condition_ambiguous", "/condition"),
        ({"condition": {"op": "lt"}}, "condition_ambiguous", "/condition"),
        (
            {"condition": {"op": "lt", "threshold": 1, "target_status": ["missed"]}},
            "condition_ambiguous",
            "/condition",
        ),
        (
            {"condition": {"target_id": "tgt_" + 32 * "0", "target_status": ["missed"]}},
            "target_unknown",
            "/condition/target_id",
        ),
    ],
)
async def test_what_cannot_be_a_rule_is_refused_at_its_place(
    operator: Any, changes: dict[str, Any], code: str, pointer: str
) -> None:
    refused = await operator.post(RULES, json=FEW | changes)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, code), refused.text
    assert refused.json()["errors"][0]["pointer"] == pointer


async def test_a_rule_is_about_a_target_of_its_own_figure(operator: Any) -> None:
    target = (await operator.post("/v1/metrics/targets", json=TARGET)).json()
    condition = {"target_id": target["id"], "target_status": ["missed", "limited"]}
    refused = await operator.post(RULES, json=FEW | {"condition": condition})
    assert (refused.status_code, reason(refused)) == (422, "target_mismatch")
    rule = await put(operator, kpi="valuation_total", dims={}, condition=condition)
    assert rule["condition"]["target_status"] == ["missed", "limited"]


@pytest.mark.parametrize("path", [f"{RULES}/rul_{32 * '0'}", f"{ALERTS}/alt_{32 * '0'}"])
async def test_what_is_not_there_is_not_found(api: Any, path: str) -> None:
    assert (await api.get(path)).status_code == 404
