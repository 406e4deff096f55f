"""What an event tells outside the zone: a public one no more than what the zone shows to anyone."""

import pytest

from deploy.documents.events import published_events
from services.chassis.domain.events import Event, Topic
from services.contracts.registry.businesses import BUSINESSES
from services.registry.businesses.views import BusinessExtract

SHOWN_AS = {"business_id": "id", "sector": "sectors", "mode": "dissolution_mode"}
"""What the public extract of a business calls otherwise."""
PUBLIC = [event for event in published_events() if event.topic == BUSINESSES and event.audience == "public"]
TRIED = Topic("zone.test.tried")


@pytest.mark.parametrize("event", PUBLIC, ids=lambda event: event.wire_name)
def test_a_public_event_of_a_business_tells_strangers_what_the_extract_shows_and_no_more(event: type[Event]) -> None:
    told = {SHOWN_AS.get(name, name) for name in event.model_fields.keys() - event.owner_only}
    assert told <= BusinessExtract.model_fields.keys()


def test_only_what_an_event_has_can_be_for_its_owner_only() -> None:
    with pytest.raises(TypeError, match="Misspelt has no figuers"):

        class Misspelt(Event, name="zone.test.m.v1", topic=TRIED, audience="public", owner_only={"figuers"}):
            figures: int


@pytest.mark.parametrize("audience", ["owner", "zone"])
def test_only_a_public_event_has_members_for_its_owner_only(audience: str) -> None:
    with pytest.raises(TypeError, match="is not public"):

        class Odd(Event, name=f"zone.test.{audience}.v1", topic=TRIED, audience=audience, owner_only={"figures"}):
            figures: int

    assert f"zone.test.{audience}.v1" not in Event.types
