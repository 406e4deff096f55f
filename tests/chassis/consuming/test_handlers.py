"""Who reacts to what."""

import pytest

from services.chassis.consuming.handlers import Handlers
from services.chassis.store.unit_of_work import Tx
from tests.chassis.garden import BEDS, PLANTS, Admired, BedGrew, Grown, grown


async def nothing(event: object, tx: Tx) -> None:
    """Reacts by doing nothing."""


def test_an_event_has_at_most_one_handler() -> None:
    on = Handlers()
    on(Grown)(nothing)
    with pytest.raises(TypeError, match=r"zone\.test\.plant\.grown\.v1"):
        on(Admired, Grown)(nothing)


def test_one_handler_may_hear_several_events() -> None:
    on = Handlers()
    on(Grown, BedGrew)(nothing)
    assert on.topics == ["zone.test.beds", "zone.test.plants"]


def test_every_major_of_a_handled_type_is_decoded() -> None:
    on = Handlers()
    on(Grown)(nothing)
    assert on.decodes("zone.test.plant.grown.v7")
    assert not on.decodes("zone.test.plant.admired.v1")


def test_the_decorated_function_stays_what_it_was() -> None:
    assert Handlers()(Grown)(nothing) is nothing
    assert Handlers().any([PLANTS])(nothing) is nothing


def test_a_handler_of_everything_hears_events_that_nobody_handles() -> None:
    on = Handlers()
    on.any([PLANTS])(nothing)
    assert on.hears(Admired)
    assert not on.hears(BedGrew)


def test_a_handler_of_everything_has_nothing_decoded() -> None:
    on = Handlers()
    on.any([PLANTS])(nothing)
    assert not on.decodes(Grown.wire_name)


def test_a_topic_has_at_most_one_handler_of_everything() -> None:
    on = Handlers()
    on.any([PLANTS])(nothing)
    with pytest.raises(TypeError, match=r"zone\.test\.plants has two handlers of everything"):
        on.any([BEDS, PLANTS])(nothing)


def test_rooms_together_listen_to_the_topics_of_all() -> None:
    first, second = Handlers(), Handlers()
    first(Grown)(nothing)
    second.any([BEDS])(nothing)
    together = Handlers.together(first, second)
    assert together.topics == [BEDS.name, PLANTS.name]
    assert together.hears(Grown)
    assert together.decodes(Grown.wire_name)
    assert together.hears(BedGrew)


def test_reactions_are_due_in_the_order_of_the_rooms_and_in_each_of_everything_first() -> None:
    async def one(event: object, tx: Tx) -> None: ...
    async def two(event: object, tx: Tx) -> None: ...
    async def three(event: object, tx: Tx) -> None: ...

    first, second = Handlers(), Handlers()
    second(Grown)(three)
    second.any([PLANTS])(two)
    first(Grown)(one)
    envelope, event = grown("plant_1", 1).envelope(), Grown(plant_id="plant_1", by=1)
    due = Handlers.together(first, second).due(envelope, event)
    assert [reaction.run for reaction, _ in due] == [one, two, three]
    assert [given for _, given in due] == [event, envelope, event]


def test_rooms_that_are_together_can_be_parts_of_more() -> None:
    inner = Handlers()
    inner(Grown)(nothing)
    outer = Handlers.together(Handlers.together(inner), Handlers())
    assert outer.topics == [PLANTS.name]
