"""One of each noun that a path names, made as its makers make it, for tests that walk all routes."""

from functools import partial
from typing import Any

from deploy.public_api import call
from services.chassis.http.client import Client
from tests.e2e.leaving import until
from tests.zone_under_test import People


async def incubator_nouns(officer: Client, business: str, book: str) -> dict[str, str]:
    """Name of a path parameter → the id of something that is there, of this business where it belongs to one."""
    space, finance = await _space(officer, business), await _finance(officer, business, book)
    utilities = await _utilities(officer, business, space["site_id"])
    return {
        **space,
        **finance,
        **utilities,
        **await _consulting(officer, business, space["site_id"]),
        **await _recruitment(officer, business),
        **await _programme(officer, business),
        **await _investment(officer, business),
    }


async def an_objection(people: People, officer: Client, supervisor: Client) -> str:
    """One to the dissolution of a business that leaves."""
    leaving = (await people.registered())["id"]
    path = f"/v1/registry/businesses/{leaving}"
    body = {"type": "dissolution", "payload": {"mode": "voluntary", "reason": "x", "settled": False}}
    filing = (await call(people.partner, "POST", f"{path}/filings", about="test", json=body)).body
    await people.act(people.partner, filing, "submit", {"declaration": {"accepted": True, "name": "x"}})
    await people.act(people.officer, filing, "assign", {})
    await people.act(people.officer, filing, "approve", {})
    await call(supervisor, "POST", f"/v1/registry/filings/{filing['id']}/approve", about="test", json={})
    lodged = await call(officer, "POST", f"{path}/objections", about="test", json={"reason": "x"})
    return str(lodged.body["id"])


async def a_target(operator: Client) -> str:
    """One of the zone's figures, by a day that no other test takes."""
    body = {"kpi": "businesses_active", "goal": {"value": 1}, "due_on": "2099-12-31"}
    posted = await call(operator, "POST", "/v1/metrics/targets", about="test", json=body, idempotency_key="a-target")
    return str(posted.body["id"])


async def an_export(officer: Client) -> str:
    """A file of one figure."""
    body = {"format": "csv", "kpis": ["businesses_active"], "first": "2026"}
    posted = await call(officer, "POST", "/v1/metrics/exports", about="test", json=body, idempotency_key="an-export")
    return str(posted.body["id"])


async def an_alert_rule(operator: Client) -> str:
    """One whose condition always holds, so that the next run of the clock raises an alert."""
    body = {"kpi": "businesses_active", "granularity": "year", "condition": {"op": "ge", "threshold": 0}}
    path = "/v1/metrics/alert-rules"
    made = await call(operator, "POST", path, about="test", json=body, idempotency_key="an-alert-rule")
    return str(made.body["id"])


async def an_alert(officer: Client, rule: str) -> str:
    """The one that this rule raises, once the clock has judged it."""
    path = "/v1/metrics/alerts"
    found = await until(
        lambda: call(officer, "GET", path, about="test", params={"rule_id": rule}), lambda answer: answer.body["data"]
    )
    return str(found.body["data"][0]["id"])


async def _made(officer: Client, path: str, **body: Any) -> str:
    posted = await call(officer, "POST", f"/v1/incubator/{path}", about="test", json=body)
    return str(posted.body["id"])


async def _space(officer: Client, business: str) -> dict[str, str]:
    """One of each noun of co-working space that a path names."""

    made = partial(_made, officer)

    site = await made("sites", name="x", address="x", area_m2=1)
    week = [{"weekday": day, "from": "00:00", "to": "24:00"} for day in range(1, 8)]
    room = await made("resources", site_id=site, name="x", kind="room", opening=week)
    office = await made("resources", site_id=site, name="x", kind="office", usage="allocatable", opening=[])
    far = {"starts_on": "2098-12-31", "ends_on": "2098-12-31"}
    overage = {"price": "1", "currency": "CNY", "per": "hour"}
    plan = await made("plans", name="x", covers=["room"], included_minutes_per_month=0, overage=overage)
    hours = {"start": "2099-01-01T00:00:00Z", "end": "2099-01-01T01:00:00Z"}
    later = {"start": "2099-01-02T00:00:00Z", "end": "2099-01-02T01:00:00Z"}
    return {
        "site_id": site,
        "resource_id": room,
        "plan_id": plan,
        "membership_id": await made("memberships", business_id=business, plan_id=plan, starts_on="2020-01-01"),
        "reservation_id": await made("reservations", business_id=business, resource_ids=[room], title="x", **hours),
        "allocation_id": await made("allocations", business_id=business, resource_id=office, **far),
        "blackout_id": await made("blackouts", resource_ids=[room], reason="x", **later),
    }


async def _finance(officer: Client, business: str, book: str) -> dict[str, str]:
    """One of each noun of finance that a path names."""

    made = partial(_made, officer)

    lines = [{"code": "6602", "debit": 1}, {"code": "1002", "credit": 1}]
    said = {"description": "x", "currency": "CNY"}
    charged = {"kind": "other", "description": "x", "amount": 2, "tax_rate_bps": 0}
    invoice = await made("invoices", business_id=business, lines=[charged])
    await made(f"invoices/{invoice}/finalise")
    paid = {"business_id": business, "external_ref": "x", "amount": 1, "currency": "CNY", "received_on": "2020-01-01"}
    share = {"invoice_id": invoice, "amount": 1}
    accounts = await call(officer, "GET", f"/v1/incubator/books/{book}/accounts", about="test")
    bank = await made("bank-accounts", book_id=book, code="1002", name="x", numbers=["x"])
    table = {"name": "x", "columns": {"booked_on": "day", "amount": "amount"}}
    await made(f"bank-accounts/{bank}/csv-profile", **table)
    headers = {"Content-Type": "text/csv"}
    content = b"day,amount\n2020-01-01,0.01\n"
    sent = await officer.post("/v1/incubator/bank-statement-uploads", content=content, headers=headers)
    balances = {"opening_balance": 0, "closing_balance": 1}
    named = {"upload_id": sent.json()["id"], "bank_account_id": bank, "format": "csv"}
    statement = await made("bank-statements", **named, **balances)
    asked = {"statement_id": statement}
    found = await call(officer, "GET", "/v1/incubator/statement-lines", about="test", params=asked)
    return {
        "bank_account_id": bank,
        "bank_statement_id": statement,
        "line_id": found.body["data"][0]["id"],
        "account_id": accounts.body["data"][0]["id"],
        "entry_id": await made(f"books/{book}/entries", reference="x", effective_on="2020-01-01", lines=lines, **said),
        "invoice_id": invoice,
        "payment_id": await made("payments", allocations=[share], **paid),
        "credit_note_id": await made(f"invoices/{invoice}/credit-notes", reason="x"),
        "schedule_id": await made(
            f"books/{book}/prepaid-schedules", amount=1, first_period="2020-01", months=1, **said
        ),
    }


async def _utilities(officer: Client, business: str, site: str) -> dict[str, str]:
    """One of each noun of water and electricity that a path names, but for bills, which only time brings."""

    made = partial(_made, officer)

    price = {"unit_price": {"price": "1", "currency": "CNY", "per": "kWh"}, "up_to": None}
    terms = {"effective_from": "2020-01-01", "mode": "graduated", "tiers": [price]}
    nothing = {"amount": 0, "currency": "CNY"}
    tariff = await made("tariffs", name="x", utility="electricity", standing_per_month=nothing, **terms)
    place = {"site_id": site, "utility": "electricity", "place": "x", "area_m2": 1, "opened_on": "2020-01-01"}
    point = await made("service-points", business_id=business, tariff_id=tariff, **place)
    begins = {"at": "2020-01-01T00:00:00+08:00", "initial": "0"}
    meter = await made("meters", serial="x", utility="electricity", digits=5, service_point_id=point, **begins)
    headers = {"Content-Type": "text/csv"}
    sent = await officer.post("/v1/incubator/reading-uploads", content=b"serial,utility,at,value\n", headers=headers)
    upload = sent.json()["id"]
    return {
        "tariff_id": tariff,
        "service_point_id": point,
        "meter_id": meter,
        "reading_id": await made(f"meters/{meter}/readings", at="2020-01-02T00:00:00Z", value="1"),
        "billing_run_id": await made("billing-runs", period="2020-01"),
        "reading_import_id": await made("reading-imports", upload_id=upload),
        "bill_id": f"ubl_{'f' * 32}",
    }


async def _recruitment(officer: Client, business: str) -> dict[str, str]:
    """One of each noun of recruitment that a path names."""

    made = partial(_made, officer)

    job = {"title": "x", "description": "x", "employment_type": "intern", "remote": {"countries": ["CN"]}}
    draft = await made("job-postings", business_id=business, valid_through="2099-01-01", **job)
    posting = await made("job-postings", business_id=business, valid_through="2099-01-01", **job)
    await made(f"job-postings/{posting}/publish")
    agreed = {"purpose": "posting", "posting_id": posting, "text_version": "x"}
    candidate = await made("candidates", name="x", email="x@people.example", consents=[agreed])
    return {
        "posting_id": draft,
        "candidate_id": candidate,
        "application_id": await made(f"job-postings/{posting}/applications", candidate_id=candidate),
    }


async def _programme(officer: Client, business: str) -> dict[str, str]:
    """One of each noun of programmes that a path names, but for applications and what follows from them."""

    made = partial(_made, officer)

    program = await made("programs", name="x")
    await made(f"programs/{program}/open")
    times = {"opens_at": "2020-01-01T00:00:00Z", "closes_at": "2099-01-01T00:00:00Z"}
    days = {"starts_on": "2099-01-02", "ends_on": "2099-12-31"}
    return {
        "program_id": program,
        "cohort_id": await made(f"programs/{program}/cohorts", name="x", seats=1, **times, **days),
        "admission_id": f"app_{'f' * 32}",
        "incubation_id": f"inc_{'f' * 32}",
        "milestone_id": f"mil_{'f' * 32}",
        "mentorship_id": f"mnt_{'f' * 32}",
    }


async def _consulting(officer: Client, business: str, site: str) -> dict[str, str]:
    """One of each noun of consulting that a path names."""

    made = partial(_made, officer)

    week = [{"weekday": day, "from": "00:00", "to": "24:00"} for day in range(1, 8)]
    person = {"name": "x", "topics": ["tax"], "languages": ["zh"], "weekly_availability": week, "max_per_week": 1}
    consultant = await made("consultants", site_id=site, **person)
    nothing = {"amount": 0, "currency": "CNY"}
    offering = await made("offerings", title="x", minutes=60, topics=["tax"], price=nothing)
    said = {"topic": "tax", "mode": "online", "start": "2099-01-01T00:00:00Z"}
    named = {"business_id": business, "consultant_id": consultant, "offering_id": offering}
    return {
        "consultant_id": consultant,
        "offering_id": offering,
        "appointment_id": await made("appointments", **named, **said),
    }


async def _investment(officer: Client, business: str) -> dict[str, str]:
    """One of each noun of investment that a path names."""

    made = partial(_made, officer)

    investor = await made("investors", name="x", kind="fund")
    share = {"class_type": "common", "id_prefix": "X", "authorised": 10, "effective_on": "2020-01-01"}
    terms = {"target": 1, "hard_cap": 10, "opens_at": "2020-01-01T00:00:00Z", "deadline": "2099-01-01T00:00:00Z"}
    said = {"business_id": business, "name": "x", "instrument": "grant", "currency": "CNY", "terms": terms}
    round, draft = await made("rounds", **said, conditions=["kyc"]), await made("rounds", **said, conditions=["kyc"])
    await made(f"rounds/{round}/open")
    one = {"amount": 1, "currency": "CNY"}
    return {
        "investor_id": investor,
        "share_class_id": await made(f"businesses/{business}/share-classes", name="x", **share),
        "commitment_id": await made(f"rounds/{round}/commitments", investor_id=investor, amount=one),
        "round_id": draft,
    }
