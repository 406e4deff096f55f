"""The operator's key of a running zone is lost: with what is on the machine there is another, and the zone is told."""

import json

import pytest

from deploy.operator_key import LOG, opens
from deploy.public_api import Access
from tests.zone_under_test import ZoneUnderTest, on_one_broker

pytestmark = [pytest.mark.xdist_group("zone"), on_one_broker]


async def test_a_lost_operator_key_is_made_anew_while_the_zone_runs(zone: ZoneUnderTest) -> None:
    lost = zone.operator_key
    zone.folder.operator_key.unlink()
    assert "a new key of the operator is in" in zone.command("operator-key", "--new")
    assert zone.operator_key != lost
    assert await opens(Access(zone.url, zone.operator_key))
    line = json.loads((zone.folder.logs / LOG).read_text().splitlines()[-1])
    assert (line["event"], line["reason"]) == ("operator_key_renewed", "asked")
