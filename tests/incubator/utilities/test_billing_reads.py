"""What a billing run reads of a site: of many service points together, and none of it twice."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from services.chassis.store.writes import Document
from services.chassis.testing.memory_store import MemoryStore
from services.chassis.testing.moments import memory_tx
from services.incubator.kernel.period import Period
from services.incubator.utilities.billing import queries
from services.incubator.utilities.billing.queries import TOGETHER, known_of
from services.incubator.utilities.metering.examples import POINT
from tests.incubator.utilities.conftest import Post, instant, meter_of, point_at, tariff
from tests.incubator.utilities.test_billing import BillMonth

pytestmark = pytest.mark.usefixtures("tenants")

AUGUST = Period.of("2026-08")


async def supplied(post: Post, site: Any, number: int) -> None:
    """So many service points of one site, each read at the end of July and of August."""
    published = await post("/tariffs", tariff("1"))
    for each in range(number):
        point = await post("/service-points", point_at(site, published, place=f"room {each}"))
        meter = await post("/meters", meter_of(point, serial=f"EX-{each}", initial="0"))
        for when, value in (("2026-07-31 20:00", 10 + each), ("2026-08-31 20:00", 30 + each)):
            await post(f"/meters/{meter['id']}/readings", {"at": instant(when), "value": str(value)})


class Counted(MemoryStore):
    """A store that notes which collections are read."""

    def __init__(self) -> None:
        super().__init__()
        self.looked_at: list[str] = []

    async def select(
        self,
        collection: str,
        where: Mapping[str, Any],
        sort: Sequence[tuple[str, int]],
        limit: int,
        members: Sequence[str] = (),
    ) -> list[Document]:
        self.looked_at.append(collection)
        return await super().select(collection, where, sort, limit, members)

    async def read(self, collection: str, ids: Sequence[str]) -> list[Document]:
        self.looked_at.append(collection)
        return await super().read(collection, ids)


@pytest.mark.parametrize("number", [1, 2, TOGETHER])
async def test_service_points_are_known_by_as_many_reads_whatever_their_number(number: int) -> None:
    store = Counted()
    points = [POINT.model_copy(update={"id": f"svp_{each:032x}"}) for each in range(number)]
    assert len(await known_of(points, AUGUST, memory_tx(store))) == number
    assert sorted(store.looked_at) == ["meters", "readings", "utility_bills", "utility_bills"]


async def test_readings_that_are_too_many_for_one_read_are_read_of_fewer_service_points(
    post: Post, site: Any, store: MemoryStore, bill_month: BillMonth, monkeypatch: pytest.MonkeyPatch
) -> None:
    await supplied(post, site, 3)
    monkeypatch.setattr(queries, "MOST", 4)  # three readings each
    await bill_month("2026-07")
    await bill_month("2026-08")
    taken = sorted((row["period"], row["measured"]["own"]["value"]) for row in store.rows("utility_bills"))
    assert taken == [*(("2026-07", str(10 + each)) for each in range(3)), *(("2026-08", "20"),) * 3]
