"""Consultants and their calendars, each with the other in one unit of work."""

from services.chassis.domain.times import zone_date
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.resources import ResourceKind, ResourceUsage
from services.incubator.booking.resource import Resource, ResourceStatus
from services.incubator.consulting.consultants.bodies import AddConsultant, ChangeConsultant
from services.incubator.consulting.consultants.consultant import Consultant
from services.incubator.consulting.consultants.queries import calendar_of
from services.incubator.mentorships.effects import end_with_consultant
from services.incubator.sites.queries import site_named

OF_CALENDAR = {"weekly_availability": "opening", "exceptions": "exceptions", "terms": "terms"}
"""Member of a body → what it is of the calendar."""


async def add(asked: AddConsultant, tx: Tx) -> tuple[Consultant, Resource]:
    """A consultant with a calendar. Raises Unprocessable: `site_unknown`.

    The calendar has no name but its kind's, so that a person is named in one place.
    """
    site = await site_named(asked.site_id, tx)
    calendar = Resource.add(
        site_id=site.id,
        time_zone=asked.time_zone or site.time_zone,
        name=ResourceKind.CONSULTANT.value,
        kind=ResourceKind.CONSULTANT,
        usage=ResourceUsage.BOOKABLE,
        units=1,
        capacity=1,
        opening=asked.weekly_availability,
        exceptions=asked.exceptions,
        terms=asked.terms,
        added_on=zone_date(tx.now),
    )
    consultant = Consultant.add(
        site_id=site.id,
        name=asked.name,
        topics=asked.topics,
        languages=asked.languages,
        max_per_week=asked.max_per_week,
        resource_id=calendar.id,
    )
    return tx.save(consultant), tx.save(calendar)


async def change(consultant: Consultant, asked: ChangeConsultant, tx: Tx) -> Resource:
    """Say something else of a consultant or of the calendar; returns the calendar.

    Raises:
        Conflict: `invalid_transition`, the consultant or the calendar is retired.
    """
    calendar = await calendar_of(consultant, tx)
    said = asked.model_fields_set
    consultant.change(**{name: getattr(asked, name) for name in said - OF_CALENDAR.keys()})
    tx.save(consultant)
    if hours := {OF_CALENDAR[name]: getattr(asked, name) for name in said & OF_CALENDAR.keys()}:
        calendar.change(**hours)
        tx.save(calendar)
    return calendar


async def retire(consultant: Consultant, tx: Tx) -> Resource:
    """Take no new appointments, and mentor nobody any more; returns the calendar.

    Raises:
        Conflict: `invalid_transition`.
    """
    calendar = await calendar_of(consultant, tx)
    consultant.retire()
    tx.save(consultant)
    await end_with_consultant(consultant.id, tx)
    if calendar.status is ResourceStatus.ACTIVE:
        calendar.retire(on=zone_date(tx.now))
        tx.save(calendar)
    return calendar
