"""From which moment a filing can be true: what is refused, with its place and with all else that is wrong."""

from datetime import timedelta

import pytest

from services.chassis.domain.times import zone_midnight
from services.chassis.testing.moments import FixedClock, day
from tests.registry.conftest import Desk, expect, refusal
from tests.registry.papers import OFFICER, suspension


@pytest.mark.parametrize(
    ("moment", "accepted"),
    [
        ("2026-03-19T15:59:59Z", True),
        ("2026-03-19T16:00:00Z", False),  # midnight in the zone: it has resumed by itself
        ("2026-03-25T00:00:00Z", False),
    ],
)
async def test_a_resumption_takes_effect_before_the_suspension_ends_by_itself(
    desk: Desk, moment: str, accepted: bool
) -> None:
    business = await desk.register()
    await desk.complete(await desk.draft_for(business["id"], "suspension", suspension("2026-03-02", "2026-03-20")))
    body = {"type": "resumption", "payload": {}, "requested_effective_at": moment}
    answer = await desk.call("POST", f"/businesses/{business['id']}/filings", body)
    if accepted:
        expect(answer, 201)
        return
    assert refusal(answer) == (422, "effective_date")
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/requested_effective_at"]


async def test_a_suspension_whose_time_is_over_is_left_to_end_by_itself(desk: Desk, clock: FixedClock) -> None:
    business = await desk.register()
    await desk.complete(await desk.draft_for(business["id"], "suspension", suspension("2026-03-02", "2026-03-20")))
    clock.at = zone_midnight(day("2026-03-20"))
    body = {"type": "resumption", "payload": {}}
    answer = await desk.call("POST", f"/businesses/{business['id']}/filings", body)
    assert refusal(answer) == (422, "effective_date")


@pytest.mark.parametrize(("moment", "accepted"), [("2026-03-01T15:59:59Z", False), ("2026-03-01T16:00:00Z", True)])
async def test_nobody_dates_a_resumption_before_the_day_on_which_the_business_was_suspended(
    desk: Desk, clock: FixedClock, moment: str, accepted: bool
) -> None:
    business = await desk.register()
    await desk.complete(await desk.draft_for(business["id"], "suspension", suspension("2026-03-02")))
    clock.at += timedelta(days=5)
    body = {"type": "resumption", "payload": {}, "requested_effective_at": moment}
    answer = await desk.call("POST", f"/businesses/{business['id']}/filings", body, by=OFFICER)
    assert answer.status_code == (201 if accepted else 422), answer.text
    if not accepted:
        assert refusal(answer) == (422, "effective_date")


@pytest.mark.parametrize(("begin", "accepted"), [("2026-03-01", False), ("2026-03-02", True)])
async def test_nobody_dates_a_suspension_before_the_day_on_which_the_business_was_registered(
    desk: Desk, clock: FixedClock, begin: str, accepted: bool
) -> None:
    business = await desk.register()
    clock.at += timedelta(days=5)
    body = {"type": "suspension", "payload": suspension(begin)}
    answer = await desk.call("POST", f"/businesses/{business['id']}/filings", body, by=OFFICER)
    assert answer.status_code == (201 if accepted else 422), answer.text
    if not accepted:
        assert refusal(answer) == (422, "effective_date")
        assert [error["pointer"] for error in answer.json()["errors"]] == ["/payload/from"]


async def test_all_that_is_wrong_with_a_draft_is_said_at_once_its_moment_too(desk: Desk) -> None:
    business = await desk.register()
    body = {
        "type": "suspension",
        "payload": suspension("2026-08-01", "2030-08-01", service_address=None),
        "requested_effective_at": "2026-03-05T00:00:00Z",
    }
    problem = (await desk.call("POST", f"/businesses/{business['id']}/filings", body)).json()
    assert {(error["pointer"], error["code"]) for error in problem["errors"]} == {
        ("/payload/until", "suspension_period"),
        ("/payload/service_address", "service_address_required"),
        ("/payload/from", "effective_date"),
        ("/requested_effective_at", "effective_date"),
    }
