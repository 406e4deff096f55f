"""A filing that names another's business as host: an officer decides it, unless the host's owner takes it in."""

import inspect
from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest

from deploy.korla.businesses import businesses
from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import Conflict, Forbidden, Unprocessable
from services.chassis.domain.times import rfc3339
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import NOON
from services.contracts.registry.filings import HostingConfirmed
from services.registry.businesses.business import Business
from services.registry.businesses.entry.hosting import Hosting
from services.registry.businesses.status import BusinessStatus
from services.registry.filings.catalogue import PAYLOADS
from services.registry.filings.filing import Filing
from services.registry.filings.payload import Payload, Register
from services.registry.filings.status import UNDECIDED, FilingStatus
from services.registry.filings.types.registration import Registration
from tests.registry.conftest import Desk, expect, refusal
from tests.registry.papers import (
    AUDITOR,
    OFFICER,
    PARTNER,
    STRANGER,
    TODAY,
    Json,
    done,
    host,
    hosted,
    registration,
    submitted,
    suspension,
)

THIRD = replace(STRANGER, partner_id="par_3", client_id="cli_third")
CLERK = replace(PARTNER, client_id="cli_clerk")
"""Another client of the host's owner."""


# the filing on its own


def a_host() -> Business:
    return done(Registration.model_validate(host()))


def a_draft(its_host: Business, **changed: object) -> Filing:
    return Filing.draft(Registration.model_validate(hosted(1, its_host.id, **changed)), by=STRANGER, at=NOON)


def handed_in(filing: Filing, its_host: Business) -> Filing:
    filing.submit("示例人", Register(TODAY, host=its_host), by=STRANGER, at=NOON)
    return filing


def confirmed(filing: Filing, its_host: Business) -> bool:
    return filing.confirm_hosting(Register(TODAY, host=its_host), by=PARTNER, at=NOON)


def test_a_confirmation_before_the_submission_lets_the_rules_decide_it() -> None:
    its_host = a_host()
    filing = a_draft(its_host)
    assert confirmed(filing, its_host)
    assert filing.status == FilingStatus.DRAFT
    assert handed_in(filing, its_host).status == FilingStatus.APPROVED
    assert filing.decisions[-1].by == "system"


def test_a_confirmation_is_of_the_filing_as_it_is_and_not_of_what_it_says_later() -> None:
    its_host = a_host()
    filing = a_draft(its_host)
    confirmed(filing, its_host)
    filing.payload = filing.stated.model_copy(update={"business_scope": "另一范围"})
    assert handed_in(filing, its_host).status == FilingStatus.SUBMITTED
    assert filing.awaits_host
    assert confirmed(filing, its_host)
    assert filing.status == FilingStatus.APPROVED


def test_a_confirmation_is_for_the_host_that_the_filing_named_then() -> None:
    its_host, other = a_host(), a_host()
    filing = a_draft(its_host)
    confirmed(filing, its_host)
    filing.payload = Registration.model_validate(hosted(1, other.id))
    handed_in(filing, other)
    assert (filing.status, filing.awaits_host) == (FilingStatus.SUBMITTED, True)


def test_a_second_confirmation_of_the_same_changes_nothing() -> None:
    its_host = a_host()
    filing = handed_in(a_draft(its_host), its_host)
    confirmed(filing, its_host)
    before = filing.model_dump()
    assert not filing.confirm_hosting(Register(TODAY, host=its_host), by=CLERK, at=NOON)
    assert filing.model_dump() == before
    assert [type(event) for event in filing.recorded].count(HostingConfirmed) == 1


def test_what_an_officer_has_taken_up_that_officer_decides_and_sees_the_confirmation() -> None:
    its_host = a_host()
    filing = handed_in(a_draft(its_host), its_host)
    filing.assign(by=OFFICER, at=NOON)
    confirmed(filing, its_host)
    assert (filing.status, filing.awaits_host) == (FilingStatus.IN_REVIEW, False)
    assert filing.host_confirmation is not None
    filing.approve(by=OFFICER, comment=None, at=NOON)
    assert filing.status == FilingStatus.APPROVED


def test_what_an_officer_has_decided_waits_for_no_host() -> None:
    its_host = a_host()
    filing = handed_in(a_draft(its_host), its_host)
    filing.assign(by=OFFICER, at=NOON)
    assert filing.awaits_host
    filing.reject(by=OFFICER, reason_code="other", comment="no", at=NOON)
    assert not filing.awaits_host


@pytest.mark.parametrize("status", [status for status in FilingStatus if status not in UNDECIDED])
def test_what_is_decided_is_not_confirmed_any_more(status: FilingStatus) -> None:
    its_host = a_host()
    filing = a_draft(its_host)
    filing.status = status
    with pytest.raises(Conflict) as refused:
        confirmed(filing, its_host)
    assert refused.value.code == "invalid_transition"


def test_a_host_that_cannot_be_one_takes_nobody_in() -> None:
    its_host = a_host()
    filing = handed_in(a_draft(its_host), its_host)
    its_host.status = BusinessStatus.SUSPENDED
    with pytest.raises(Unprocessable) as refused:
        confirmed(filing, its_host)
    assert refused.value.reason == "host_not_active"
    assert filing.host_confirmation is None


def test_an_industrial_business_that_names_a_host_is_an_officers_in_any_case() -> None:
    its_host = a_host()
    payload = registration(hosting=hosted(1, its_host.id)["hosting"])
    filing = handed_in(Filing.draft(Registration.model_validate(payload), by=STRANGER, at=NOON), its_host)
    assert filing.awaits_host
    confirmed(filing, its_host)
    assert (filing.status, filing.awaits_host) == (FilingStatus.SUBMITTED, False)


@pytest.mark.parametrize("by", [STRANGER, THIRD, OFFICER])
def test_only_the_owner_of_the_host_confirms(by: Caller) -> None:
    its_host = a_host()
    filing = a_draft(its_host)
    with pytest.raises(Forbidden) as refused:
        filing.confirm_hosting(Register(TODAY, host=its_host), by=by, at=NOON)
    assert refused.value.code == "not_the_host"


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=lambda payload: payload.__name__)
def test_every_filing_type_that_states_a_hosting_asks_its_host(payload: type[Payload]) -> None:
    states_one = any(
        Hosting in (field.annotation, *get_args(field.annotation)) for field in payload.model_fields.values()
    )
    asks = inspect.getattr_static(payload, "asked_hosting") is not inspect.getattr_static(Payload, "asked_hosting")
    assert asks == states_one


def test_the_opening_figures_need_no_officer_for_who_is_hosted_as_one_partner_files_them_all() -> None:
    everyone = businesses()
    entry = next(each for each in everyone if each.host is not None)
    assert entry.host is not None
    its_host = done(Registration.model_validate(everyone[entry.host].payload))
    payload = Registration.model_validate(entry.hosted_by(its_host.id))
    assert submitted(payload, host=its_host).status == FilingStatus.APPROVED


# over HTTP


async def filed_by_another(desk: Desk) -> tuple[Json, Json]:
    """A host of one partner, and the draft of another who wants to be hosted there."""
    its_host = await desk.register(host())
    return its_host, await desk.draft(hosted(1, its_host["id"]), by=STRANGER)


async def requests_of(desk: Desk, its_host: Json, *, by: Caller = PARTNER) -> list[Json]:
    found: list[Json] = expect(await desk.get(f"/businesses/{its_host['id']}/hosting-requests", by=by))["data"]
    return found


async def test_a_registration_that_names_anothers_host_is_decided_by_an_officer(desk: Desk) -> None:
    _, draft = await filed_by_another(desk)
    filing = expect(await desk.submit(draft, by=STRANGER))
    assert (filing["status"], filing["review_policy"], filing["awaits_host"]) == ("submitted", "officer", True)
    assert refusal(await desk.get(f"/businesses/{filing['business_id']}", by=STRANGER)) == (404, "not_found")
    expect(await desk.assign(filing))
    filing = expect(await desk.approve(filing))
    assert (filing["status"], filing["awaits_host"], filing["host_confirmation"]) == ("completed", False, None)


async def test_what_waited_for_its_host_alone_takes_effect_as_it_is_confirmed(desk: Desk, store: MemoryStore) -> None:
    _, draft = await filed_by_another(desk)
    filing = expect(await desk.submit(draft, by=STRANGER))
    answer = expect(await desk.confirm_hosting(filing))
    assert (answer["status"], answer["awaits_host"]) == ("completed", False)
    after = expect(await desk.get(f"/filings/{filing['id']}", by=STRANGER))
    assert (after["review_policy"], after["decisions"][0]["by"]) == ("automatic", "system")
    assert after["host_confirmation"]["by"] == PARTNER.client_id
    business = expect(await desk.get(f"/businesses/{filing['business_id']}", by=STRANGER))
    assert (business["status"], business["partner_id"]) == ("active", STRANGER.partner_id)
    rows = [row for row in store.rows("outbox") if row["_id"].startswith(filing["id"])]
    assert [row["type"].split(".", 2)[2] for row in rows][1:] == [
        "filing.submitted.v1",
        "hosting.confirmed.v1",
        "filing.approved.v1",
        "filing.completed.v1",
    ]


async def test_a_confirmation_before_the_submission_is_enough(desk: Desk) -> None:
    _, draft = await filed_by_another(desk)
    assert expect(await desk.confirm_hosting(draft))["status"] == "draft"
    assert expect(await desk.submit(draft, by=STRANGER))["status"] == "completed"


async def test_a_confirmed_registration_for_a_moment_to_come_waits_for_it(desk: Desk) -> None:
    its_host = await desk.register(host())
    later = rfc3339(NOON + timedelta(days=3))
    draft = await desk.draft(hosted(1, its_host["id"]), by=STRANGER, requested_effective_at=later)
    filing = expect(await desk.submit(draft, by=STRANGER))
    assert expect(await desk.confirm_hosting(filing))["status"] == "approved"


async def test_a_confirmation_that_is_repeated_is_answered_alike_and_once_in_effect(
    desk: Desk, store: MemoryStore
) -> None:
    _, draft = await filed_by_another(desk)
    filing = expect(await desk.submit(draft, by=STRANGER))
    first = expect(await desk.confirm_hosting(filing))
    events = len(store.rows("outbox"))
    assert expect(await desk.confirm_hosting(filing)) == first
    assert len(store.rows("outbox")) == events


async def test_a_confirmation_of_another_version_than_the_present_one_is_refused(desk: Desk) -> None:
    _, draft = await filed_by_another(desk)
    await desk.submit(draft, by=STRANGER)
    assert refusal(await desk.confirm_hosting(draft, headers={"If-Match": '"v1"'})) == (412, "precondition_failed")
    shown = await desk.get(f"/filings/{draft['id']}/hosting")
    assert shown.headers["etag"].startswith('"v2.')
    expect(await desk.confirm_hosting(draft, headers={"If-Match": shown.headers["etag"]}))


async def test_the_owner_of_the_host_is_told_what_waits_for_it_and_no_more_than_it_needs(desk: Desk) -> None:
    its_host, draft = await filed_by_another(desk)
    assert await requests_of(desk, its_host) == []  # nobody outside hears of drafts
    await desk.submit(draft, by=STRANGER)
    (asked,) = await requests_of(desk, its_host)
    assert asked == expect(await desk.get(f"/filings/{draft['id']}/hosting"))
    assert (asked["id"], asked["hosting"]["host_business_id"]) == (draft["id"], its_host["id"])
    assert asked["newcomer"]["name"]["legal"] == draft["payload"]["name"]["legal"]
    assert not {"payload", "parties", "ownership", "contacts", "partner_id", "declaration"} & asked.keys()
    assert asked["newcomer"].keys() == {"legal_form", "name", "identifiers", "business_scope"}
    await desk.confirm_hosting(draft)
    assert await requests_of(desk, its_host) == []


async def test_the_rest_of_the_filing_stays_shut_to_the_owner_of_the_host(desk: Desk) -> None:
    _, draft = await filed_by_another(desk)
    await desk.submit(draft, by=STRANGER)
    assert refusal(await desk.get(f"/filings/{draft['id']}")) == (404, "not_found")
    assert draft["id"] not in [each["id"] for each in expect(await desk.get("/filings"))["data"]]


async def test_a_third_partner_sees_nothing_of_it(desk: Desk) -> None:
    its_host, draft = await filed_by_another(desk)
    await desk.submit(draft, by=STRANGER)
    assert refusal(await desk.confirm_hosting(draft, by=THIRD)) == (404, "not_found")
    assert refusal(await desk.get(f"/filings/{draft['id']}/hosting", by=THIRD)) == (404, "not_found")
    requests = await desk.get(f"/businesses/{its_host['id']}/hosting-requests", by=THIRD)
    assert refusal(requests) == (404, "not_found")


async def test_who_sees_the_filing_and_does_not_own_its_host_is_told_so(desk: Desk) -> None:
    its_host, draft = await filed_by_another(desk)
    for by in (STRANGER, OFFICER):
        assert refusal(await desk.confirm_hosting(draft, by=by)) == (403, "not_the_host")
        assert expect(await desk.get(f"/filings/{draft['id']}/hosting", by=by))["id"] == draft["id"]
    await desk.submit(draft, by=STRANGER)
    for by in (OFFICER, AUDITOR):
        assert [each["id"] for each in await requests_of(desk, its_host, by=by)] == [draft["id"]]


async def test_a_filing_without_a_host_has_nothing_to_confirm(desk: Desk) -> None:
    draft = await desk.draft(registration(2), by=STRANGER)
    assert refusal(await desk.confirm_hosting(draft, by=STRANGER)) == (409, "no_host_named")
    assert refusal(await desk.confirm_hosting(draft)) == (404, "not_found")
    assert expect(await desk.get(f"/filings/{draft['id']}/hosting", by=STRANGER))["hosting"] is None


async def test_what_is_refused_is_not_confirmed_any_more(desk: Desk) -> None:
    _, draft = await filed_by_another(desk)
    filing = expect(await desk.submit(draft, by=STRANGER))
    expect(await desk.assign(filing))
    expect(await desk.reject(filing))
    assert refusal(await desk.confirm_hosting(filing)) == (409, "invalid_transition")


async def test_what_is_taken_back_waits_for_no_host(desk: Desk) -> None:
    its_host, draft = await filed_by_another(desk)
    filing = expect(await desk.submit(draft, by=STRANGER))
    assert not expect(await desk.withdraw(filing, by=STRANGER))["awaits_host"]
    assert await requests_of(desk, its_host) == []


async def test_a_suspended_host_takes_nobody_in(desk: Desk) -> None:
    its_host, draft = await filed_by_another(desk)
    filing = expect(await desk.submit(draft, by=STRANGER))
    await desk.complete(await desk.draft_for(its_host["id"], "suspension", suspension("2026-03-02")))
    assert refusal(await desk.confirm_hosting(filing)) == (422, "host_not_active")
