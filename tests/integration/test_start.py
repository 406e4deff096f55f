"""A service that starts while its database is not well."""

import pytest

from services.chassis.module import Module
from services.chassis.service import Service
from tests.chassis.garden import Bed, Plant
from tests.integration.stage import Stage

NO_PRIMARY, STEPPED_DOWN = 10107, 189


@pytest.mark.parametrize(("code", "after"), [(NO_PRIMARY, False), (STEPPED_DOWN, True)], ids=["before", "after"])
async def test_a_service_whose_primary_steps_down_around_the_making_of_a_collection_starts_all_the_same(
    mongo_url: str, code: int, after: bool
) -> None:
    stage = Stage(mongo_url, bootstrap="", topic="")
    await stage.fail_next("create", code=code, after=after)
    await Service("garden", modules=[Module("beds", "Beds.", documents=[Plant, Bed])])._wait_for_store(stage.store)
    assert {"outbox", Plant.collection, Bed.collection} <= set(await stage.store.database.list_collection_names())
    await stage.close()
