"""What time does to mentorships: one whose last day is over has ended."""

from datetime import datetime

from services.chassis.background.clocks import Clock
from services.chassis.background.sweep import NewTx, for_each
from services.chassis.domain.times import zone_date
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.startups.mentorships import MentorshipEnd
from services.incubator.mentorships.effects import ended, live_of
from services.incubator.mentorships.mentorship import Mentorship


async def end_terms(now: datetime, new_tx: NewTx) -> None:
    """A mentorship whose last day is over ends, agreed to or not; it may run twice, or late."""
    today = zone_date(now)

    async def end(mentorship: Mentorship, tx: Tx) -> None:
        if mentorship.is_over(today):
            mentorship.end(MentorshipEnd.TERM_OVER, tx.now)
            ended(mentorship, tx)

    await for_each(Mentorship, {**live_of(), "until": {"$lte": today}}, end, new_tx)


CLOCKS = (Clock("mentoring.terms", every=600, task=end_terms),)
