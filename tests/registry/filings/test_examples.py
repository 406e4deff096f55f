"""What the document shows as a body, the registry takes."""

from typing import Any

import pytest

from services.chassis.domain.times import parse_instant
from services.chassis.testing.callers import settings
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import FixedClock
from services.registry.filings.examples import BODIES
from services.registry.main import service
from tests.registry.conftest import Desk, expect
from tests.registry.papers import COLLEAGUE, OFFICER, PARTNER

SHOWN: dict[str, Any] = {
    type(each).__name__: each.model_dump(mode="json", by_alias=True, exclude_unset=True) for each in BODIES
}


@pytest.fixture
def desk(store: MemoryStore) -> Desk:
    """The counter on the day on which the examples happen."""
    return Desk(service.routes_on(store, settings(), clock=FixedClock(parse_instant("2026-11-24T02:00:00Z"))))


async def act(desk: Desk, filing: Any, action: str, model: str, *, by: Any) -> Any:
    return expect(await desk.call("POST", f"/filings/{filing['id']}/{action}", SHOWN[model], by=by))


async def registered(desk: Desk) -> str:
    filing = expect(await desk.call("POST", "/registrations", SHOWN["RegistrationDraft"]), 201)
    await act(desk, filing, "submit", "Submit", by=PARTNER)
    expect(await desk.assign(filing))
    done = await act(desk, filing, "approve", "Approve", by=OFFICER)
    assert done["status"] == "completed"
    return str(done["business_id"])


async def test_the_registration_that_is_shown_is_registered_by_the_words_that_are_shown(desk: Desk) -> None:
    await registered(desk)


async def test_the_annual_report_that_is_shown_is_taken(desk: Desk) -> None:
    business = await registered(desk)
    path = f"/businesses/{business}/annual-reports"
    filing = expect(await desk.call("POST", path, SHOWN["AnnualReportDraft"]), 201)
    assert (await act(desk, filing, "submit", "Submit", by=PARTNER))["status"] == "completed"


@pytest.mark.parametrize("model", ["AnnualReportFiling", "SuspensionFiling"])
async def test_a_filing_that_is_shown_is_taken(desk: Desk, model: str) -> None:
    business = await registered(desk)
    filing = expect(await desk.call("POST", f"/businesses/{business}/filings", SHOWN[model]), 201)
    await act(desk, filing, "submit", "Submit", by=PARTNER)


async def test_the_rejection_that_is_shown_is_taken(desk: Desk) -> None:
    filing = expect(await desk.call("POST", "/registrations", SHOWN["RegistrationDraft"]), 201)
    await act(desk, filing, "submit", "Submit", by=PARTNER)
    expect(await desk.assign(filing, by=COLLEAGUE))
    assert (await act(desk, filing, "reject", "Reject", by=COLLEAGUE))["status"] == "rejected"
