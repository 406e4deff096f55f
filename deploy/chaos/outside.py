"""What the API itself says once all is over: the same invariants, seen by a caller who knows no store."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

from deploy.chaos.finding import Finding
from deploy.chaos.offerings.hand import V1
from deploy.chaos.writers import Writers
from deploy.public_api import UnexpectedAnswer, call, pages
from services.chassis.domain.times import parse_instant

LIVE = ("held", "confirmed", "checked_in", "completed")
FAR = {"as_of": "2099-12-31"}
QUARTER = timedelta(minutes=15)


async def seen_from_outside(writers: Writers) -> list[Finding]:
    """All that a caller sees that must not be; an answer that does not come is one of it."""
    try:
        return [each for look in (_bookings, _book, _shares, _seats) async for each in look(writers)]
    except UnexpectedAnswer as error:
        return [Finding("wrong", str(error))]


async def _bookings(writers: Writers) -> AsyncIterator[Finding]:
    """No two bookings share a quarter of an hour of a room, and none that is taken is offered."""
    officer, taken = writers.callers.officer, Counter[tuple[str, Any]]()
    async for each in pages(officer, f"{V1}/reservations", about="chaos", limit="200"):
        for one in each["occurrences"]:
            if one["status"] in LIVE:
                start, end = parse_instant(one["start"]), parse_instant(one["end"])
                quarters = [start + number * QUARTER for number in range((end - start) // QUARTER)]
                taken.update((unit["resource_id"], quarter) for unit in each["units"] for quarter in quarters)
    for (room, quarter), times in taken.items():
        if times > 1:
            yield Finding("doubled", f"the API shows {times} bookings of {room} at {quarter}")
    for room in writers.offerings.rooms:
        path = f"{V1}/resources/{room}/availability"
        offered = (await call(officer, "GET", path, about="chaos")).body["data"]
        for each in offered:
            if (room, parse_instant(each["start"])) in taken:
                yield Finding("wrong", f"the API offers {room} at {each['start']}, and shows a booking of it")


async def _book(writers: Writers) -> AsyncIterator[Finding]:
    """The journal of the book has no gap, each entry balances, and the trial balance is their sum."""
    officer, path = writers.callers.officer, f"{V1}/books/{writers.offerings.book}"
    numbers, nets = defaultdict[str, list[int]](list), Counter[str]()
    async for each in pages(officer, f"{path}/entries", about="chaos", limit="200"):
        numbers[each["period"]].append(each["number"])
        debit, credit = (sum(line[side] for line in each["lines"]) for side in ("debit", "credit"))
        for line in each["lines"]:
            nets[line["code"]] += line["debit"] - line["credit"]
        if debit != credit:
            yield Finding("wrong", f"the API shows {each['id']}, which does not balance")
    for period, given in numbers.items():
        if sorted(given) != list(range(1, len(given) + 1)):
            yield Finding("wrong", f"the API shows the entries {sorted(given)} in {period}")
    balance = (await call(officer, "GET", f"{path}/trial-balance", about="chaos", params=FAR)).body
    shown = {line["code"]: line["debit"] - line["credit"] for line in balance["lines"]}
    if shown != dict(nets) or balance["debit"] != balance["credit"]:
        yield Finding("wrong", f"the trial balance says {shown}, and the entries are {dict(nets)}")


async def _shares(writers: Writers) -> AsyncIterator[Finding]:
    """Who holds what by the fold of all events is who holds what now."""
    officer, path = writers.callers.officer, f"{V1}/businesses/{writers.offerings.business}/cap-table"
    now = (await call(officer, "GET", path, about="chaos")).body["holdings"]
    folded = (await call(officer, "GET", path, about="chaos", params=FAR)).body["holdings"]
    if now != folded:
        yield Finding("wrong", f"the cap table shows {now}, and by its events {folded}")


async def _seats(writers: Writers) -> AsyncIterator[Finding]:
    """No more are accepted than there are seats."""
    officer, path = writers.callers.officer, f"{V1}/applications"
    async for cohort in pages(officer, f"{V1}/cohorts", about="chaos", limit="200"):
        who = {"cohort_id": cohort["id"], "status": "accepted"}
        accepted = [each["id"] async for each in pages(officer, path, about="chaos", **who)]
        if len(accepted) > cohort["seats"]:
            yield Finding("doubled", f"the API shows {accepted} in the {cohort['seats']} seats of {cohort['id']}")
