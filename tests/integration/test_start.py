"""A service that starts while its database is not well."""

from services.chassis.service import Service
from tests.chassis.garden import Bed, Plant
from tests.integration.stage import Stage

NO_PRIMARY = 10107


async def test_a_service_whose_primary_steps_down_while_it_makes_its_collections_starts_all_the_same(
    mongo_url: str,
) -> None:
    stage = Stage(mongo_url, bootstrap="", topic="")
    service = Service("garden", routers=[], documents=[Plant, Bed])
    await stage.fail_next("create", code=NO_PRIMARY)
    await service._wait_for_store(stage.store)
    assert {"outbox", Plant.collection, Bed.collection} <= set(await stage.store.database.list_collection_names())
    await stage.close()
