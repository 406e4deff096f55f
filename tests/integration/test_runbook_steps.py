"""What runbooks tell a person to do by hand, done: the relay and the consumer go on as they say."""

from services.chassis.consuming.handlers import Handlers
from services.chassis.store.unit_of_work import Tx
from tests.chassis.garden import Bed, Grown, bed_of
from tests.integration.stage import Stage, applied, until


async def learn(event: Grown, tx: Tx) -> None:
    """As metrics does: a document from events alone, which records none of its own."""
    bed = await tx.find(Bed, bed_of(event.plant_id)) or Bed(id=bed_of(event.plant_id))
    bed.order.append(event.envelope.sequence)
    tx.save(bed)


async def test_a_projection_dropped_with_its_positions_and_its_progress_is_made_anew_from_the_log(stage: Stage) -> None:
    stage.gardener.on = Handlers()
    stage.gardener.on(Grown, loads=lambda event: [(Bed, bed_of(event.plant_id))])(learn)
    async with stage.running(stage.relay(), stage.consumer()):
        await stage.grow("plant_1", [1] * 5)
        await applied(stage, 5)
    for collection in ("beds", "inbox", "offsets"):
        await stage.store.database.drop_collection(collection)
    async with stage.running(stage.consumer()):
        await applied(stage, 5)
    assert await stage.beds() == {"bed_1": [1, 2, 3, 4, 5]}
    assert await stage.count("parked", 0)


async def test_a_relay_that_no_longer_minds_what_was_pruned_publishes_what_its_outbox_holds(stage: Stage) -> None:
    async with stage.running(stage.relay(), stage.consumer()):
        await stage.grow("plant_1", [1] * 2)
        await applied(stage, 2)
    await stage.change("relay", {}, {"cluster": "one that is gone", "pruned": True})
    relay = stage.relay()
    async with stage.running(relay, stage.consumer()):
        await until(lambda: relay.health()["state"] == "down")
        await stage.change("relay", {"_id": "outbox"}, {"pruned": False})
        await stage.grow("plant_1", [1])
        await applied(stage, 3)
    assert await stage.beds() == {"bed_1": [1, 2, 3]}
