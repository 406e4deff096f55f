"""The zone's own office: officials are its clients, and nobody else's."""

from typing import get_args

import httpx
import pytest

from gateway.access.scopes import Kind
from tests.gateway.access.conftest import Side, the_office
from tests.gateway.access.zone import Zone, new_client, new_key
from tests.refusals import reason

OFFICIALS = [kind for kind in get_args(Kind) if kind != "partner"]


async def test_the_office_is_found_among_any_number_of_partners(
    operator: httpx.AsyncClient, ours: Side, theirs: Side
) -> None:
    found = {
        office: [
            each["office"] for each in (await operator.get("/v1/partners", params={"office": office})).json()["data"]
        ]
        for office in ("true", "false")
    }
    assert found == {"true": [True], "false": [False, False]}


async def test_a_partner_does_not_find_the_office(ours: Side) -> None:
    assert (await ours.api.get("/v1/partners", params={"office": "true"})).json()["data"] == []


@pytest.mark.parametrize("kind", OFFICIALS)
async def test_officials_are_clients_of_the_office(zone: Zone, operator: httpx.AsyncClient, kind: str) -> None:
    client = await new_client(operator, (await the_office(operator))["id"], kind)
    key = await new_key(operator, client["id"])
    async with zone.client(key["key"]) as official:
        assert (await official.get("/v1/no-such-path")).status_code == 404


@pytest.mark.parametrize("kind", OFFICIALS)
async def test_a_partner_that_makes_filings_has_no_official_who_decides_them(
    operator: httpx.AsyncClient, ours: Side, kind: str
) -> None:
    answer = await operator.post(f"/v1/partners/{ours.partner['id']}/clients", json={"kind": kind})
    assert (answer.status_code, reason(answer)) == (422, "wrong_kind_of_client")
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/kind"]


async def test_the_office_makes_no_filings_as_a_partner(operator: httpx.AsyncClient) -> None:
    office = await the_office(operator)
    answer = await operator.post(f"/v1/partners/{office['id']}/clients", json={"kind": "partner"})
    assert (answer.status_code, reason(answer)) == (422, "wrong_kind_of_client")
