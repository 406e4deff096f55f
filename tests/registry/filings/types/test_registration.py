"""A registration on its own: what its host must be, what it claims, and the business that it makes."""

from datetime import date

import pytest

from deploy.korla.businesses import businesses
from services.chassis.domain.ids import new_id
from services.chassis.testing.moments import NOON
from services.contracts.registry.businesses import BusinessRegistered
from services.registry.businesses.business import Business
from services.registry.businesses.entry.rules.code_checks import check_registration_number
from services.registry.businesses.status import BusinessStatus
from services.registry.filings.payload import Register, ReviewPolicy
from services.registry.filings.types.registration import Registration
from tests.registry.papers import TODAY, Json, approved, done, host, hosted, online, registration, submitted, uscc, yuan

LEI = "54930084UKLVMY22DS16"


def of(payload: Json) -> Registration:
    return Registration.model_validate(payload)


def a_host(scope: str = "商务秘书服务；办公服务", status: BusinessStatus = BusinessStatus.ACTIVE) -> Business:
    business = done(of(host(business_scope=scope)))
    business.status = status
    return business


def host_codes(its_host: Business | None, business_id: str = "biz_" + "f" * 32) -> list[str]:
    payload = of(hosted(1, its_host.id if its_host else "biz_" + "0" * 32))
    found = list(payload.obstacles(Register(TODAY, host=its_host), business_id))
    assert {each.path for each in found} <= {("hosting", "host_business_id")}
    return [each.code for each in found]


def test_a_host_is_active_and_its_scope_names_the_service_of_hosting() -> None:
    assert host_codes(a_host()) == []
    assert host_codes(a_host(scope="办公服务")) == ["host_not_authorised"]


@pytest.mark.parametrize("status", [s for s in BusinessStatus if s != BusinessStatus.ACTIVE])
def test_a_business_that_does_not_trade_hosts_nobody(status: BusinessStatus) -> None:
    assert host_codes(a_host(status=status)) == ["host_not_active"]


def test_a_host_that_is_not_in_the_register_is_not_active_in_it() -> None:
    assert host_codes(None) == ["host_not_active"]


def test_a_business_is_not_its_own_host() -> None:
    its_host = a_host()
    assert host_codes(its_host, business_id=its_host.id) == ["host_is_self"]


def test_only_a_hosted_cloud_business_is_registered_without_an_officer() -> None:
    hosting = hosted(1, "biz_" + "0" * 32)["hosting"]
    assert of(hosted(1, "biz_" + "0" * 32)).review_policy == ReviewPolicy.AUTOMATIC
    assert of(online()).review_policy == ReviewPolicy.OFFICER
    assert of(registration(hosting=hosting)).review_policy == ReviewPolicy.OFFICER


def test_a_registration_claims_its_codes_and_its_name_for_the_business() -> None:
    codes = [{"scheme": "CN-USCC", "id": uscc()}, {"scheme": "LEI", "id": LEI}]
    filing = submitted(of(registration(identifiers=codes)))
    assert [(each.key, each.holder, each.code) for each in filing.stated.claims(filing.business_id, filing.id)] == [
        (f"identifier|CN-USCC:{uscc()}", filing.business_id, "duplicate_identifier"),
        (f"identifier|LEI:{LEI}", filing.business_id, "duplicate_identifier"),
        ("name|示例l号机械", filing.business_id, "name_unavailable"),
    ]


def test_an_individual_household_claims_no_name() -> None:
    codes = [{"scheme": "CN-USCC", "id": uscc(1, "2")}]
    filing = submitted(of(registration(legal_form="individual_household", identifiers=codes)))
    assert [each.code for each in filing.stated.claims(filing.business_id, filing.id)] == ["duplicate_identifier"]


def test_a_new_business_is_active_and_has_a_number_whose_check_digits_fit() -> None:
    business = done(of(registration()))
    check_registration_number(business.registration_number)
    assert (business.status, business.status_since) == ("active", NOON)
    assert business.primary_sector == "3512"
    assert [each.verification.level for each in business.identifiers] == ["format"]
    assert [each.party_id[:4] for each in business.parties] == ["pty_"]


def test_everyone_hears_of_a_new_business_with_its_opening_figures() -> None:
    figures = {
        "as_of": "2025-12-31",
        "valuation": yuan(81),
        "revenue": yuan(35),
        "revenue_period": "2025",
        "employees": 8,
    }
    filing = approved(of(registration(opening_figures=figures)))
    business = filing.complete(None, at=NOON)
    (event,) = business.recorded
    assert isinstance(event, BusinessRegistered)
    assert event.model_dump(mode="json") == {
        "business_id": business.id,
        "registration_number": business.registration_number,
        "partner_id": "par_1",
        "kind": "industrial",
        "legal_form": "limited_company",
        "name": "示例1号机械有限公司",
        "sector": "3512",
        "zone_entry_on": "2016-05-01",
        "opening_figures": figures,
        "filing_id": filing.id,
    }


def test_a_registration_is_true_since_the_effective_moment_of_its_filing() -> None:
    business = done(of(registration()))
    assert [each.effective_at for each in business.take_recorded()] == [NOON]


def test_a_business_that_enters_today_is_not_too_young() -> None:
    today = TODAY.isoformat()
    parties = registration()["parties"]
    parties[0]["appointed_on"] = today
    business = done(of(registration(established_on=today, zone_entry_on=today, parties=parties)))
    assert business.zone_entry_on == date(2026, 3, 2)


def test_every_opening_business_of_the_zone_is_acceptable_and_no_two_claim_the_same() -> None:
    held: set[str] = set()
    for entry in businesses():
        payload = of(entry.hosted_by("biz_" + "0" * 32) if entry.host is not None else entry.payload)
        assert list(payload.violations(TODAY, None)) == []
        keys = {each.key for each in payload.claims(new_id("biz"), new_id("fil"))}
        assert not keys & held
        held |= keys
