"""Cap tables: the fold of what became of shares, as of any day, for whoever may see the business."""

import random

import httpx

from services.chassis.testing.memory_store import MemoryStore
from services.incubator.investment.shares.cap_event import CapEvent, Standing
from tests.incubator.conftest import V1
from tests.incubator.investment.conftest import MINE, Act, held
from tests.incubator.registry_says import business


async def test_before_the_first_event_a_table_is_empty(cap_table: Act, share_class: Act) -> None:
    empty = await cap_table()
    assert (empty["classes"], empty["holdings"], empty["owners"]) == ([], [], [])
    await share_class()
    assert (await cap_table(as_of="2025-12-31"))["classes"] == []


async def test_ownership_sums_to_ten_thousand_basis_points(
    investor: Act, share_class: Act, issue: Act, cap_table: Act
) -> None:
    common = await share_class()
    for _ in range(3):
        await issue(common, await investor(), 100)
    owners = (await cap_table())["owners"]
    assert sorted(each["ownership_bps"] for each in owners) == [3_333, 3_333, 3_334]
    assert owners[0]["name"] == "示例人1"


async def test_another_partner_sees_nothing_of_it(first: httpx.AsyncClient, second: httpx.AsyncClient) -> None:
    for path in ("cap-table", "cap-events", "cap-table.ocf.zip", "share-classes"):
        assert (await second.get(f"{MINE}/{path}")).status_code == 404
    assert (await first.get(f"{V1}/businesses/{business(2)}/cap-table")).status_code == 404


async def test_whatever_happens_the_table_is_the_fold_of_its_events(
    first: httpx.AsyncClient, investor: Act, share_class: Act, cap_table: Act, store: MemoryStore
) -> None:
    chance = random.Random(2026)
    people = [(await investor())["id"] for _ in range(4)]
    classes = [(await share_class(prefix, authorised=5_000))["id"] for prefix in ("CS", "PA")]
    nothing = {"amount": 0, "currency": "CNY"}
    for step in range(120):
        live = list(held(await cap_table())) or ["CS-1"]
        shares = chance.randint(1, 300)
        path, said = chance.choice(
            [
                ("issue", {"investor_id": chance.choice(people), "shares": shares, "paid": nothing}),
                ("transfer", {"to_investor_id": chance.choice(people), "cancel_rest": chance.random() < 0.3}),
                ("cancel", {"reason": "x"}),
                ("repurchase", {"paid": nothing}),
                ("split", {"numerator": chance.randint(1, 5), "denominator": 6, "price_per_share": nothing}),
                ("split", {"numerator": 6, "denominator": chance.randint(1, 5), "price_per_share": nothing}),
            ]
        )
        if path in ("issue", "split"):
            said = {**said, "share_class_id": chance.choice(classes)}
        else:
            said = {**said, "certificate": chance.choice(live), "shares": shares}
        answer = await first.post(
            f"{MINE}/cap-events/{path}", json={**said, "effective_on": f"2026-01-{1 + step // 5:02d}"}
        )
        assert answer.status_code in (201, 409, 422), answer.text
    events = [CapEvent.from_document(each) for _, each in sorted(store.collections["cap_events"].items())]
    assert len(events) > 50
    now = await cap_table()
    fold = Standing.after(events)
    assert {each.certificate: each.shares for each in fold.holdings.values()} == held(now)
    for line in now["classes"]:
        of_class = [each["shares"] for each in now["holdings"] if each["share_class_id"] == line["share_class_id"]]
        assert sum(of_class) == line["issued"] <= line["authorised"]
    count = dict.fromkeys(people, 0) | {}
    for each in now["holdings"]:
        count[each["investor_id"]] += 1
    kept = {id: each["holdings"] for id, each in store.collections["investors"].items()}
    assert kept == count
    for day in ("2026-01-05", "2026-01-12", "2026-01-31"):
        until = [each for each in events if each.effective_on.isoformat() <= day]
        assert held(await cap_table(as_of=day)) == {
            each.certificate: each.shares for each in Standing.after(until).holdings.values()
        }
