"""Who reacts to what."""

import pytest

from services.chassis.consuming.handlers import Handlers
from services.chassis.store.unit_of_work import Tx
from tests.chassis.garden import Admired, BedGrew, Grown


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


def test_every_major_of_a_handled_type_is_heard() -> None:
    on = Handlers()
    on(Grown)(nothing)
    assert on.hears("zone.test.plant.grown.v7")
    assert not on.hears("zone.test.plant.admired.v1")


def test_the_decorated_function_stays_what_it_was() -> None:
    assert Handlers()(Grown)(nothing) is nothing
