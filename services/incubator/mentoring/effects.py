"""Mentorships proposed: one commit with what they rest on."""

from services.chassis.domain.errors import Conflict
from services.chassis.domain.times import zone_date
from services.chassis.store.unit_of_work import Tx
from services.incubator.mentoring.bodies import ProposeMentorship
from services.incubator.mentoring.queries import advising, incubating, side_of
from services.incubator.mentorships.effects import MOST, live_of
from services.incubator.mentorships.mentorship import Mentorship
from services.incubator.tenants.queries import trading_tenant

OF_INCUBATION = ("program_id", "cohort_id", "partner_id", "business_id", "business_kind", "sector")


async def propose(asked: ProposeMentorship, tx: Tx) -> Mentorship:
    """Want a consultant to mentor a business that incubates; the other side answers.

    Incubation and consultant are saved with it: whoever ends one of them at this moment meets this one, or is met.

    Raises:
        Unprocessable: `incubation_unknown`, `consultant_unknown`, `date_range`.
        Conflict: `incubation_ended`, `consultant_left`, `mentorship_exists`, `too_many_mentorships`, and those of
            `trading_tenant`.
    """
    incubation = await incubating(asked.incubation_id, tx)
    consultant = await advising(asked.consultant_id, tx)
    await trading_tenant(incubation.business_id, tx)
    asked.check_days(zone_date(tx.now), incubation.ends_on)
    for of in ({"incubation_id": incubation.id}, {"consultant_id": consultant.id}):
        if await tx.count(Mentorship, live_of(**of), at_most=MOST) >= MOST:
            raise Conflict(f"There are {MOST} mentorships that are not over.", code="too_many_mentorships")
    mentorship = Mentorship.propose(
        incubation_id=incubation.id,
        consultant_id=consultant.id,
        starts_on=asked.starts_on,
        until=asked.until,
        proposed_by=side_of(tx.caller),
        proposed_at=tx.now,
        **{name: getattr(incubation, name) for name in OF_INCUBATION},
    )
    taken = Conflict("This consultant mentors this business already, or is to.", code="mentorship_exists")
    tx.claim(mentorship.claim, mentorship.id, taken=taken)
    tx.save(incubation)
    tx.save(consultant)
    return tx.save(mentorship)
