"""Shares (I1-I4): what is issued, transferred, cancelled, bought back and split, and what of it is refused."""

import httpx
import pytest

from services.chassis.testing.memory_store import MemoryStore
from tests.incubator.investment.conftest import INVESTORS, MINE, Act, Refused, held, told, yuan

NOTHING = {"amount": 0, "currency": "CNY"}


async def test_exactly_what_is_authorised_is_issued_and_not_one_share_more(
    investor: Act, share_class: Act, issue: Act, refused: Refused, cap_table: Act
) -> None:
    founder, common = await investor(), await share_class(authorised=1_000)
    await issue(common, founder, 1_000)
    one = {"share_class_id": common["id"], "investor_id": founder["id"], "shares": 1, "paid": NOTHING}
    assert await refused("issue", **one) == (409, "authorised_exceeded")
    assert (await cap_table())["classes"] == [
        {"share_class_id": common["id"], "name": "普通股", "authorised": 1_000, "issued": 1_000}
    ]


async def test_more_is_authorised_but_never_less_than_is_issued(
    investor: Act, share_class: Act, issue: Act, enact: Act, refused: Refused
) -> None:
    founder, common = await investor(), await share_class(authorised=1_000)
    await issue(common, founder, 1_000)
    assert await refused("authorise", share_class_id=common["id"], authorised=999) == (409, "authorised_exceeded")
    await enact("authorise", share_class_id=common["id"], authorised=1_500)
    assert (await issue(common, founder, 500))["begins"][0]["certificate"] == "CS-2"


async def test_two_classes_of_a_business_have_certificates_of_their_own(
    first: httpx.AsyncClient, share_class: Act
) -> None:
    await share_class("CS")
    said = {"name": "x", "class_type": "preferred", "id_prefix": "CS", "authorised": 1, "effective_on": "2026-01-01"}
    again = await first.post(f"{MINE}/share-classes", json=said)
    assert (again.status_code, again.json()["code"]) == (409, "prefix_taken")
    assert len((await first.get(f"{MINE}/share-classes")).json()["data"]) == 1


async def test_a_split_belongs_to_the_class_i1(
    investor: Act, share_class: Act, issue: Act, enact: Act, cap_table: Act
) -> None:
    founder, common, preferred = await investor(), await share_class("CS"), await share_class("PA")
    for some in (common, common, preferred):
        await issue(some, founder, 100)
    ratio = {"numerator": 3, "denominator": 1, "price_per_share": NOTHING}
    await enact("split", share_class_id=common["id"], **ratio)
    assert held(await cap_table()) == {"CS-1": 300, "CS-2": 300, "PA-1": 100}


async def test_a_split_beyond_what_is_authorised_raises_that_in_the_same_request_or_is_refused_i1(
    investor: Act, share_class: Act, issue: Act, enact: Act, refused: Refused, cap_table: Act, store: MemoryStore
) -> None:
    common = await share_class(authorised=1_000)
    await issue(common, await investor(), 600)
    double = {
        "share_class_id": common["id"],
        "numerator": 2,
        "denominator": 1,
        "price_per_share": NOTHING,
    }
    before = dict(store.collections["cap_events"])
    assert await refused("split", **double) == (409, "authorised_exceeded")
    assert await refused("split", **double, authorised_to=1_199) == (409, "authorised_exceeded")
    assert store.collections["cap_events"] == before
    await enact("split", **double, authorised_to=1_200)
    (line,) = (await cap_table())["classes"]
    assert (line["issued"], line["authorised"]) == (1_200, 1_200)
    kinds = [kind for kind, _ in told(store, (await cap_table())["id"])]
    assert kinds[-2:] == ["authorised_shares.changed.v1", "shares.split.v1"]


async def test_fractions_are_paid_i2(
    investor: Act, share_class: Act, issue: Act, enact: Act, cap_table: Act, store: MemoryStore
) -> None:
    founder, common = await investor(), await share_class()
    await issue(common, founder, 119)
    price = {"amount": 1_234, "currency": "CNY"}
    ratio = {"numerator": 8, "denominator": 10}
    event = await enact("split", share_class_id=common["id"], **ratio, price_per_share=price)
    assert held(await cap_table()) == {"CS-1": 95}
    assert event["cash_in_lieu"] == [{"investor_id": founder["id"], "fraction": "1/5", "amount": 247}]
    assert told(store, (await cap_table())["id"])[-1][1]["cash_in_lieu"] == {"amount": 247, "currency": "CNY"}


@pytest.mark.parametrize(("numerator", "denominator"), [(3, 1), (7, 1), (10, 1), (1_000, 1)])
async def test_a_forward_split_undone_by_the_reverse_ratio_gives_the_old_number_i2(
    numerator: int, denominator: int, investor: Act, share_class: Act, issue: Act, enact: Act, cap_table: Act
) -> None:
    common = await share_class(authorised=10**9)
    for shares in (1, 3, 119, 99_999):
        await issue(common, await investor(), shares)
    before = held(await cap_table())
    of = {"share_class_id": common["id"], "price_per_share": NOTHING}
    await enact("split", **of, numerator=numerator, denominator=denominator)
    back = await enact("split", **of, numerator=denominator, denominator=numerator)
    assert (held(await cap_table()), back["cash_in_lieu"]) == (before, [])


async def test_two_halves_of_one_holder_are_a_share_and_what_is_left_of_nothing_ends_i2(
    investor: Act, share_class: Act, issue: Act, enact: Act, cap_table: Act, first: httpx.AsyncClient
) -> None:
    founder, small, common = await investor(), await investor(), await share_class()
    for holder, shares in ((founder, 5), (founder, 5), (small, 1)):
        await issue(common, holder, shares)
    event = await enact("split", share_class_id=common["id"], numerator=1, denominator=2, price_per_share=yuan(10))
    assert held(await cap_table()) == {"CS-1": 3, "CS-2": 2}
    assert event["cash_in_lieu"] == [{"investor_id": small["id"], "fraction": "1/2", "amount": 500}]
    assert (await first.get(f"{INVESTORS}/{small['id']}")).json()["holdings"] == 0


async def test_a_transfer_uses_a_holding_up_i3(
    investor: Act, share_class: Act, issue: Act, enact: Act, refused: Refused, cap_table: Act
) -> None:
    founder, buyer, common = await investor(), await investor(), await share_class()
    await issue(common, founder, 1_000)
    event = await enact("transfer", certificate="CS-1", shares=400, to_investor_id=buyer["id"])
    assert [each["certificate"] for each in event["ends"]] == ["CS-1"]
    assert [(each["investor_id"], each["shares"], each["changed_on"]) for each in event["begins"]] == [
        (buyer["id"], 400, "2026-01-01"),
        (founder["id"], 600, "2026-01-01"),
    ]
    assert held(await cap_table()) == {"CS-2": 400, "CS-3": 600}
    again = {"certificate": "CS-1", "shares": 1, "to_investor_id": buyer["id"]}
    assert await refused("transfer", **again) == (409, "holding_used_up")


async def test_a_transfer_may_cancel_the_rest_i3(
    investor: Act, share_class: Act, issue: Act, enact: Act, cap_table: Act
) -> None:
    founder, buyer, common = await investor(), await investor(), await share_class()
    await issue(common, founder, 1_000)
    event = await enact("transfer", certificate="CS-1", shares=400, to_investor_id=buyer["id"], cancel_rest=True)
    assert event["shares"] + event["cancelled"] == 1_000
    table = await cap_table()
    assert (held(table), table["classes"][0]["issued"]) == ({"CS-2": 400}, 400)


async def test_no_more_goes_than_a_holding_has_and_none_from_a_certificate_that_never_was_i3(
    investor: Act, share_class: Act, issue: Act, refused: Refused
) -> None:
    founder = await investor()
    await issue(await share_class(), founder, 10)
    for certificate, shares, code in (
        ("CS-1", 11, (409, "holding_exceeded")),
        ("CS-2", 1, (422, "certificate_unknown")),
        ("PA-1", 1, (422, "certificate_unknown")),
    ):
        said = {"certificate": certificate, "shares": shares}
        assert await refused("transfer", **said, to_investor_id=founder["id"]) == code
        assert await refused("cancel", **said, reason="x") == code
        assert await refused("repurchase", **said, paid=NOTHING) == code


async def test_what_is_cancelled_or_bought_back_may_be_issued_again(
    investor: Act, share_class: Act, issue: Act, enact: Act, cap_table: Act, store: MemoryStore
) -> None:
    founder, common = await investor(), await share_class(authorised=100)
    await issue(common, founder, 100)
    await enact("cancel", certificate="CS-1", shares=30, reason="减资")
    await enact("repurchase", certificate="CS-2", shares=20, paid=yuan(40))
    await issue(common, founder, 50)
    table = await cap_table()
    assert held(table) == {"CS-3": 50, "CS-4": 50}
    issued = [said["issued"] for _, said in told(store, table["id"])]
    assert issued == [0, 100, 70, 50, 100]


async def test_of_one_day_the_number_decides_and_not_the_date_i4(
    investor: Act, share_class: Act, issue: Act, enact: Act, first: httpx.AsyncClient, cap_table: Act
) -> None:
    founder, buyer, common = await investor(), await investor(), await share_class()
    await issue(common, founder, 10, on="2026-02-02")
    await enact("transfer", on="2026-02-02", certificate="CS-1", shares=10, to_investor_id=buyer["id"])
    events = (await first.get(f"{MINE}/cap-events")).json()["data"]
    assert [(each["seq"], each["type"]) for each in events] == [
        (1, "authorised_changed"),
        (2, "issued"),
        (3, "transferred"),
    ]
    assert held(await cap_table(as_of="2026-02-01")) == {}
    assert held(await cap_table(as_of="2026-02-02")) == {"CS-2": 10}


async def test_nothing_becomes_of_a_holding_before_its_last_event_i4(
    investor: Act, share_class: Act, issue: Act, enact: Act, refused: Refused
) -> None:
    founder, common = await investor(), await share_class()
    await issue(common, founder, 10, on="2026-02-02")
    early = {"certificate": "CS-1", "shares": 1, "on": "2026-02-01"}
    assert await refused("transfer", **early, to_investor_id=founder["id"]) == (409, "before_last_event")
    double = {"share_class_id": common["id"], "numerator": 2, "denominator": 1, "price_per_share": NOTHING}
    assert await refused("split", **double, on="2026-02-01") == (409, "before_last_event")
    await enact("split", **double, on="2026-02-03")
    new = {"share_class_id": common["id"], "investor_id": founder["id"], "shares": 1, "paid": NOTHING}
    assert await refused("issue", **new, on="2026-02-02") == (409, "before_last_event")


async def test_nothing_is_entered_for_a_day_to_come(investor: Act, share_class: Act, refused: Refused) -> None:
    new = {"share_class_id": (await share_class())["id"], "investor_id": (await investor())["id"], "shares": 1}
    assert await refused("issue", **new, paid=NOTHING, on="2026-03-03") == (422, "date_range")


@pytest.mark.parametrize(
    ("act", "said", "code"),
    [
        ("issue", {"shares": 0}, "validation_failed"),
        ("issue", {"paid": {"amount": 1, "currency": "USD"}}, "currency_mismatch"),
        ("issue", {"share_class_id": f"shc_{'f' * 32}"}, "share_class_unknown"),
        ("issue", {"investor_id": f"ivs_{'f' * 32}"}, "investor_unknown"),
        ("split", {"numerator": 2, "denominator": 2}, "split_ratio"),
    ],
)
async def test_what_is_not_acceptable_is_refused(
    act: str, said: dict[str, object], code: str, investor: Act, share_class: Act, refused: Refused
) -> None:
    usual: dict[str, object] = {"share_class_id": (await share_class())["id"]}
    if act == "issue":
        usual |= {"investor_id": (await investor())["id"], "shares": 1, "paid": NOTHING}
    else:
        usual |= {"price_per_share": NOTHING}
    assert await refused(act, **usual | said) == (422, code)


async def test_an_investor_of_another_partner_is_unknown_until_it_holds_shares(
    second: httpx.AsyncClient, staff: httpx.AsyncClient, investor: Act, share_class: Act, issue: Act, refused: Refused
) -> None:
    theirs, common = await investor(second), await share_class()
    new = {"share_class_id": common["id"], "investor_id": theirs["id"], "shares": 1, "paid": NOTHING}
    assert await refused("issue", **new) == (422, "investor_unknown")
    by_staff = await staff.post(f"{MINE}/cap-events/issue", json={**new, "effective_on": "2026-01-01"})
    assert by_staff.status_code == 201
    await issue(common, theirs, 5)
