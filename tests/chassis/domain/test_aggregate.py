"""An aggregate stamps what it records with its owner, so that everyone knows who may be told."""

from typing import ClassVar

import pytest
from pydantic import ValidationError

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.events import Event, Topic
from services.chassis.domain.ownership import Ownership, owned_by

POTS = Topic("zone.test.pots")


class Glazed(Event, name="zone.test.jug.glazed.v1", topic=POTS, audience="owner"):
    """For its owner alone."""


class Fired(Event, name="zone.test.jug.fired.v1", topic=POTS, audience="public", owner_only={"price"}):
    """For anyone, but for one member."""

    price: int


class Broken(Event, name="zone.test.jug.broken.v1", topic=POTS):
    """For nobody outside the zone."""


class Jug(Aggregate):
    """A noun that a partner owns."""

    collection: ClassVar[str] = "jugs"
    shown_to: ClassVar[Ownership] = owned_by("partner_id")

    partner_id: str | None


class Mug(Jug):
    """One that no partner owns is the zone's."""

    collection: ClassVar[str] = "mugs"
    shown_to: ClassVar[Ownership] = owned_by("partner_id", or_the_zones=True)


class Kiln(Aggregate):
    """The zone's own."""

    collection: ClassVar[str] = "kilns"


def test_an_event_is_stamped_with_the_owner_of_its_aggregate() -> None:
    jug = Jug(id="jug_1", partner_id="par_1")
    jug.record(Glazed())
    assert [each.partner_id for each in jug.take_recorded()] == ["par_1"]


def test_an_event_keeps_the_owner_at_the_time_when_it_was_recorded() -> None:
    jug = Jug(id="jug_1", partner_id="par_1")
    jug.record(Glazed())
    jug.partner_id = "par_2"
    jug.record(Glazed())
    assert [each.partner_id for each in jug.take_recorded()] == ["par_1", "par_2"]


def test_the_zones_own_events_have_no_owner() -> None:
    kiln = Kiln(id="kil_1")
    kiln.record(Broken())
    assert [each.partner_id for each in kiln.take_recorded()] == [None]


@pytest.mark.parametrize("noun", [Jug(id="jug_1", partner_id=None), Kiln(id="kil_1")], ids=["orphan", "the zone's"])
@pytest.mark.parametrize("event", [Glazed(), Fired(price=1)], ids=["whole", "in part"])
def test_what_is_for_the_owner_cannot_be_recorded_where_there_is_none(noun: Aggregate, event: Event) -> None:
    with pytest.raises(TypeError, match=rf"{noun.id} has none"):
        noun.record(event)


def test_what_may_be_the_zones_own_tells_its_owner_where_it_has_one_and_else_nobody_outside() -> None:
    for owner in ("par_1", None):
        mug = Mug(id="mug_1", partner_id=owner)
        mug.record(Glazed())
        assert [each.partner_id for each in mug.take_recorded()] == [owner]


def test_what_could_not_be_recorded_leaves_no_hole_in_the_sequence() -> None:
    jug = Jug(id="jug_1", partner_id=None)
    with pytest.raises(TypeError):
        jug.record(Glazed())
    assert (jug.sequence, jug.recorded) == (0, [])


@pytest.mark.parametrize("stored", [{"glaze": 7, "partner_id": "示例隐名氏"}, {"partner_id": ["示例隐名氏"]}, {}])
def test_a_document_that_cannot_be_read_is_told_of_without_what_it_says(stored: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as refused:
        Jug.from_document({"_id": "示例隐名氏", **stored})
    assert "示例隐名氏" not in str(refused.value)
