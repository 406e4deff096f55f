"""What a payload may not say: each row of bad input with its status, its code and its place."""

import copy
from typing import Any

import pytest

from services.chassis.testing.memory_store import MemoryStore
from services.registry.businesses.entry.rules.code_checks import uscc_check_character
from tests.registry.conftest import Desk, expect, refusal
from tests.registry.papers import (
    ADDRESS,
    OFFICER,
    PARTNER,
    Json,
    hosted,
    online,
    registration,
    report,
    suspension,
    uscc,
    yuan,
)

HOST = "biz_" + "0" * 32
GONE = object()
"""Stands for a member that is left out."""


def changed(payload: Json, pointer: str, value: Any) -> Json:
    """The payload with another value at one place."""
    payload = copy.deepcopy(payload)
    here: Any = payload
    *path, last = pointer.removeprefix("/payload").strip("/").split("/")
    for part in path:
        here = here[int(part)] if isinstance(here, list) else here[part]
    if value is GONE:
        del here[last]
    elif isinstance(here, list):
        here.insert(int(last), value) if int(last) == len(here) else here.__setitem__(int(last), value)
    else:
        here[last] = value
    return payload


def with_last(code: str, character: str) -> str:
    return code[:-1] + character


CODE = uscc()
WRONG_ORGANISATION = CODE[:16] + ("0" if CODE[16] != "0" else "1")
WRONG_ORGANISATION += uscc_check_character(WRONG_ORGANISATION)
LEI = "54930084UKLVMY22DS16"
SECTOR = {"scheme": "GBT4754-2017", "code": "3512", "primary": True}
PARTY = {"party_kind": "person", "name": "示例人", "role": "legal_representative", "appointed_on": "2016-03-01"}
FIGURES: Json = {"as_of": "2025-12-31", "valuation": None, "revenue": None, "revenue_period": None, "employees": 8}


def owner(*shares: Json, direct: str = "direct", type: str = "shareholding") -> Json:
    interests = [{"type": type, "direct_or_indirect": direct, "share": share, "beneficial": True} for share in shares]
    return {"interested_party": {"party_kind": "person", "name": "示例股东"}, "interests": interests}


INDUSTRIAL, CLOUD, HOSTED = registration(), online(), hosted(1, HOST)
BAD: list[tuple[Json, str, Any, str, str]] = [
    # payload, where, what, the code, and the place that is named: another one, or one further in
    (INDUSTRIAL, "/payload/colour", "red", "unknown_field", ""),
    (INDUSTRIAL, "/payload/status", "dissolved", "unknown_field", ""),
    (INDUSTRIAL, "/payload/registration_number", "KEZ1234567809", "unknown_field", ""),
    (INDUSTRIAL, "/payload/name/former", [], "unknown_field", ""),
    (INDUSTRIAL, "/payload/identifiers/0/verification", {"level": "exception"}, "unknown_field", ""),
    (INDUSTRIAL, "/payload/kind", GONE, "validation_failed", ""),
    (INDUSTRIAL, "/payload/kind", "industrious", "validation_failed", ""),
    (INDUSTRIAL, "/payload/kind", 1, "validation_failed", ""),
    (INDUSTRIAL, "/payload/kind", True, "validation_failed", ""),
    (INDUSTRIAL, "/payload/legal_form", ["branch"], "validation_failed", ""),
    (INDUSTRIAL, "/payload/business_scope", 5, "validation_failed", ""),
    (INDUSTRIAL, "/payload/business_scope", "字" * 4001, "validation_failed", ""),
    (INDUSTRIAL, "/payload/parties", {}, "validation_failed", ""),
    (INDUSTRIAL, "/payload/sectors/0/primary", 1, "validation_failed", ""),
    (INDUSTRIAL, "/payload/premises/area_m2", True, "validation_failed", ""),
    (INDUSTRIAL, "/payload/premises/area_m2", "12", "validation_failed", ""),
    (INDUSTRIAL, "/payload/premises/area_m2", 0, "validation_failed", ""),
    (INDUSTRIAL, "/payload/premises/agreement_document_id", "doc_1", "validation_failed", ""),
    (INDUSTRIAL, "/payload/addresses/registered/country", "china", "validation_failed", ""),
    (INDUSTRIAL, "/payload/addresses/registered/lines", [], "validation_failed", ""),
    (INDUSTRIAL, "/payload/addresses/registered/lines", ["a"] * 5, "validation_failed", ""),
    (INDUSTRIAL, "/payload/addresses/registered/division_code", "65280", "validation_failed", ""),
    (INDUSTRIAL, "/payload/addresses/registered/postal_code", "   ", "validation_failed", ""),
    (INDUSTRIAL, "/payload/addresses/registered/postal_code", "- -", "validation_failed", ""),
    (INDUSTRIAL, "/payload/addresses/registered/locality", "库尔勒\u202e市", "character_not_allowed", ""),
    (INDUSTRIAL, "/payload/parties/0/name", "\u200b", "character_not_allowed", ""),
    (INDUSTRIAL, "/payload/business_scope", "商务\x1b秘书服务", "character_not_allowed", ""),
    (INDUSTRIAL, "/payload/contacts/email", "a\u200b@example.com", "character_not_allowed", ""),
    (INDUSTRIAL, "/payload/contacts/website", "https://example.com/\u202egpj", "character_not_allowed", ""),
    (INDUSTRIAL, "/payload/addresses/registered/division_code", "６５２８０１", "validation_failed", ""),
    # codes
    (INDUSTRIAL, "/payload/identifiers/0/id", CODE[:17], "identifier_length", ""),
    (INDUSTRIAL, "/payload/identifiers/0/id", "", "identifier_length", ""),
    (INDUSTRIAL, "/payload/identifiers/0/id", with_last(CODE, "I"), "identifier_character", ""),
    (INDUSTRIAL, "/payload/identifiers/0/id", with_last(CODE, "Ⅸ"), "identifier_character", ""),
    (INDUSTRIAL, "/payload/identifiers/0/id", "0" * 18, "identifier_department", ""),
    (INDUSTRIAL, "/payload/identifiers/0/id", uscc(1, "2"), "identifier_department", ""),
    (INDUSTRIAL, "/payload/identifiers/0/id", uscc(1, "3"), "identifier_department", ""),
    (INDUSTRIAL, "/payload/identifiers/0/id", CODE[:4] + "A" + CODE[5:], "identifier_region", ""),
    (INDUSTRIAL, "/payload/identifiers/0/id", WRONG_ORGANISATION, "identifier_organisation_check", ""),
    (INDUSTRIAL, "/payload/identifiers/0/id", with_last(CODE, "0"), "identifier_check_digit", ""),
    (INDUSTRIAL, "/payload/identifiers", [], "identifier_required", ""),
    (INDUSTRIAL, "/payload/identifiers/1", {"scheme": "CN-USCC", "id": uscc(2)}, "identifier_repeated", ""),
    (INDUSTRIAL, "/payload/identifiers/1", {"scheme": "LEI", "id": LEI[:19]}, "identifier_length", "/id"),
    (INDUSTRIAL, "/payload/identifiers/1", {"scheme": "LEI", "id": LEI[:18] + "17"}, "identifier_check_digit", "/id"),
    (INDUSTRIAL, "/payload/identifiers/1", {"scheme": "DUNS", "id": "12345678"}, "identifier_length", "/id"),
    (INDUSTRIAL, "/payload/identifiers/0/scheme", "PASSPORT", "validation_failed", ""),
    # names
    (INDUSTRIAL, "/payload/name/legal", "", "name_invalid", ""),
    (INDUSTRIAL, "/payload/name/legal", "   ", "name_invalid", ""),
    (INDUSTRIAL, "/payload/name/legal", "。、！", "name_invalid", ""),
    (INDUSTRIAL, "/payload/name/legal", "示例\u202e公司", "name_invalid", ""),
    (INDUSTRIAL, "/payload/name/legal", "示例\n公司", "name_invalid", ""),
    (INDUSTRIAL, "/payload/name/legal", "字" * 101, "name_invalid", ""),
    (INDUSTRIAL, "/payload/name/language", "Chinese!", "validation_failed", ""),
    # kinds
    (INDUSTRIAL, "/payload/premises", None, "premises_required", ""),
    (CLOUD, "/payload/premises", None, "hosting_required", "/payload/hosting"),
    (CLOUD, "/payload/online_presence", [], "online_presence_required", ""),
    (CLOUD, "/payload/sectors/0/code", "6621", "sector_not_allowed_for_cloud", ""),
    (CLOUD, "/payload/sectors/0/code", "16", "sector_not_allowed_for_cloud", ""),
    (HOSTED, "/payload/hosting/valid_to", "2026-03-01", "hosting_expired", ""),
    (HOSTED, "/payload/hosting/valid_to", "2025-12-31", "date_range", ""),
    (HOSTED, "/payload/hosting/host_business_id", "biz_1", "validation_failed", ""),
    # sectors
    (INDUSTRIAL, "/payload/sectors/0/code", "9999", "sector_unknown", ""),
    (INDUSTRIAL, "/payload/sectors/0/code", "C", "sector_level", ""),
    (INDUSTRIAL, "/payload/sectors/0", {"scheme": "ISIC4", "code": "2824", "primary": True}, "sector_level", "/code"),
    (INDUSTRIAL, "/payload/sectors", [], "sector_primary", ""),
    (INDUSTRIAL, "/payload/sectors/0/primary", False, "sector_primary", "/payload/sectors"),
    (INDUSTRIAL, "/payload/sectors/1", SECTOR | {"code": "52"}, "sector_primary", "/payload/sectors"),
    (INDUSTRIAL, "/payload/sectors/1", SECTOR | {"primary": False}, "sector_primary", "/code"),
    # dates
    (INDUSTRIAL, "/payload/established_on", "2016-02-30", "date_invalid", ""),
    (INDUSTRIAL, "/payload/established_on", "2015-02-29", "date_invalid", ""),
    (INDUSTRIAL, "/payload/established_on", "01.03.2016", "date_invalid", ""),
    (INDUSTRIAL, "/payload/established_on", 20160301, "date_invalid", ""),
    (INDUSTRIAL, "/payload/zone_entry_on", "2026-03-03", "date_range", ""),
    (INDUSTRIAL, "/payload/established_on", "2016-05-02", "date_range", "/payload/zone_entry_on"),
    (INDUSTRIAL, "/payload/term_until", "2016-02-01", "date_range", ""),
    (INDUSTRIAL, "/payload/parties/0/ceased_on", "2016-02-01", "date_range", ""),
    (INDUSTRIAL, "/payload/parties/0/appointed_on", "2026-03-03", "date_range", ""),
    # money and capital
    (INDUSTRIAL, "/payload/capital/paid_in/amount", 1.5, "money_invalid", ""),
    (INDUSTRIAL, "/payload/capital/paid_in/amount", "1", "money_invalid", ""),
    (INDUSTRIAL, "/payload/capital/paid_in/amount", True, "money_invalid", ""),
    (INDUSTRIAL, "/payload/capital/paid_in/amount", 2**53, "money_invalid", ""),
    (INDUSTRIAL, "/payload/capital/paid_in/amount", -1, "money_invalid", "/payload/capital/paid_in"),
    (INDUSTRIAL, "/payload/capital/paid_in/currency", "XYZ", "money_invalid", ""),
    (INDUSTRIAL, "/payload/capital/paid_in/currency", "USD", "capital_range", ""),
    (INDUSTRIAL, "/payload/capital/paid_in", yuan(1_000_001), "capital_range", "/amount"),
    # people
    (INDUSTRIAL, "/payload/parties", [], "legal_representative", ""),
    (
        INDUSTRIAL,
        "/payload/parties",
        [PARTY, *[PARTY | {"role": "director"}] * 200],
        "validation_failed",
        "/payload/parties",
    ),
    (INDUSTRIAL, "/payload/parties/1", PARTY, "legal_representative", "/payload/parties"),
    (INDUSTRIAL, "/payload/parties/0/ceased_on", "2020-01-01", "legal_representative", "/payload/parties"),
    (INDUSTRIAL, "/payload/parties/0/role", "director", "legal_representative", "/payload/parties"),
    (INDUSTRIAL, "/payload/parties/0/party_id", "pty_" + "0" * 32, "unknown_field", ""),
    (INDUSTRIAL, "/payload/ownership", {"statements": []}, "ownership_missing", ""),
    (
        INDUSTRIAL,
        "/payload/ownership",
        {"statements": [owner({"exact": 0.1})] * 201},
        "validation_failed",
        "/statements",
    ),
    (
        INDUSTRIAL,
        "/payload/ownership",
        {"statements": [owner({"exact": 60}, {"exact": 40.1})]},
        "ownership_share",
        "/statements",
    ),
    (
        INDUSTRIAL,
        "/payload/ownership",
        {"statements": [owner({"exact": 100.1})]},
        "ownership_share",
        "/statements/0/interests/0/share/exact",
    ),
    (
        INDUSTRIAL,
        "/payload/ownership",
        {"statements": [owner({"exact": True})]},
        "ownership_share",
        "/statements/0/interests/0/share/exact",
    ),
    (
        INDUSTRIAL,
        "/payload/ownership",
        {"statements": [owner({"minimum": 50, "maximum": 25})]},
        "ownership_share",
        "/statements/0/interests/0/share/maximum",
    ),
    (
        INDUSTRIAL,
        "/payload/ownership",
        {"statements": [owner({"exact": 50, "minimum": 25})]},
        "ownership_share",
        "/statements/0/interests/0/share/minimum",
    ),
    (
        INDUSTRIAL,
        "/payload/ownership",
        {"statements": [owner({})]},
        "ownership_share",
        "/statements/0/interests/0/share",
    ),
    # contacts
    (INDUSTRIAL, "/payload/contacts/email", "shop.example", "contact_invalid", ""),
    (INDUSTRIAL, "/payload/contacts/email", "a@b@c", "contact_invalid", ""),
    (INDUSTRIAL, "/payload/contacts/phone", "0996-123", "contact_invalid", ""),
    (INDUSTRIAL, "/payload/contacts/phone", "+８６1", "contact_invalid", ""),
    (INDUSTRIAL, "/payload/contacts/website", "ftp://shop.example", "contact_invalid", ""),
    (INDUSTRIAL, "/payload/contacts/website", "https://", "contact_invalid", ""),
    (CLOUD, "/payload/online_presence/0/url", "javascript:alert(1)", "contact_invalid", ""),
    # opening figures
    (INDUSTRIAL, "/payload/opening_figures", FIGURES | {"as_of": "2026-03-03"}, "date_range", "/as_of"),
    (INDUSTRIAL, "/payload/opening_figures", FIGURES | {"employees": "8"}, "report_value", "/employees"),
    (INDUSTRIAL, "/payload/opening_figures", FIGURES | {"employees": 10_000_001}, "report_value", "/employees"),
    (INDUSTRIAL, "/payload/opening_figures", FIGURES | {"valuation": yuan(-1)}, "report_value", "/valuation"),
    (INDUSTRIAL, "/payload/opening_figures", FIGURES | {"revenue": yuan(1)}, "report_period", "/revenue_period"),
    (
        INDUSTRIAL,
        "/payload/opening_figures",
        FIGURES | {"revenue": yuan(1), "revenue_period": "2026"},
        "report_period",
        "/revenue_period",
    ),
    (INDUSTRIAL, "/payload/opening_figures", FIGURES | {"revenue_period": "25"}, "report_period", "/revenue_period"),
]


@pytest.mark.parametrize(
    ("payload", "pointer", "value", "code", "place"),
    BAD,
    ids=[f"{code}-{n}" for n, (*_, code, _place) in enumerate(BAD)],
)
async def test_a_registration_that_says_what_is_not_acceptable_is_refused_with_the_place(
    desk: Desk, store: MemoryStore, payload: Json, pointer: str, value: Any, code: str, place: str
) -> None:
    answer = await desk.call("POST", "/registrations", {"payload": changed(payload, pointer, value)})
    assert refusal(answer) == (422, code)
    named = place if place.startswith("/payload") else pointer + place
    assert named in [error["pointer"] for error in answer.json()["errors"]]
    assert store.rows("filings") == []


async def test_all_that_is_wrong_with_a_payload_is_said_at_once(desk: Desk) -> None:
    payload = online(
        colour="red",
        premises=None,
        identifiers=[{"scheme": "CN-USCC", "id": with_last(CODE, "0")}],
        name={"legal": "!", "language": "zh"},
        capital={"registered": yuan(1), "paid_in": yuan(2)},
        sectors=[{"scheme": "GBT4754-2017", "code": "9999", "primary": True}],
        contacts={"phone": "1"},
    )
    problem = (await desk.call("POST", "/registrations", {"payload": payload})).json()
    assert {(error["pointer"], error["code"]) for error in problem["errors"]} == {
        ("/payload/colour", "unknown_field"),
        ("/payload/identifiers/0/id", "identifier_check_digit"),
        ("/payload/name/legal", "name_invalid"),
        ("/payload/capital/paid_in/amount", "capital_range"),
        ("/payload/sectors/0/code", "sector_unknown"),
        ("/payload/contacts/phone", "contact_invalid"),
        ("/payload/hosting", "hosting_required"),
    }


async def test_what_the_members_of_a_payload_say_together_and_on_that_day_is_said_at_once_with_the_rest(
    desk: Desk,
) -> None:
    money = {"amount": 1.5, "currency": "CNY"}
    payload = registration(
        capital={"registered": money, "paid_in": yuan(0)},
        premises=None,
        parties=[],
        zone_entry_on="2030-01-01",
        term_until="2000-01-01",
    )
    problem = (await desk.call("POST", "/registrations", {"payload": payload})).json()
    assert {(error["pointer"], error["code"]) for error in problem["errors"]} == {
        ("/payload/capital/registered/amount", "money_invalid"),
        ("/payload/premises", "premises_required"),
        ("/payload/parties", "legal_representative"),
        ("/payload/zone_entry_on", "date_range"),
        ("/payload/term_until", "date_range"),
    }


SHARES = {"exact": 50, "minimum": 20, "maximum": "x"}
TOGETHER: list[tuple[str, Any, set[str]]] = [
    # a part, what it says, and the members of it that are named
    ("capital", {"registered": yuan(1), "paid_in": yuan(2), "colour": "red"}, {"colour", "paid_in/amount"}),
    ("sectors", [SECTOR | {"code": "9999", "primary": 1}], {"0/code", "0/primary"}),
    ("parties", [PARTY | {"name": "", "ceased_on": "2016-02-01"}], {"0/name", "0/ceased_on"}),
    ("parties", [PARTY | {"name": "", "appointed_on": "2026-03-03"}], {"0/name", "0/appointed_on"}),
    (
        "hosting",
        {"host_business_id": "x", "valid_from": "2026-03-02", "valid_to": "2026-03-01"},
        {"host_business_id", "valid_to"},
    ),
    (
        "opening_figures",
        FIGURES | {"as_of": "2026-03-03", "employees": -1, "revenue": yuan(1)},
        {"as_of", "employees", "revenue_period"},
    ),
    (
        "ownership",
        {"statements": [owner({"exact": 60}, {"exact": 41})], "unspecified_reason": ""},
        {"statements", "unspecified_reason"},
    ),
    (
        "ownership",
        {"statements": [owner(SHARES)]},
        {"statements/0/interests/0/share/minimum", "statements/0/interests/0/share/maximum"},
    ),
]


@pytest.mark.parametrize(("part", "said", "places"), TOGETHER)
async def test_what_the_members_of_a_part_say_together_is_said_at_once_with_the_rest(
    desk: Desk, part: str, said: Any, places: set[str]
) -> None:
    problem = (await desk.call("POST", "/registrations", {"payload": registration(**{part: said})})).json()
    assert {error["pointer"] for error in problem["errors"]} == {f"/payload/{part}/{place}" for place in places}


@pytest.mark.parametrize(
    ("type", "payload", "places"),
    [
        ("suspension", suspension(until="2026-03-10", reason=" "), {"until", "reason"}),
        ("annual_report", report(employees=-1, valuation={"amount": 1, "currency": "USD"}), {"employees", "valuation"}),
    ],
)
async def test_what_the_members_of_a_change_say_together_is_said_at_once_with_the_rest(
    desk: Desk, type: str, payload: Json, places: set[str]
) -> None:
    business = await desk.register()
    body = {"type": type, "payload": payload}
    problem = (await desk.call("POST", f"/businesses/{business['id']}/filings", body)).json()
    assert {error["pointer"].split("/")[2] for error in problem["errors"]} == places


async def test_all_contradictions_between_sections_are_said_at_once(desk: Desk) -> None:
    payload = online(premises=None, online_presence=[], parties=[], sectors=[], term_until="2000-01-01")
    problem = (await desk.call("POST", "/registrations", {"payload": payload})).json()
    assert {error["code"] for error in problem["errors"]} == {
        "hosting_required",
        "online_presence_required",
        "legal_representative",
        "sector_primary",
        "date_range",
    }
    assert problem["code"] == "validation_failed"


async def test_the_expected_check_character_is_told_to_officers_only(desk: Desk) -> None:
    body = {"payload": registration(identifiers=[{"scheme": "CN-USCC", "id": with_last(CODE, "0")}])}
    to_partner = (await desk.call("POST", "/registrations", body, by=PARTNER)).json()
    to_officer = (await desk.call("POST", "/registrations", body, by=OFFICER)).json()
    assert f"character is {CODE[-1]}" not in to_partner["errors"][0]["detail"]
    assert f"character is {CODE[-1]}" in to_officer["errors"][0]["detail"]


async def test_a_code_is_kept_in_canonical_form_however_it_was_written(desk: Desk) -> None:
    written = f" {CODE[:4].lower()} {CODE[4:9]}-{CODE[9:].lower()} "
    filing = await desk.draft(registration(identifiers=[{"scheme": "CN-USCC", "id": written}]))
    assert filing["payload"]["identifiers"] == [{"scheme": "CN-USCC", "id": CODE}]


async def test_shares_that_are_exactly_a_hundred_are_accepted(desk: Desk) -> None:
    statements = [owner({"exact": 33.33}), owner({"exact": 33.33}), owner({"exact": 33.34})]
    indirect = owner({"exact": 80}, direct="indirect")
    votes = owner({"exact": 80}, type="votingRights")
    filing = await desk.draft(registration(ownership={"statements": [*statements, indirect, votes]}))
    assert filing["payload"]["ownership"]["statements"][0]["interests"][0]["share"]["exact"] == 33.33


async def test_a_representative_who_has_left_may_stand_beside_the_present_one(desk: Desk) -> None:
    await desk.draft(registration(parties=[PARTY | {"ceased_on": "2020-01-01"}, PARTY]))


async def test_an_industrial_business_may_trade_in_what_needs_a_prior_approval(desk: Desk) -> None:
    await desk.draft(registration(sectors=[SECTOR | {"code": "1620"}]))


@pytest.mark.parametrize(
    ("requested", "code"),
    [
        ("2026-03-02T03:59:59Z", "effective_date"),
        ("2026-05-31T04:00:01Z", "effective_date"),
        ("2026-03-05T00:00:00", "timestamp_offset_required"),
        ("2026-03-05", "timestamp_invalid"),
        (1772409600, "timestamp_invalid"),
    ],
)
async def test_a_moment_at_which_a_filing_cannot_take_effect_is_refused(desk: Desk, requested: Any, code: str) -> None:
    body = {"payload": registration(), "requested_effective_at": requested}
    answer = await desk.call("POST", "/registrations", body)
    assert refusal(answer) == (422, code)
    assert answer.json()["errors"][0]["pointer"] == "/requested_effective_at"


async def test_the_last_moment_of_ninety_days_is_accepted(desk: Desk) -> None:
    filing = await desk.draft(requested_effective_at="2026-05-31T12:00:00+08:00")
    assert filing["requested_effective_at"] == "2026-05-31T04:00:00.000Z"


async def test_an_officer_may_date_a_filing_back(desk: Desk) -> None:
    filing = await desk.draft(by=OFFICER, requested_effective_at="2026-01-01T00:00:00+08:00")
    assert filing["requested_effective_at"] == "2025-12-31T16:00:00.000Z"


REPORTS: list[tuple[Json, str, str]] = [
    (report("2026"), "report_period", "/payload/period"),
    (report("2027"), "report_period", "/payload/period"),
    (report("2015"), "report_period", "/payload/period"),
    (report("25"), "report_period", "/payload/period"),
    (report("２０２５"), "report_period", "/payload/period"),
    (report() | {"period": 2025}, "report_period", "/payload/period"),
    (report(revenue=yuan(-1)), "report_value", "/payload/revenue"),
    (report(revenue={"amount": 1.5, "currency": "CNY"}), "money_invalid", "/payload/revenue/amount"),
    (report(valuation={"amount": 1, "currency": "USD"}), "report_value", "/payload/valuation/currency"),
    (report(employees=1.5), "report_value", "/payload/employees"),
    (report(employees=True), "report_value", "/payload/employees"),
    (report(employees=-1), "report_value", "/payload/employees"),
    (report(employees=10_000_001), "report_value", "/payload/employees"),
    (report(contacts={"email": "x"}), "contact_invalid", "/payload/contacts/email"),
    (report(colour="red"), "unknown_field", "/payload/colour"),
]


@pytest.mark.parametrize(("payload", "code", "place"), REPORTS)
async def test_a_report_that_says_what_is_not_acceptable_is_refused(
    desk: Desk, payload: Json, code: str, place: str
) -> None:
    business = await desk.register()
    for path, body in (
        ("annual-reports", {"payload": payload}),
        ("filings", {"type": "annual_report", "payload": payload}),
    ):
        answer = await desk.call("POST", f"/businesses/{business['id']}/{path}", body)
        assert refusal(answer) == (422, code)
        assert [error["pointer"] for error in answer.json()["errors"]] == [place]


SUSPENSIONS: list[tuple[Json, str, str]] = [
    (suspension("2026-03-10", "2029-03-11"), "suspension_period", "/payload/until"),
    (suspension("2026-03-10", "2029-03-10"), "suspension_period", "/payload/until"),
    (suspension("2026-03-10", "2026-03-09"), "date_range", "/payload/until"),
    (suspension("2026-03-10", "2026-03-10"), "date_range", "/payload/until"),
    (suspension("0001-01-01"), "date_range", "/payload/from"),
    (suspension("2026-03-10", "9999-12-31"), "date_range", "/payload/until"),
    (suspension("2026-03-01"), "effective_date", "/payload/from"),
    (suspension("2026-06-01"), "effective_date", "/payload/from"),
    (suspension(service_address=None), "service_address_required", "/payload/service_address"),
    (suspension(reason=" "), "validation_failed", "/payload/reason"),
    (suspension(since="2026-03-10"), "unknown_field", "/payload/since"),
    (suspension(until="2026-02-29"), "date_invalid", "/payload/until"),
]


@pytest.mark.parametrize(("payload", "code", "place"), SUSPENSIONS)
async def test_a_suspension_that_says_what_is_not_acceptable_is_refused(
    desk: Desk, payload: Json, code: str, place: str
) -> None:
    business = await desk.register()
    body = {"type": "suspension", "payload": payload}
    answer = await desk.call("POST", f"/businesses/{business['id']}/filings", body)
    assert refusal(answer) == (422, code)
    assert [error["pointer"] for error in answer.json()["errors"]] == [place]


async def test_a_suspension_says_itself_when_it_takes_effect(desk: Desk) -> None:
    business = await desk.register()
    body = {"type": "suspension", "payload": suspension(), "requested_effective_at": "2026-03-12T00:00:00Z"}
    answer = await desk.call("POST", f"/businesses/{business['id']}/filings", body)
    assert refusal(answer) == (422, "effective_date")


async def test_a_service_address_in_the_register_serves_for_a_suspension_too(desk: Desk) -> None:
    business = await desk.register(registration(addresses={"registered": ADDRESS, "service": ADDRESS}))
    await desk.draft_for(business["id"], "suspension", suspension(service_address=None))


@pytest.mark.parametrize("type", ["change_of_name", "registration", 1, None])
async def test_a_type_of_filing_that_a_business_cannot_have_is_refused(desk: Desk, type: Any) -> None:
    business = await desk.register()
    body = {"type": type, "payload": {}}
    answer = await desk.call("POST", f"/businesses/{business['id']}/filings", body)
    assert refusal(answer) == (422, "validation_failed")
    assert expect(await desk.get("/filings", type="registration"))["data"][0]["business_id"] == business["id"]
