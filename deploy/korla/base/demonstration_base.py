"""The Demonstration Base: a house with start-ups in it, as its staff and their partner bring it about by the API.

They book, consume, owe and pay; and they are admitted, advised, find people and money.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from deploy.korla.base.bookings import booked
from deploy.korla.base.consulting import advised
from deploy.korla.base.hand import Hand
from deploy.korla.base.house import opened
from deploy.korla.base.investment import Rounds, invested
from deploy.korla.base.invoices import invoiced
from deploy.korla.base.programme import Admission, admitted
from deploy.korla.base.recruitment import Jobs, recruited
from deploy.korla.base.start_up import moved_in, with_memberships
from deploy.korla.base.times import Time
from deploy.korla.base.utilities import metered
from deploy.korla.entry import Entry
from deploy.korla.together import AT_ONCE, both
from services.chassis.domain.times import zone_date
from services.chassis.http.client import Client


@dataclass(frozen=True, slots=True)
class Base:
    """What the Demonstration Base has, and whether this load changed anything of it.

    Attributes:
        told: of each thing that it has, by its id, the last event of it.
    """

    start_ups: int
    desks: int
    rooms: int
    memberships: int
    bookings: int
    bills: int
    invoices: int
    paid: int
    overdue: int
    admission: Admission
    appointments: int
    jobs: Jobs
    rounds: Rounds
    changed: bool
    told: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    def __str__(self) -> str:
        """Four lines for people."""
        admission, jobs, rounds = self.admission, self.jobs, self.rounds
        return (
            f"Demonstration Base: {self.start_ups} start-ups, {self.desks} desks, {self.rooms} rooms, "
            f"{self.memberships} memberships, {self.bookings} bookings,\n"
            f"{self.bills} bills of water and electricity, {self.invoices} invoices ({self.paid} paid, "
            f"{self.overdue} overdue),\n"
            f"{admission.incubating} in a programme that {admission.graduated} have left and {admission.waiting} wait "
            f"for, {self.appointments} appointments with consultants,\n"
            f"{jobs.postings} postings ({jobs.hires} hired), {rounds.closed} closed round of "
            f"{rounds.raised / 100:,.2f} CNY, {rounds.open} open round with {rounds.pledged / 100:,.2f} CNY pledged"
        )


async def furnished(entries: Sequence[Entry], staff: Client, owner: Client, time: Time) -> Base:
    """The Demonstration Base, with what it lacks added; what is there stays, whenever it was made.

    Args:
        entries: the opening figures; those that are start-ups are registered.
        staff: an officer. owner: the partner that registered them.

    Raises:
        UnexpectedAnswer: the zone refused something; what was made until then stays, and another load goes on.
    """
    turns = asyncio.Semaphore(AT_ONCE)
    office, partner = Hand(staff, turns), Hand(owner, turns)
    house, start_ups = await both(opened(office), moved_in(entries, office))
    now = time.now()
    today = zone_date(now)

    async def moved() -> tuple[int, int]:
        """Memberships come before bookings, which use their minutes up."""
        memberships = await with_memberships(start_ups, house, today, office)
        return memberships, await booked(start_ups, house, now, partner)

    async def charged() -> tuple[int, int, int, int]:
        bills = await metered(start_ups, house, today, office, partner)
        invoices = await invoiced(start_ups, bills, today, office)
        paid = sum(each["status"] == "paid" for each in invoices)
        return len(bills), len(invoices), paid, sum(each["overdue"] for each in invoices)

    async def grown() -> tuple[tuple[Admission, int], tuple[Jobs, Rounds]]:
        return await both(
            both(admitted(start_ups, office, partner, time), advised(start_ups, house, office, partner, time)),
            both(recruited(start_ups, today, partner), invested(start_ups, partner, time)),
        )

    lived, ((admission, appointments), (jobs, rounds)) = await both(both(moved(), charged()), grown())
    (memberships, bookings), (bills, invoices, paid, overdue) = lived
    return Base(
        start_ups=len(start_ups),
        desks=house.desks,
        rooms=house.rooms,
        memberships=memberships,
        bookings=bookings,
        bills=bills,
        invoices=invoices,
        paid=paid,
        overdue=overdue,
        admission=admission,
        appointments=appointments,
        jobs=jobs,
        rounds=rounds,
        changed=bool(office.done + partner.done),
        told={id: max(office.told.get(id, ""), partner.told.get(id, "")) for id in office.told | partner.told},
    )
