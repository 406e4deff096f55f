"""`./zone rebuild metrics` on a running zone: the figures made anew while businesses are registered; the way back."""

import asyncio
import json

from tests.zone_under_test import People, ZoneUnderTest, on_one_broker

pytestmark = on_one_broker


async def test_the_figures_are_made_anew_beside_registrations_and_one_goes_back_again(
    zone: ZoneUnderTest, people: People
) -> None:
    await people.counted((await people.registered())["last_event_id"])
    before = await people.kpi("businesses_registered")
    making = asyncio.create_task(asyncio.to_thread(zone.command, "rebuild", "metrics"))
    meanwhile = await people.registered()
    printed = await making
    assert "done: generation" in printed
    assert "building:" in printed
    assert "equal" in printed
    await people.counted(meanwhile["last_event_id"])
    assert (await people.kpi("businesses_registered") or 0) > (before or 0)
    back = json.loads(await asyncio.to_thread(zone.command, "rebuild", "metrics", "--rollback", "--json"))
    assert (back["way"], back["status"], back["differences"]) == ("back", "done", [])
    assert await people.status_of(meanwhile["last_event_id"]) == "applied"
    readiness = json.loads((await zone.service("metrics", "/readyz"))[1])
    assert readiness["dependencies"]["consumer"]["generation"] == back["generation"]
