"""Erased means found nowhere: a whole running zone is searched for people, before and after (requirement R4)."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple

import pytest

from services.chassis.domain.times import utc_now
from tests.e2e.known_people import (
    Forget,
    Scene,
    candidate,
    consultant,
    contacts,
    founder,
    founder_of_an_incubated_business,
    investor,
    who_was_refused,
    words_of_a_meeting,
)
from tests.e2e.whole_zone import everything, places_of
from tests.zone_under_test import ZoneUnderTest, on_one_broker

pytestmark = [pytest.mark.xdist_group("zone"), on_one_broker]

KINDS: dict[Callable[[Scene, str], Awaitable[Forget]], set[str]] = {
    candidate: {"zone_incubator.candidates", "zone_incubator.job_applications"},
    investor: {"zone_incubator.investors"},
    founder: {"zone_incubator.programme_applications"},
    founder_of_an_incubated_business: {"zone_incubator.programme_applications", "zone_incubator.incubations"},
    consultant: {"zone_incubator.consultants"},
    words_of_a_meeting: {"zone_incubator.reservations"},
    who_was_refused: {"zone_registry.filings", "zone_registry.idempotency"},
    contacts: {
        "zone_registry.businesses",
        "zone_registry.business_versions",
        "zone_registry.filings",
        "zone_registry.idempotency",
    },
}
"""Each kind of person with where the zone knows one: stored answers show none of the incubator's."""


class Search(NamedTuple):
    """Where somebody stood before and after, or what went wrong on the way."""

    before: set[str]
    after: set[str]
    faults: list[BaseException]


@pytest.fixture(scope="module")
def searches(zone: ZoneUnderTest) -> dict[str, Search]:
    """One of each kind becomes known and is forgotten, side by side, so that the zone is searched twice for all."""
    return asyncio.run(_searches(zone))


async def _searches(zone: ZoneUnderTest) -> dict[str, Search]:
    marks = {kind: f"hidden{number}person" for number, kind in enumerate(KINDS, 1)}
    async with zone.people() as people:
        scene = await Scene.of(zone, people)
        known = await asyncio.gather(*(kind(scene, mark) for kind, mark in marks.items()), return_exceptions=True)
        before, now = await everything(zone), utc_now()
        forgotten = await asyncio.gather(
            *(each() for each in known if not isinstance(each, BaseException)), return_exceptions=True
        )
        after = await everything(zone)
    found, moments = {}, iter(forgotten)
    for (kind, mark), was_known in zip(marks.items(), known, strict=True):
        moment = was_known if isinstance(was_known, BaseException) else next(moments)
        if isinstance(moment, BaseException):
            found[kind.__name__] = Search(set(), set(), [moment])
        else:
            found[kind.__name__] = Search(places_of(mark, before, at=now), places_of(mark, after, at=moment), [])
    return found


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_r4_who_is_erased_is_in_no_collection_no_topic_no_stored_answer_and_no_log(
    kind: Callable[[Scene, str], Awaitable[Forget]], searches: dict[str, Search]
) -> None:
    search = searches[kind.__name__]
    for fault in search.faults:
        raise fault
    assert (search.before, search.after) == (KINDS[kind], set())
