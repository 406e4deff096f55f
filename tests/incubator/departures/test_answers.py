"""What the registry is told of what a leaving business owes: D-24, always answered in the end."""

from datetime import timedelta

import pytest

from services.incubator.departures.departure import Departure
from tests.incubator.departures.conftest import MONDAY, Office
from tests.incubator.registry_says import business, dissolution_cancelled, dissolution_started, dissolved


async def leave(office: Office, *, sequence: int = 2) -> None:
    office.clock.at = max(office.clock.at, MONDAY)
    await office.hear(dissolution_started(sequence=sequence))
    await office.run_clocks()


async def test_who_owes_nothing_is_answered_for_at_once(office: Office) -> None:
    await leave(office)
    departure = await office.departure()
    assert (departure["status"], departure["awaits"]) == ("settled", [])
    assert office.answers() == [("settled", 0)]


async def test_an_answer_names_the_event_that_it_answers_and_goes_in_the_order_of_the_business(office: Office) -> None:
    await leave(office)
    (row,) = [row for row in office.store.rows("outbox") if row["topic"] == "zone.incubator.tenants"]
    assert f'"answers":"{business()}:0000000002"' in bytes(row["data"]).decode()
    assert (row["key"], row["partner_id"]) == (business(), f"par_{1:032x}")


async def test_unpaid_invoices_are_declared_and_said_anew_as_they_are_paid(office: Office) -> None:
    first, second = await office.invoice(100_00), await office.invoice(50_00)
    await leave(office)
    departure = await office.departure()
    assert (departure["status"], departure["amount"]) == ("owing", 150_00)
    assert departure["invoice_ids"] == sorted([first["id"], second["id"]])
    await office.pay(first["id"], 100_00)
    await office.run_clocks()
    await office.pay(second["id"], 50_00)
    for _ in range(2):
        await office.run_clocks()
    assert office.answers() == [("declared", 150_00), ("declared", 50_00), ("settled", 0)]


async def test_an_invoice_that_is_credited_as_a_whole_is_settled(office: Office) -> None:
    invoice = await office.invoice()
    await leave(office)
    await office.post(f"/invoices/{invoice['id']}/credit-notes", reason="示例")
    await office.run_clocks()
    assert office.answers() == [("declared", 100_00), ("settled", 0)]


async def test_an_invoice_that_is_void_is_settled(office: Office) -> None:
    invoice = await office.invoice()
    await leave(office)
    await office.post(f"/invoices/{invoice['id']}/void", 200)
    await office.run_clocks()
    assert office.answers()[-1] == ("settled", 0)


async def test_a_payment_that_bounces_is_owed_again(office: Office) -> None:
    invoice = await office.invoice()
    await leave(office)
    payment = await office.pay(invoice["id"], 100_00)
    await office.run_clocks()
    await office.post(f"/payments/{payment['id']}/reverse", 200)
    await office.run_clocks()
    assert office.answers() == [("declared", 100_00), ("settled", 0), ("declared", 100_00)]


async def test_space_that_is_in_use_is_charged_as_it_ends_and_then_owed(office: Office) -> None:
    room = await office.room(await office.site())
    booking = await office.booking(room, "2026-07-06T09:00:00+08:00", "2026-07-06T10:00:00+08:00")
    office.clock.at = MONDAY
    await office.post(f"/reservations/{booking['id']}/check-in", 200)
    await leave(office)
    assert await office.awaits() == [("use_ends", booking["id"])]
    assert office.answers() == []
    office.clock.at += timedelta(hours=1)
    for _ in range(2):
        await office.run_clocks()
    (invoice_id,) = (await office.departure())["invoice_ids"]
    invoice = await office.get(f"/invoices/{invoice_id}")
    assert (invoice["status"], invoice["subtotal"], invoice["lines"][0]["kind"]) == ("finalised", 80_00, "space")
    assert office.answers() == [("declared", invoice["total"])]


async def test_the_last_invoice_charges_electricity_until_the_day_and_is_owed(office: Office) -> None:
    point, meter = await office.metered_point(await office.site())
    await leave(office)
    assert await office.awaits() == [("final_reading", point["id"])]
    final = {"at": office.clock.at.isoformat(), "value": "150", "source": "final"}
    await office.post(f"/meters/{meter['id']}/readings", **final)
    await office.run_clocks()
    assert await office.awaits() == [("closing", point["id"])]
    await office.post(f"/service-points/{point['id']}/close", 200, closed_on="2026-07-06")
    await office.run_clocks()
    assert await office.awaits() == [("utility_bill", point["id"])]
    assert office.answers() == []
    office.clock.at += timedelta(days=27)
    await office.bill("2026-07")
    await office.run_clocks()
    assert await office.awaits() == []
    (invoice_id,) = (await office.departure())["invoice_ids"]
    invoice = await office.get(f"/invoices/{invoice_id}")
    assert (invoice["subtotal"], invoice["lines"][0]["service_through"]) == (25_00, "2026-07-06")
    await office.pay(invoice_id, invoice["total"])
    await office.run_clocks()
    assert office.answers() == [("declared", invoice["total"]), ("settled", 0)]


async def test_a_bill_that_is_a_draft_is_awaited(office: Office) -> None:
    point, meter = await office.metered_point(await office.site())
    await leave(office)
    final = {"at": office.clock.at.isoformat(), "value": "150", "source": "final"}
    await office.post(f"/meters/{meter['id']}/readings", **final)
    await office.post(f"/service-points/{point['id']}/close", 200, closed_on="2026-07-06")
    office.clock.at += timedelta(days=27)
    await office.bill("2026-06")  # nothing was held then
    assert [task for task, _ in await office.awaits()] == ["utility_bill"]


async def test_a_place_that_never_had_a_meter_keeps_nobody(office: Office) -> None:
    point, _ = await office.metered_point(await office.site())
    said = {name: point[name] for name in ("site_id", "utility", "business_id", "tariff_id", "area_m2", "opened_on")}
    unmetered = await office.post("/service-points", **said, place="3-303")
    await leave(office)
    assert unmetered["id"] not in {id for _, id in await office.awaits()}


async def test_a_draft_of_staff_is_theirs_to_finalise_or_discard(office: Office) -> None:
    lines = [{"kind": "other", "description": "示例", "amount": 1, "tax_rate_bps": 0}]
    draft = await office.post("/invoices", business_id=business(), lines=lines)
    await leave(office)
    assert await office.awaits() == [("invoice_draft", draft["id"])]
    await office.post(f"/invoices/{draft['id']}/discard", 200)
    await office.run_clocks()
    assert office.answers() == [("settled", 0)]


async def test_what_is_owed_is_declared_though_more_is_to_come_and_settled_only_at_the_end(office: Office) -> None:
    invoice = await office.invoice()
    room = await office.room(await office.site())
    booking = await office.booking(room, "2026-07-06T09:00:00+08:00", "2026-07-06T10:00:00+08:00")
    office.clock.at = MONDAY
    await office.post(f"/reservations/{booking['id']}/check-in", 200)
    await leave(office)
    await office.pay(invoice["id"], 100_00)
    await office.run_clocks()
    assert office.answers() == [("declared", 100_00)]


async def test_nobody_asks_what_a_business_owes_that_stays(office: Office) -> None:
    await office.invoice()
    await office.hear(dissolution_started(), dissolution_cancelled())
    await office.run_clocks()
    assert ((await office.departure())["status"], office.answers()) == ("cancelled", [])


async def test_who_leaves_again_is_answered_for_again(office: Office) -> None:
    await leave(office)
    await office.hear(dissolution_cancelled())
    await leave(office, sequence=4)
    assert office.answers() == [("settled", 0), ("settled", 0)]


async def test_a_business_that_is_no_more_has_left_and_is_not_looked_at_again(office: Office) -> None:
    await leave(office)
    await office.hear(dissolved(sequence=3), dissolved(sequence=3))
    for _ in range(2):
        await office.run_clocks()
    assert (await office.departure())["status"] == "left"
    assert office.answers() == [("settled", 0)]


async def test_what_a_dissolved_business_owes_is_collected_to_the_end(office: Office) -> None:
    invoice = await office.invoice()
    await leave(office)
    await office.hear(dissolved(sequence=3))  # an official dismissed the objection
    await office.run_clocks()
    assert (await office.departure())["status"] == "owing"
    await office.pay(invoice["id"], 100_00)
    for _ in range(2):
        await office.run_clocks()
    assert (await office.departure())["status"] == "left"


@pytest.mark.parametrize("status", ["under_way", "owing", "settled", "cancelled", "left"])
async def test_staff_find_departures_by_how_far_they_are(office: Office, status: str) -> None:
    await leave(office)
    tx_rows = office.store.rows("departures")
    assert Departure.from_document(tx_rows[0]).status == "settled"
    found = (await office.get("/departures", status=status))["data"]
    assert len(found) == (status == "settled")
