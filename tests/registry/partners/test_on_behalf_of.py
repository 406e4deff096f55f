"""D-10: officials register businesses for the partners that own them, also as of days that are long past."""

from typing import Any

import pytest

from services.chassis.testing import heard
from services.chassis.testing.callers import caller
from services.chassis.testing.memory_store import MemoryStore
from services.contracts.gateway.access import PartnerAdmitted
from services.registry.main import service
from tests.refusals import reason
from tests.registry.conftest import Desk, expect
from tests.registry.papers import COLLEAGUE, OFFICER, OFFICIAL, STRANGER, registration

OWNER_ID = "par_0195f3a4b5c67d8e9f00112233445566"
OWNER = caller("partner", partner=OWNER_ID, client="cli_owner", scopes=OFFICIAL)
LONG_AGO = "2001-03-11T16:00:00.000Z"


def admitted(partner_id: str = OWNER_ID) -> PartnerAdmitted:
    return heard.delivered(PartnerAdmitted(partner_id=partner_id, plan="standard"), partner_id)


@pytest.fixture(autouse=True)
async def known(store: MemoryStore) -> None:
    """The gateway has said twice that the owner was admitted."""
    await heard.hear_each(service.handlers, store, admitted(), admitted())


async def test_a_business_belongs_to_the_partner_for_whom_it_was_registered(desk: Desk) -> None:
    filing = await desk.draft(by=OFFICER, on_behalf_of=OWNER_ID)
    assert (filing["on_behalf_of"], filing["partner_id"]) == (OWNER_ID, "par_zone")
    done = await desk.complete(filing, by=OFFICER)
    assert done["status"] == "completed"
    business = expect(await desk.get(f"/businesses/{done['business_id']}", by=OWNER))
    assert business["partner_id"] == OWNER_ID
    assert expect(await desk.get(f"/filings/{filing['id']}", by=OWNER))["status"] == "completed"
    assert (await desk.get(f"/filings/{filing['id']}", by=STRANGER)).status_code == 404


async def test_officials_enter_the_register_as_it_stood(desk: Desk, store: MemoryStore) -> None:
    filing = await desk.draft(by=OFFICER, on_behalf_of=OWNER_ID, requested_effective_at=LONG_AGO)
    done = await desk.complete(filing, by=OFFICER)
    assert done["effective_at"] == LONG_AGO
    events = [row for row in store.rows("outbox") if row["type"] == "zone.registry.business.registered.v1"]
    assert [row["partner_id"] for row in events] == [OWNER_ID]


async def test_who_drafted_for_another_does_not_decide(desk: Desk) -> None:
    filing = expect(await desk.submit(await desk.draft(by=OFFICER, on_behalf_of=OWNER_ID), by=OFFICER))
    assert (await desk.assign(filing, by=OFFICER)).json()["code"] == "separation_of_duties"
    assert (await desk.assign(filing, by=COLLEAGUE)).status_code == 200


async def test_a_partner_that_nobody_admitted_owns_nothing(desk: Desk) -> None:
    body = {"payload": registration(), "on_behalf_of": f"par_{1:032x}"}
    refused = await desk.call("POST", "/registrations", body, by=OFFICER)
    assert (refused.status_code, reason(refused)) == (422, "partner_unknown")
    assert refused.json()["errors"][0]["pointer"] == "/on_behalf_of"


async def test_partners_file_for_themselves_alone(desk: Desk) -> None:
    body = {"payload": registration(), "on_behalf_of": OWNER_ID}
    refused = await desk.call("POST", "/registrations", body, by=STRANGER)
    assert (refused.status_code, refused.json()["code"]) == (403, "wrong_kind_of_caller")
    assert (await desk.call("POST", "/registrations", body, by=OWNER)).status_code == 201


@pytest.mark.parametrize("wrong", ["", "par_1", "biz_0195f3a4b5c67d8e9f00112233445566", 7])
async def test_what_is_no_partners_id_is_refused(desk: Desk, wrong: Any) -> None:
    refused = await desk.call("POST", "/registrations", {"payload": registration(), "on_behalf_of": wrong}, by=OFFICER)
    assert refused.status_code == 422
