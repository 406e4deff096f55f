"""What runbooks tell a person to do by hand, done: the relay and the consumer go on as they say."""

from tests.integration.stage import Stage, applied, until


async def test_a_relay_whose_place_was_forgotten_publishes_its_whole_outbox_once_more(stage: Stage) -> None:
    async with stage.running(stage.relay(), stage.consumer()):
        await stage.grow("plant_1", [1] * 3)
        await applied(stage, 3)
        await stage.change("relay", {"_id": "outbox"}, {"resume_token": None, "lease.owner": None})
        await until(lambda: published(stage, 6))
        await stage.grow("plant_1", [1])
        await applied(stage, 4)
    assert await stage.beds() == {"bed_1": [1, 2, 3, 4]}
    assert await stage.count("parked", 0)


async def published(stage: Stage, at_least: int) -> bool:
    return len(await stage.records()) >= at_least


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
