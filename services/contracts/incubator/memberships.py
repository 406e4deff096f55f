"""What the incubator tells of memberships."""

from typing import Annotated

from services.chassis.domain.events import Event
from services.chassis.domain.ids import id_of
from services.chassis.domain.times import Day
from services.contracts.incubator.resources import RESERVATIONS
from services.contracts.registry.businesses import BusinessId

PlanId = Annotated[str, id_of("pln")]
MembershipId = Annotated[str, id_of("mbs")]


class MembershipStarted(Event, name="zone.incubator.membership.started.v1", topic=RESERVATIONS, audience="owner"):
    """A business has included minutes of space each month, from a day on."""

    membership_id: MembershipId
    business_id: BusinessId
    plan_id: PlanId
    starts_on: Day
    included_minutes_per_month: int


class MembershipChanged(Event, name="zone.incubator.membership.changed.v1", topic=RESERVATIONS, audience="owner"):
    """A membership is under another plan; what was used of its month stays used."""

    membership_id: MembershipId
    business_id: BusinessId
    plan_id: PlanId
    included_minutes_per_month: int


class MembershipEnded(Event, name="zone.incubator.membership.ended.v1", topic=RESERVATIONS, audience="owner"):
    """A membership ends with a day, which is its last."""

    membership_id: MembershipId
    business_id: BusinessId
    ends_on: Day
