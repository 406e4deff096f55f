"""A filing on its own: its moves, who may do what, and what it records."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import Conflict, Forbidden, Unprocessable
from services.chassis.domain.moves import move
from services.chassis.testing.moments import NOON, what_happened
from services.contracts.registry.filings import (
    FilingApproved,
    FilingAssigned,
    FilingBlanked,
    FilingBlocked,
    FilingCompleted,
    FilingDrafted,
    FilingRejected,
    FilingSubmitted,
    FilingWithdrawn,
)
from services.registry.filings.filing import Filing
from services.registry.filings.payload import Register
from services.registry.filings.status import ACTIONS, MOVES, FilingStatus
from services.registry.filings.types.registration import Registration
from tests.registry.papers import (
    AUDITOR,
    COLLEAGUE,
    OFFICER,
    OPERATOR,
    PARTNER,
    RESUMING,
    STRANGER,
    SUPERVISOR,
    TODAY,
    annual_report,
    approved,
    done,
    host,
    hosted,
    registered_business,
    registration,
    submitted,
    suspended_business,
)

FIGURE = {
    ("draft", "submitted"),
    ("submitted", "in_review"),
    ("submitted", "approved"),
    ("in_review", "submitted"),
    ("in_review", "changes_requested"),
    ("in_review", "approved"),
    ("in_review", "rejected"),
    ("changes_requested", "submitted"),
    ("changes_requested", "in_review"),
    ("approved", "completed"),
    ("draft", "lapsed"),
    ("changes_requested", "lapsed"),
    *((status, "withdrawn") for status in ("draft", "submitted", "in_review", "changes_requested", "approved")),
}
"""The arrows of the state diagram."""


def a_registration() -> Registration:
    return Registration.model_validate(registration())


def draft() -> Filing:
    return Filing.draft(a_registration(), by=PARTNER, at=NOON)


def in_review() -> Filing:
    filing = submitted(a_registration())
    filing.assign(by=OFFICER, at=NOON)
    return filing


def in_status(status: FilingStatus) -> Filing:
    filing = in_review()
    filing.status = status
    return filing


@pytest.mark.parametrize(("before", "after"), list(product(FilingStatus, FilingStatus)))
def test_a_filing_moves_only_along_the_arrows_of_its_figure(before: FilingStatus, after: FilingStatus) -> None:
    if (before.value, after.value) in FIGURE:
        assert move(before, after, MOVES) is after
    else:
        with pytest.raises(Conflict) as refused:
            move(before, after, MOVES)
        assert refused.value.code == "invalid_transition"


@pytest.mark.parametrize(
    ("action", "status"),
    [(action, status) for action, its in ACTIONS.items() for status in FilingStatus if status not in its],
)
def test_an_action_in_the_wrong_status_is_refused_with_what_is_possible(action: str, status: FilingStatus) -> None:
    filing = in_status(status)
    act = {
        "change": lambda: filing.change(a_registration(), None, by=OFFICER, at=NOON, business=None),
        "submit": lambda: filing.submit("示例人", Register(TODAY), by=OFFICER, at=NOON),
        "withdraw": lambda: filing.withdraw(by=OFFICER, at=NOON),
        "assign": lambda: filing.assign(by=OFFICER, at=NOON),
        "approve": lambda: filing.approve(by=OFFICER, comment=None, at=NOON),
        "reject": lambda: filing.reject(by=OFFICER, reason_code="other", comment="no", at=NOON),
    }
    with pytest.raises(Conflict) as refused:
        act[action]()
    assert refused.value.code == "invalid_transition"
    assert refused.value.members == {
        "current_status": status.value,
        "allowed_actions": filing.allowed_actions(OFFICER),
    }


def test_a_filing_that_an_officer_decides_records_each_step() -> None:
    filing = approved(a_registration())
    filing.complete(None, at=NOON)
    assert what_happened(filing) == [FilingDrafted, FilingSubmitted, FilingAssigned, FilingApproved, FilingCompleted]


def test_a_filing_that_the_rules_decide_is_approved_as_it_is_submitted() -> None:
    filing = submitted(annual_report(), registered_business())
    assert filing.status == FilingStatus.APPROVED
    assert what_happened(filing) == [FilingDrafted, FilingSubmitted, FilingApproved]
    assert filing.decisions[0].by == "system"


def test_a_rejection_keeps_who_why_and_the_reason() -> None:
    filing = in_review()
    filing.reject(by=OFFICER, reason_code="incorrect", comment="示例理由", at=NOON)
    decision = filing.decisions[-1]
    assert (decision.by, decision.reason_code, decision.comment) == ("cli_officer", "incorrect", "示例理由")
    assert filing.recorded[-1] == FilingRejected(
        business_id=filing.business_id, filing_id=filing.id, type=filing.type, reason_code="incorrect"
    )


def test_every_event_of_a_filing_names_it_and_the_business() -> None:
    filing = in_review()
    said = [event.model_dump() for event in filing.recorded]
    assert {(each["business_id"], each["filing_id"]) for each in said} == {(filing.business_id, filing.id)}


# who may


def test_an_officer_cannot_take_up_a_filing_of_their_own() -> None:
    filing = submitted(a_registration(), by=OFFICER)
    with pytest.raises(Forbidden) as refused:
        filing.assign(by=OFFICER, at=NOON)
    assert refused.value.code == "separation_of_duties"


@pytest.mark.parametrize("decide", ["approve", "reject"])
def test_an_officer_cannot_decide_a_filing_of_their_own(decide: str) -> None:
    filing = submitted(a_registration(), by=OFFICER)
    filing.assign(by=COLLEAGUE, at=NOON)
    with pytest.raises(Forbidden) as refused:
        decided(filing, decide, OFFICER)
    assert refused.value.code == "separation_of_duties"


def test_an_officer_cannot_take_up_what_they_drafted_and_a_colleague_handed_in() -> None:
    filing = Filing.draft(a_registration(), by=OFFICER, at=NOON)
    filing.submit("示例人", Register(TODAY), by=COLLEAGUE, at=NOON)
    for author in (OFFICER, COLLEAGUE):
        with pytest.raises(Forbidden) as refused:
            filing.assign(by=author, at=NOON)
        assert refused.value.code == "separation_of_duties"


INSIDER = replace(OFFICER, partner_id=PARTNER.partner_id)
"""An officer of the very organisation that files; the gateway lets none in."""


def test_nobody_takes_up_a_filing_of_their_own_organisation() -> None:
    filing = submitted(a_registration())
    assert filing.allowed_actions(INSIDER) == ["withdraw"]
    with pytest.raises(Forbidden) as refused:
        filing.assign(by=INSIDER, at=NOON)
    assert refused.value.code == "separation_of_duties"


@pytest.mark.parametrize("decide", ["approve", "reject"])
def test_nobody_decides_a_filing_of_their_own_organisation(decide: str) -> None:
    filing = in_review()
    with pytest.raises(Forbidden) as refused:
        decided(filing, decide, INSIDER)
    assert refused.value.code == "separation_of_duties"


def test_what_one_official_of_the_office_has_made_another_one_decides() -> None:
    filing = submitted(a_registration(), by=OFFICER)
    filing.assign(by=COLLEAGUE, at=NOON)
    filing.approve(by=COLLEAGUE, comment=None, at=NOON)
    assert filing.decisions[-1].by == COLLEAGUE.client_id


@pytest.mark.parametrize("decide", ["approve", "reject"])
@pytest.mark.parametrize("other", [COLLEAGUE, SUPERVISOR])
def test_only_the_assignee_decides(decide: str, other: Caller) -> None:
    with pytest.raises(Conflict) as refused:
        decided(in_review(), decide, other)
    assert refused.value.code == "not_assigned"


def decided(filing: Filing, decide: str, by: Caller) -> None:
    if decide == "approve":
        filing.approve(by=by, comment=None, at=NOON)
    else:
        filing.reject(by=by, reason_code="other", comment="no", at=NOON)


def test_an_official_cannot_hand_in_what_a_partner_has_drafted() -> None:
    with pytest.raises(Forbidden) as refused:
        draft().submit("示例人", Register(TODAY), by=OFFICER, at=NOON)
    assert refused.value.code == "not_the_owner"


@pytest.mark.parametrize("by", [STRANGER, OFFICER])
def test_only_its_own_side_takes_a_filing_back(by: Caller) -> None:
    with pytest.raises(Forbidden) as refused:
        draft().withdraw(by=by, at=NOON)
    assert refused.value.code == "not_the_owner"


def test_a_filing_that_was_taken_back_says_by_whom() -> None:
    filing = draft()
    filing.withdraw(by=PARTNER, at=NOON)
    assert filing.status == FilingStatus.WITHDRAWN
    about = {"business_id": filing.business_id, "filing_id": filing.id, "type": filing.type}
    assert filing.recorded[1:] == [FilingWithdrawn(**about, code="withdrawn_by_owner"), FilingBlanked(**about)]


def test_a_partner_may_hand_in_what_an_officer_drafted_for_its_business() -> None:
    business = registered_business()
    filing = Filing.draft(annual_report(), by=OFFICER, at=NOON, business=business)
    filing.submit("示例人", Register(TODAY, business), by=PARTNER, at=NOON)
    assert filing.submitted_by == "cli_partner"


@pytest.mark.parametrize(
    ("status", "caller", "actions"),
    [
        ("draft", PARTNER, ["change", "submit", "withdraw"]),
        ("draft", STRANGER, []),
        ("draft", OFFICER, []),
        ("submitted", PARTNER, ["withdraw"]),
        ("submitted", OFFICER, ["assign"]),
        ("submitted", SUPERVISOR, ["assign"]),
        ("submitted", AUDITOR, []),
        ("submitted", OPERATOR, []),
        ("in_review", OFFICER, ["approve", "reject"]),
        ("in_review", COLLEAGUE, []),
        ("in_review", PARTNER, ["withdraw"]),
        ("approved", OFFICER, ["withdraw"]),
        ("approved", AUDITOR, []),
        ("approved", PARTNER, ["withdraw"]),
        ("completed", PARTNER, []),
        ("rejected", OFFICER, []),
    ],
)
def test_what_a_caller_can_do_follows_from_the_status_and_from_who_calls(
    status: str, caller: Caller, actions: list[str]
) -> None:
    assert in_status(FilingStatus(status)).allowed_actions(caller) == actions


@pytest.mark.parametrize(
    ("caller", "sees"),
    [(PARTNER, True), (STRANGER, False), (OFFICER, True), (SUPERVISOR, True), (AUDITOR, True), (OPERATOR, False)],
)
def test_a_filing_is_seen_by_its_owner_officials_and_auditors(caller: Caller, sees: bool) -> None:
    assert Filing.shown_to.shows(draft(), caller) is sees


# when


def test_a_filing_without_a_declaration_is_not_handed_in() -> None:
    with pytest.raises(Unprocessable) as refused:
        draft().submit(None, Register(TODAY), by=PARTNER, at=NOON)
    assert refused.value.reason == "declaration_required"


def test_a_filing_takes_effect_when_it_is_approved_unless_it_asks_for_a_moment() -> None:
    assert approved(a_registration()).effective_at == NOON


def test_a_filing_for_a_moment_to_come_is_due_from_that_moment_on() -> None:
    later = NOON + timedelta(days=3)
    filing = approved(a_registration(), requested_effective_at=later)
    assert filing.effective_at == later
    assert [filing.is_due(at) for at in (NOON, later - timedelta(milliseconds=1), later)] == [False, False, True]


def test_a_moment_that_passes_during_the_review_dates_nothing_back() -> None:
    filing = submitted(a_registration(), requested_effective_at=NOON + timedelta(hours=1))
    later = NOON + timedelta(days=1)
    filing.assign(by=OFFICER, at=later)
    filing.approve(by=OFFICER, comment=None, at=later)
    assert filing.effective_at == later


def test_what_an_officer_dates_back_is_true_since_then() -> None:
    filing = submitted(a_registration(), by=OFFICER, requested_effective_at=NOON - timedelta(days=30))
    filing.assign(by=COLLEAGUE, at=NOON)
    filing.approve(by=COLLEAGUE, comment=None, at=NOON)
    assert filing.effective_at == NOON - timedelta(days=30)


def test_a_draft_whose_moment_has_passed_cannot_be_handed_in() -> None:
    filing = Filing.draft(a_registration(), by=PARTNER, at=NOON, requested_effective_at=NOON + timedelta(hours=1))
    with pytest.raises(Unprocessable) as refused:
        filing.submit("示例人", Register(TODAY), by=PARTNER, at=NOON + timedelta(hours=2))
    assert refused.value.reason == "effective_date"


def test_a_draft_whose_section_has_changed_since_cannot_be_handed_in() -> None:
    business = suspended_business()
    filing = Filing.draft(RESUMING, by=PARTNER, at=NOON, business=business)
    with pytest.raises(Conflict) as refused:
        filing.submit("示例人", Register(TODAY, business, changed=frozenset({"status"})), by=PARTNER, at=NOON)
    assert (refused.value.code, refused.value.members["changed_fields"]) == ("stale_base_version", ["status"])


def test_a_change_of_other_sections_makes_no_draft_stale() -> None:
    business = suspended_business()
    filing = Filing.draft(RESUMING, by=PARTNER, at=NOON, business=business)
    filing.submit("示例人", Register(TODAY, business, changed=frozenset({"contacts"})), by=PARTNER, at=NOON)
    assert filing.status == FilingStatus.APPROVED


def test_a_block_is_recorded_once_for_each_reason() -> None:
    filing = approved(a_registration())
    obstacle = Unprocessable("The host is away.", code="host_not_active")
    assert filing.blocked_by(obstacle, at=NOON)
    assert not filing.blocked_by(obstacle, at=NOON + timedelta(minutes=1))
    assert filing.block is not None
    assert (filing.block.code, filing.block.since) == ("host_not_active", NOON)
    assert what_happened(filing).count(FilingBlocked) == 1


def test_what_is_completed_is_blocked_no_more() -> None:
    filing = approved(a_registration())
    filing.blocked_by(Unprocessable("Away.", code="host_not_active"), at=NOON)
    filing.complete(None, at=NOON)
    assert filing.block is None


# the automatic path


def test_a_hosted_business_is_registered_by_the_rules_alone() -> None:
    its_host = done(Registration.model_validate(host()))
    payload = Registration.model_validate(hosted(1, its_host.id))
    assert submitted(payload, host=its_host).status == FilingStatus.APPROVED


def test_resumptions_and_reports_need_no_officer_and_all_else_does() -> None:
    assert submitted(RESUMING, suspended_business()).status == FilingStatus.APPROVED
    assert submitted(annual_report(), registered_business()).status == FilingStatus.APPROVED
    assert submitted(a_registration()).status == FilingStatus.SUBMITTED
