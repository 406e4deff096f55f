"""The clock of alert rules over a store in memory: each period once, whoever dies."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from services.chassis.domain.times import parse_instant
from services.chassis.store.document_store import Store
from services.chassis.store.generations.pointer import Pointer
from services.chassis.store.unit_of_work import Tx
from services.chassis.store.writes import Put, Write
from services.chassis.testing.memory_store import MemoryStore
from services.metrics.alerts.clocks import judge_periods
from services.metrics.alerts.condition import AlertCondition, Op
from services.metrics.alerts.effects import retire
from services.metrics.alerts.rule import AlertRule
from services.metrics.alerts.standing import NoData
from services.metrics.main import service
from services.metrics.rebuilds.examples import REBUILD
from services.metrics.rebuilds.rebuild import AT_REST, RebuildStatus
from services.metrics.targets.judgement import TargetStatus
from services.metrics.targets.target import Target
from tests.metrics.alerts.watch import BEGAN, Watch
from tests.metrics.catalogue.test_finance import issued, paid
from tests.metrics.happenings import MILLION, hear, registered, reported
from tests.metrics.targets.promised import target


@pytest.fixture
def watch(store: MemoryStore) -> Watch:
    return Watch(store)


async def test_a_period_is_judged_once_it_is_over_and_what_came_late_that_night_is_heard(watch: Watch) -> None:
    await watch.registering("2026-10")
    rule = await watch.set()
    await watch.run("2026-11-30")
    assert ((await watch.rule(rule)).judged, await watch.told()) == ("2026-10", [])
    await watch.run("2026-12-01", at="00:59:59")
    assert await watch.told() == []
    await watch.run("2026-12-01")
    assert await watch.told() == ["raised 2026-11"]


async def test_m4_the_clock_run_again_tells_nothing_again(watch: Watch) -> None:
    await watch.registering()
    await watch.set()
    for _ in range(3):
        await watch.run("2026-11-25")
    assert await watch.told() == ["raised 2026-10"]


async def test_m4_periods_are_caught_up_one_by_one_when_the_clock_was_away(watch: Watch) -> None:
    await watch.registering("2026-10", "2026-12", "2027-02", "2027-03")
    await watch.set()
    await watch.run("2027-05-01")
    assert await watch.told() == ["raised 2026-11", "resolved 2026-12", "raised 2027-01", "resolved 2027-02",
                          "raised 2027-04"]  # fmt: skip


async def test_a_long_absence_is_caught_up_by_several_runs(watch: Watch) -> None:
    await watch.registering()
    rule = await watch.set(granularity="day")
    await watch.run("2027-05-01")
    assert (await watch.rule(rule)).judged == "2027-03-02"
    await watch.run("2027-05-01")
    assert (await watch.rule(rule)).judged == "2027-04-30"
    assert await watch.told() == ["raised 2026-11-23"]


class Dying(MemoryStore):
    """Dies at its next commit: before it, or after."""

    dies: str | None = None

    async def commit(self, writes: list[Write]) -> None:
        dies, self.dies = self.dies, None
        if dies == "before":
            raise ConnectionError("killed")
        await super().commit(writes)
        if dies == "after":
            raise ConnectionError("killed")


@pytest.mark.parametrize("dies", ["before", "after"])
@pytest.mark.parametrize("raised_before", [False, True], ids=["raised", "resolved"])
async def test_m4_a_kill_between_evaluation_and_event_gives_exactly_one_event(dies: str, raised_before: bool) -> None:
    store = Dying.of(service)
    watch = Watch(store)
    await watch.registering("2026-11")
    rule = await watch.set()
    if raised_before:
        await watch.run("2026-11-25")
    store.dies = dies
    day = "2026-12-01" if raised_before else "2026-11-25"
    await watch.run(day)
    await watch.run(day)
    expected = ["raised 2026-10", "resolved 2026-11"][: 1 + raised_before]
    assert await watch.told() == expected
    assert (await watch.rule(rule)).status == ("resolved" if raised_before else "firing")


async def test_m4_two_clocks_at_once_tell_one_event(watch: Watch) -> None:
    await watch.registering()
    rule = await watch.set()
    now = parse_instant("2026-11-25T02:00:00+08:00")

    async def meanwhile() -> None:
        await watch.run("2026-11-25")

    class Late(Tx):
        async def commit(self) -> None:
            await meanwhile()
            await super().commit()

    await judge_periods(now, lambda: Late(watch.store, now=now))
    assert await watch.told() == ["raised 2026-10"]
    assert (await watch.rule(rule)).judged == "2026-10"


# what is missing

VALUATION: Any = {"kpi": "valuation_total", "dims": {"kind": "industrial"}}


@pytest.mark.parametrize(
    ("no_data", "told"),
    [(NoData.OK, []), (NoData.KEEP, []), (NoData.ALERT, ["raised 2026-10"])],
)
async def test_m4_a_figure_that_nobody_states_follows_no_data(watch: Watch, no_data: NoData, told: Any) -> None:
    await watch.set(AlertCondition(op=Op.LT, threshold=1), no_data=no_data, **VALUATION)
    await watch.run("2027-03-01")
    assert await watch.told() == told


async def test_what_nobody_owes_any_more_is_seen_and_ends_the_alert(watch: Watch) -> None:
    await hear(watch.store, [issued(1, "2026-09-01", "2026-09-30", water=100)])
    await watch.set(AlertCondition(op=Op.GT, threshold=0), kpi="receivables_overdue")
    await watch.run("2026-11-02")
    await hear(watch.store, [paid(1, 100, "2026-11-10")])
    await watch.run("2026-12-02")
    assert await watch.told() == ["raised 2026-10", "resolved 2026-11"]


async def test_m4_a_gap_ends_no_alert_and_raises_none_anew(watch: Watch, store: MemoryStore) -> None:
    opening = {"valuation": {"amount": MILLION, "currency": "CNY"}}
    await hear(watch.store, [registered(1, on="2026-01-01", opening=opening)])
    rule = await watch.set(AlertCondition(op=Op.LT, threshold=2 * MILLION), no_data=NoData.OK, **VALUATION)
    await watch.run("2026-11-25")
    nobody = {"valuation": {"amount": MILLION, "currency": "USD"}}
    gone = MemoryStore.of(service)
    await hear(gone, [registered(1, on="2026-01-01", opening=nobody)])
    kept, store.collections["buckets"] = store.collections["buckets"], gone.collections["buckets"]
    await watch.run("2027-03-01")
    assert (await watch.rule(rule)).judged == "2027-02"
    store.collections["buckets"] = kept
    await watch.run("2027-05-01")
    assert await watch.told() == ["raised 2026-10"]


@pytest.mark.parametrize("yore", [{"kpi": "a_figure_of_yore"}, {"dims": {"dimension_of_yore": "x"}}])
async def test_a_figure_that_is_in_the_catalogue_no_more_is_missing(watch: Watch, yore: Any) -> None:
    rule = await watch.set(**yore)
    await watch.run("2026-12-01")
    assert ((await watch.rule(rule)).judged, await watch.told()) == ("2026-11", [])


# targets


async def test_an_alert_tells_that_a_target_is_missed(watch: Watch, store: MemoryStore) -> None:
    opening = {"valuation": {"amount": 8_100 * MILLION, "currency": "CNY"}}
    await hear(store, [registered(1, on="2015-06-01", opening=opening)])
    await hear(store, [reported(1, year="2025", sequence=2, valuation=8_200 * MILLION)])
    promised = await _kept(watch.store, target(on=date(2026, 4, 30), due_on=date(2026, 12, 31)))
    condition = AlertCondition(target_id=promised.id, target_status=[TargetStatus.MISSED])
    await watch.set(condition, kpi="valuation_total")
    await watch.run("2026-12-31")
    assert await watch.told() == []
    await watch.run("2027-01-01")
    assert await watch.told() == ["raised 2026-12"]
    [alert] = store.rows("alerts")
    assert (alert["target_status"], alert["value"]) == ("missed", 8_200 * MILLION)


@pytest.mark.parametrize(("watched", "told"), [("missed", []), ("not_available", ["raised 2026-10"])])
async def test_d_9_a_target_of_which_nothing_is_known_is_missing(watch: Watch, watched: str, told: Any) -> None:
    promised = await _kept(watch.store, target(on=date(2026, 4, 30), due_on=date(2026, 12, 31)))
    condition = AlertCondition(target_id=promised.id, target_status=[TargetStatus(watched)])
    await watch.set(condition, kpi="valuation_total")
    await watch.run("2027-03-01")
    assert await watch.told() == told


async def _kept(store: Store, promised: Target) -> Target:
    tx = Tx(store, now=BEGAN)
    tx.save(promised)
    await tx.commit()
    return promised


# rebuilds, and figures that stand still


async def put(store: Store, *documents: tuple[str, dict[str, Any]]) -> None:
    await store.commit([Put(collection, document) for collection, document in documents])


@pytest.mark.parametrize("status", RebuildStatus)
async def test_no_alert_leaves_while_a_rebuild_settles_and_none_is_lost(watch: Watch, status: RebuildStatus) -> None:
    await watch.registering()
    await watch.set()
    rebuild = REBUILD.model_copy(update={"status": status}).to_document()
    await put(watch.store, ("rebuilds", rebuild))
    await watch.run("2026-11-25")
    assert await watch.told() == ([] if status in AT_REST else ["raised 2026-10"])
    await put(watch.store, ("rebuilds", {**rebuild, "status": RebuildStatus.DONE.value}))
    await watch.run("2026-11-26")
    assert await watch.told() == ["raised 2026-10"]


async def test_nothing_is_judged_by_figures_that_are_shown_no_more(watch: Watch) -> None:
    await watch.registering()
    await watch.set()
    await put(watch.store, ("generations", Pointer(id="projection", shown=2, last=2, kept=1).to_document()))
    await watch.run("2026-11-25")
    assert await watch.told() == []


@pytest.mark.parametrize(("until", "told"), [(1, []), (-1, ["raised 2026-10"])], ids=["lives", "died long ago"])
async def test_nothing_is_judged_while_a_worker_has_stopped(watch: Watch, until: int, told: Sequence[Any]) -> None:
    await watch.registering()
    await watch.set()
    now = parse_instant("2026-11-25T02:00:00+08:00")
    row = {"_id": "zone.metrics|one", "state": "down", "reason": "parked", "until": now + timedelta(seconds=until)}
    await put(watch.store, ("members", row))
    await watch.run("2026-11-25")
    assert await watch.told() == told


async def test_a_retired_rule_is_judged_no_more(watch: Watch) -> None:
    await watch.registering()
    rule = await watch.set()
    tx = Tx(watch.store, now=BEGAN)
    await retire(await tx.get(AlertRule, rule), tx)
    await tx.commit()
    await watch.run("2027-05-01")
    assert await watch.told() == []
