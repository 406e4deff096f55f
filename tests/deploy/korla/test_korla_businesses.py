"""The opening figures add up to what is published, and every business is one that the registry would accept."""

import json
from collections import Counter
from datetime import date
from itertools import combinations
from typing import Any

import pytest

from deploy.korla.businesses import AS_OF, businesses
from deploy.korla.codes import KORLA
from deploy.korla.entry import Entry
from services.registry.businesses.entry.rules.classifications import primary_sector
from services.registry.businesses.entry.rules.code_checks import check_uscc, check_zone_uscc, normalised
from services.registry.businesses.entry.rules.name_rules import name_key, similar, trimmed

ALL = businesses()
INDUSTRIAL = [entry for entry in ALL if entry.payload["kind"] == "industrial"]
CLOUD = [entry for entry in ALL if entry.payload["kind"] == "cloud"]
HOSTS = [entry for entry in CLOUD if entry.host is None]
HOSTED = [entry for entry in CLOUD if entry.host is not None]


def figures(entry: Entry) -> dict[str, Any]:
    found: dict[str, Any] = entry.payload["opening_figures"]
    return found


def test_there_are_22_industrial_and_429_cloud_businesses() -> None:
    assert (len(INDUSTRIAL), len(CLOUD), len(ALL)) == (22, 429, 451)


def test_industrial_valuations_add_up_to_8_1_billion_yuan_to_the_fen() -> None:
    assert {figures(entry)["valuation"]["currency"] for entry in INDUSTRIAL} == {"CNY"}
    assert sum(figures(entry)["valuation"]["amount"] for entry in INDUSTRIAL) == 810_000_000_000


def test_industrial_revenues_of_2017_add_up_to_3_5_billion_yuan_to_the_fen() -> None:
    assert {figures(entry)["revenue_period"] for entry in INDUSTRIAL} == {"2017"}
    assert {figures(entry)["revenue"]["currency"] for entry in INDUSTRIAL} == {"CNY"}
    assert sum(figures(entry)["revenue"]["amount"] for entry in INDUSTRIAL) == 350_000_000_000


def test_cloud_businesses_state_neither_valuation_nor_revenue() -> None:
    stated = [(figures(e)["valuation"], figures(e)["revenue"], figures(e)["revenue_period"]) for e in CLOUD]
    assert set(stated) == {(None, None, None)}


def test_all_figures_are_of_one_day() -> None:
    assert {figures(entry)["as_of"] for entry in ALL} == {AS_OF} == {"2018-04-30"}


def test_every_list_is_the_same_to_the_byte() -> None:
    assert json.dumps([e.payload for e in businesses()]) == json.dumps([e.payload for e in businesses()])


def test_every_name_says_that_it_is_an_example_and_is_valid() -> None:
    assert all(entry.name.startswith("示例") and trimmed(entry.name) == entry.name for entry in ALL)


def test_no_two_names_are_similar() -> None:
    keys = [name_key(entry.name) for entry in ALL]
    assert [pair for pair in combinations(keys, 2) if similar(*pair)] == []


def test_every_code_is_a_valid_code_of_korla_that_fits_the_legal_form() -> None:
    for entry in ALL:
        assert normalised(entry.code) == entry.code
        check_uscc(entry.code)
        check_zone_uscc(entry.code, entry.payload["legal_form"])
        assert entry.code[2:8] == KORLA == entry.payload["addresses"]["registered"]["division_code"]


def test_every_code_is_used_once_and_marked_synthetic() -> None:
    assert len({entry.code for entry in ALL}) == len(ALL)
    assert {entry.code[8:12] for entry in ALL} == {"XXXX"}


def test_every_primary_sector_exists_and_they_vary() -> None:
    codes = {sector["code"] for entry in ALL for sector in entry.payload["sectors"] if sector["primary"]}
    assert len({primary_sector("GBT4754-2017", code).section for code in codes}) >= 5
    assert all(len(entry.payload["sectors"]) == 1 for entry in ALL)


def test_plants_make_things_and_cloud_businesses_do_not() -> None:
    def sections(entries: list[Entry]) -> set[str]:
        return {primary_sector("GBT4754-2017", e.payload["sectors"][0]["code"]).section for e in entries}

    assert sections(INDUSTRIAL) == {"C", "D", "G"}
    assert sections(CLOUD).isdisjoint({"A", "B", "C", "D", "E"})


def test_a_business_is_established_before_it_enters_and_was_there_when_the_figures_were_taken() -> None:
    for entry in ALL:
        established, entered = (date.fromisoformat(entry.payload[day]) for day in ("established_on", "zone_entry_on"))
        assert established <= entered
        assert date(2000, 7, 1) <= entered <= date.fromisoformat(AS_OF)


def test_what_states_the_revenue_of_a_year_was_in_the_zone_in_that_year() -> None:
    assert max(entry.payload["zone_entry_on"] for entry in INDUSTRIAL) < "2017"


def test_plants_and_hosts_have_premises_and_the_rest_has_a_host() -> None:
    assert len(HOSTS) == 6
    for entry in INDUSTRIAL + HOSTS:
        assert entry.payload["premises"]["area_m2"] > 0
        assert entry.payload["hosting"] is None
    for entry in HOSTED:
        assert entry.payload["premises"] is None
        assert entry.payload["hosting"]["host_business_id"] is None


def test_no_two_businesses_share_a_parcel() -> None:
    parcels = [entry.payload["premises"]["parcel_id"] for entry in INDUSTRIAL + HOSTS]
    assert len(set(parcels)) == len(parcels)


def test_a_host_is_a_secretarial_business_that_comes_earlier_in_the_list_and_in_time() -> None:
    for entry in HOSTED:
        assert entry.host is not None
        host = ALL[entry.host]
        assert host in HOSTS
        assert "商务秘书服务" in host.payload["business_scope"]
        assert host.payload["zone_entry_on"] <= entry.payload["hosting"]["valid_from"]


def test_only_hosts_offer_what_hosts_offer() -> None:
    assert all("商务秘书服务" not in entry.payload["business_scope"] for entry in INDUSTRIAL + HOSTED)


def test_a_hosted_business_is_registered_at_the_address_of_its_host() -> None:
    for entry in HOSTED:
        assert entry.host is not None
        host = ALL[entry.host].payload["addresses"]["registered"]
        assert entry.payload["addresses"]["registered"]["lines"][0] == host["lines"][0]


def test_naming_the_host_changes_nothing_else() -> None:
    entry = businesses()[-1]
    payload = entry.hosted_by("biz_1")
    assert payload["hosting"].pop("host_business_id") == "biz_1"
    assert entry.payload["hosting"].pop("host_business_id") is None
    assert payload == entry.payload


def test_a_cloud_business_is_present_online_at_an_address_that_cannot_exist() -> None:
    for entry in CLOUD:
        (presence,) = entry.payload["online_presence"]
        assert presence["url"].startswith("https://")
        assert presence["url"].endswith(".example/")


def test_people_and_contacts_are_synthetic_and_all_different() -> None:
    parties = [party for entry in ALL for party in entry.payload["parties"]]
    assert all(party["name"].startswith("示例人") for party in parties)
    assert {party["role"] for party in parties} == {"legal_representative"}
    assert len({party["name"] for party in parties}) == len(ALL)
    assert all(entry.payload["contacts"]["email"].endswith(".example") for entry in ALL)


def test_nobody_is_appointed_before_the_business_exists() -> None:
    assert all(e.payload["parties"][0]["appointed_on"] == e.payload["established_on"] for e in ALL)


def test_no_more_capital_is_paid_in_than_registered() -> None:
    for entry in ALL:
        capital = entry.payload["capital"]
        assert 0 <= capital["paid_in"]["amount"] <= capital["registered"]["amount"]


def test_legal_forms_and_sizes_vary() -> None:
    assert len(Counter(entry.payload["legal_form"] for entry in ALL)) == 6
    employees = [figures(entry)["employees"] for entry in ALL]
    assert min(employees) < 20 <= 300 <= 1_000 < max(employees)


@pytest.mark.parametrize("entry", [ALL[0], HOSTS[0], HOSTED[0]], ids=["plant", "host", "hosted"])
def test_a_payload_has_the_members_of_a_registration_and_no_others(entry: Entry) -> None:
    assert set(entry.payload) == {
        *("type", "kind", "legal_form", "name", "identifiers", "addresses", "premises", "hosting"),
        *("online_presence", "sectors", "business_scope", "capital", "established_on", "zone_entry_on"),
        *("term_until", "parties", "ownership", "contacts", "opening_figures"),
    }
