"""Who may file what for a business in which status: every cell."""

from datetime import timedelta
from itertools import product

import pytest

from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import Conflict
from services.chassis.domain.moves import move
from services.chassis.testing.moments import NOON
from services.contracts.registry.filings import FilingType
from services.registry.businesses.business import Business
from services.registry.businesses.matrix import MATRIX, allowed_filings, check_allowed
from services.registry.businesses.status import MOVES, BusinessStatus
from services.registry.filings.catalogue import AnyPayload
from services.registry.filings.filing import Filing
from services.registry.filings.types.dissolution import AdministrativeDissolution
from services.registry.filings.types.dissolution_cancellation import DissolutionCancellation
from services.registry.filings.types.registration import Registration
from tests.registry.papers import (
    OFFICER,
    PARTNER,
    RESUMING,
    TODAY,
    annual_report,
    leaving,
    registered_business,
    registration,
    stopping,
    suspended_business,
)

PAGE = """
registration  x  x  x  x
annual_report A  A  A  O
suspension    A  A  x  x
resumption    x  A  x  x
dissolution   A  A  x  x
administrative_dissolution O O x x
dissolution_cancellation x x A x
"""
CELLS = [
    (FilingType(line.split()[0]), status, who)
    for line in PAGE.strip().splitlines()
    for status, who in zip(BusinessStatus, line.split()[1:], strict=True)
]
ARROWS = {
    ("active", "suspended"),
    ("active", "dissolving"),
    ("suspended", "active"),
    ("suspended", "dissolving"),
    ("dissolving", "active"),
    ("dissolving", "suspended"),
    ("dissolving", "dissolved"),
    ("dissolved", "active"),
}


def a_business(status: BusinessStatus) -> Business:
    business = suspended_business()
    business.status = status
    return business


@pytest.mark.parametrize(("filing", "status", "who"), CELLS)
@pytest.mark.parametrize("official", [False, True])
def test_a_filing_is_allowed_where_the_matrix_says_so(
    filing: FilingType, status: BusinessStatus, who: str, official: bool
) -> None:
    business = a_business(status)
    allowed = who == "A" or (who == "O" and official)
    assert (filing.value in allowed_filings(business, official=official)) is allowed
    if allowed:
        check_allowed(filing, business, official=official)
        return
    with pytest.raises(Conflict) as refused:
        check_allowed(filing, business, official=official)
    assert refused.value.code == "filing_not_allowed"
    assert refused.value.members["business_status"] == status.value


PAYLOADS: dict[FilingType, AnyPayload] = {
    FilingType.REGISTRATION: Registration.model_validate(registration()),
    FilingType.ANNUAL_REPORT: annual_report(),
    FilingType.SUSPENSION: stopping(),
    FilingType.RESUMPTION: RESUMING,
    FilingType.DISSOLUTION: leaving(),
    FilingType.ADMINISTRATIVE_DISSOLUTION: AdministrativeDissolution(reason="示例"),
    FilingType.DISSOLUTION_CANCELLATION: DissolutionCancellation(),
}


def test_what_a_dissolving_business_may_not_have_is_under_way_beside_no_dissolution() -> None:
    """Row 48 holds by the group alone, while all such filings are of one group with the dissolution."""
    beside = [type for type, row in MATRIX.items() if row[BusinessStatus.DISSOLVING] != "A"]
    assert {PAYLOADS[type].group for type in beside} <= {"registration", leaving().group}


@pytest.mark.parametrize(("filing", "status", "who"), [cell for cell in CELLS if cell[2] == "x"])
@pytest.mark.parametrize("by", [PARTNER, OFFICER])
def test_a_filing_that_nobody_may_make_cannot_even_be_drafted(
    filing: FilingType, status: BusinessStatus, who: str, by: Caller
) -> None:
    with pytest.raises(Conflict) as refused:
        Filing.draft(PAYLOADS[filing], by=by, at=NOON, business=a_business(status))
    assert refused.value.code == "filing_not_allowed"


def test_a_late_report_of_a_dissolved_business_is_an_officers_to_make() -> None:
    business = a_business(BusinessStatus.DISSOLVED)
    assert Filing.draft(annual_report(), by=OFFICER, at=NOON, business=business).type == FilingType.ANNUAL_REPORT
    with pytest.raises(Conflict):
        Filing.draft(annual_report(), by=PARTNER, at=NOON, business=business)


@pytest.mark.parametrize(("before", "after"), list(product(BusinessStatus, BusinessStatus)))
def test_a_business_moves_only_along_the_arrows_of_its_table(before: BusinessStatus, after: BusinessStatus) -> None:
    if (before.value, after.value) in ARROWS:
        assert move(before, after, MOVES) is after
    else:
        with pytest.raises(Conflict) as refused:
            move(before, after, MOVES)
        assert refused.value.code == "invalid_transition"


def test_a_dissolved_business_cannot_be_suspended() -> None:
    business = registered_business()
    business.status = BusinessStatus.DISSOLVED
    with pytest.raises(Conflict) as refused:
        business.suspend(since=TODAY, until=TODAY + timedelta(days=1), reason="示例", effective_at=NOON)
    assert refused.value.code == "invalid_transition"
