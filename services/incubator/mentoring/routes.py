"""Mentorships over HTTP: proposed by one side, answered by the other, ended by either."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.chassis.domain.refusals import refuses
from services.chassis.http.paging import InPage, Page
from services.chassis.http.route import InTx, Nothing, TransactionalRoute
from services.incubator.callers import Member, Reader
from services.incubator.mentoring import effects
from services.incubator.mentoring.bodies import ProposeMentorship
from services.incubator.mentoring.queries import SIDES, MentorshipFilter, MentorshipRef, side_of
from services.incubator.mentoring.views import MentorshipView
from services.incubator.mentorships.effects import ended
from services.incubator.mentorships.mentorship import Mentorship
from services.incubator.tenants.queries import TRADING, trading_tenant

router = APIRouter(prefix="/v1/incubator/mentorships", route_class=TransactionalRoute)


@router.post("", status_code=201)
@refuses(*TRADING, *SIDES, "date_range", "mentorship_exists", "too_many_mentorships")
async def propose_mentorship(body: ProposeMentorship, member: Member, tx: InTx) -> MentorshipView:
    """Want a consultant to stand by a business that incubates; officials answer its partner, and its partner them."""
    return MentorshipView.of(await effects.propose(body, tx))


@router.get("")
async def list_mentorships(
    asked: Annotated[MentorshipFilter, Query()], reader: Reader, tx: InTx, page: InPage
) -> Page[MentorshipView]:
    """The mentorships of one's own businesses, oldest first; officials see all."""
    return await page.of(tx, Mentorship, asked.where(), MentorshipView.of)


@router.get("/{mentorship_id}")
async def see_mentorship(mentorship_id: MentorshipRef, reader: Reader, tx: InTx) -> MentorshipView:
    """One mentorship."""
    return MentorshipView.of(await tx.visible(Mentorship, mentorship_id))


@router.post("/{mentorship_id}/accept")
@refuses(*TRADING, "invalid_transition", "other_side", "ends_before_it_begins")
async def accept_mentorship(
    mentorship_id: MentorshipRef, member: Member, tx: InTx, body: Nothing | None = None
) -> MentorshipView:
    """Agree to it, as the side that did not propose it."""
    mentorship = await tx.visible(Mentorship, mentorship_id)
    mentorship.accept(side_of(member), tx.now)
    await trading_tenant(mentorship.business_id, tx)
    return MentorshipView.of(tx.save(mentorship))


@router.post("/{mentorship_id}/decline")
@refuses("invalid_transition", "other_side")
async def decline_mentorship(
    mentorship_id: MentorshipRef, member: Member, tx: InTx, body: Nothing | None = None
) -> MentorshipView:
    """Do not agree to it, as the side that did not propose it."""
    mentorship = await tx.visible(Mentorship, mentorship_id)
    mentorship.decline(side_of(member), tx.now)
    return MentorshipView.of(ended(mentorship, tx))


@router.post("/{mentorship_id}/end")
@refuses("invalid_transition")
async def end_mentorship(
    mentorship_id: MentorshipRef, member: Member, tx: InTx, body: Nothing | None = None
) -> MentorshipView:
    """End it today, as either side; who proposed it withdraws it so before it is answered."""
    mentorship = await tx.visible(Mentorship, mentorship_id)
    mentorship.stop(side_of(member), tx.now)
    return MentorshipView.of(ended(mentorship, tx))
