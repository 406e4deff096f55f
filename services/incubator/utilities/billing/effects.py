"""Billing one utility of one site for one month: all of its service points and its common consumption in one commit.

It may run again, and twice at once: a bill has the id of its service point and month, so that of two that are made at
once one is refused and finds the other.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from typing import Final

from services.chassis.domain.violations import Violated
from services.chassis.store.unit_of_work import Tx
from services.contracts.incubator.meters import PointRole, ReadingStatus
from services.contracts.incubator.tariffs import Utility
from services.incubator.kernel.local_time import A_DAY
from services.incubator.kernel.period import Days, Period
from services.incubator.kernel.quantity import Quantity
from services.incubator.sites.site import Site
from services.incubator.utilities.billing import drafting
from services.incubator.utilities.billing.common_consumption import CommonConsumption, common_id, divide
from services.incubator.utilities.billing.curve import Boundary, Curve, Estimate, Mark
from services.incubator.utilities.billing.drafting import Known, Taken, Unbilled
from services.incubator.utilities.billing.queries import curve_of, known_of, points_of
from services.incubator.utilities.billing.run import Note
from services.incubator.utilities.billing.utility_bill import BillStatus, Measured, UtilityBill
from services.incubator.utilities.metering.effects import estimate
from services.incubator.utilities.metering.reading import Reading
from services.incubator.utilities.metering.service_point import ServicePoint
from services.incubator.utilities.tariffs.tariff import UNITS, Tariff

GRACE: Final = timedelta(days=10)
"""For how long a draft is made anew as readings come; then it is final."""
NOWHERE: Final[tuple[None, None]] = (None, None)
"""Between which boundaries a main meter was read in a month that was not billed yet."""


@dataclass
class SiteBilling:
    """One utility of one site in one month, and what became of it.

    Attributes:
        made: bills that were made, or made anew with another result.
    """

    site: Site
    utility: Utility
    period: Period
    tx: Tx
    made: list[UtilityBill] = field(default_factory=list)
    problems: list[Note] = field(default_factory=list)
    warnings: list[Note] = field(default_factory=list)

    async def run(self) -> None:
        """Bill what can be billed, and note what cannot."""
        points = await points_of(self.site.id, self.utility, PointRole.SUPPLY, self.period, self.tx)
        known = await known_of(points, self.period, self.tx)
        at_place = defaultdict[str, list[ServicePoint]](list)
        for point in points:
            at_place[point.place].append(point)
        tariffs = await self._tariffs(known)
        taken = {each.point.id: found for each in known if (found := self._taken(each))}
        try:
            shares = await self._shares(known, taken)
        except Unbilled as stopped:
            self._note(stopped)
            return
        for each in known:
            try:
                share = shares.get(each.point.id, Fraction())
                await self._draft(each, taken.get(each.point.id), share, at_place[each.point.place], tariffs)
            except (Unbilled, Violated) as stopped:
                self._note(stopped, each.point)

    def _taken(self, known: Known) -> Taken | None:
        """What a service point took; None where it was not held, cannot be billed, or was billed for good."""
        days = self.period.days.held(known.point.opened_on, known.point.closed_on)
        if days is None or not known.is_open(days):
            return None
        try:
            return drafting.take(known, days)
        except Unbilled as stopped:
            self._note(stopped, known.point)
            return None

    async def _draft(
        self,
        known: Known,
        taken: Taken | None,
        share: Fraction,
        beside: list[ServicePoint],
        tariffs: Mapping[str, Tariff],
    ) -> None:
        point, bill = known.point, known.bill
        held = self.period.days.held(point.opened_on, point.closed_on)
        corrections = list(drafting.corrections(known, tariffs))
        if bill is not None and bill.status is BillStatus.FINALISED:
            return
        if taken is None and (held is not None or not (corrections or bill)):
            return  # not billed, as was noted, or nothing to say of it any more
        assert point.tariff_id is not None
        tariff = tariffs[point.tariff_id]
        version = bill.tariff_version if bill else tariff.version_on(self.period.days.first)
        if version is None:
            raise Unbilled("no_tariff_yet", "No version of its tariff holds in that month.")
        terms = tariff.terms(version)
        if bill is None:
            bill = UtilityBill.begin(
                point,
                self.period.text,
                tariff_id=tariff.id,
                tariff_version=version,
                currency=terms.currency,
                finalises_at=self.tx.now + GRACE,
            )
        changed = bill.draft(
            terms,
            days=taken and taken.days,
            measured=taken and await self._measured(known, taken, share),
            standing=drafting.by_days(terms.standing_per_month.amount, point, beside, self.period) if taken else 0,
            minimum=drafting.by_days(terms.least, point, beside, self.period) if taken else 0,
            corrections=corrections,
        )
        if changed:
            self.made.append(self.tx.save(bill))
        if taken and point.billed_through != max(taken.days.last, point.billed_through or taken.days.last):
            point.bill_through(taken.days.last)
            self.tx.save(point)

    async def _measured(self, known: Known, taken: Taken, share: Fraction) -> Measured:
        before = known.bill.measured.end if known.bill and known.bill.measured else None
        end = await self._boundary(known.point, known.curve, taken.end, before)
        unit = UNITS[self.utility]
        return Measured(start=taken.start, end=end, own=Quantity.of(taken.own, unit), common=Quantity.of(share, unit))

    async def _boundary(
        self, point: ServicePoint, curve: Curve, end: Mark | Estimate, before: Boundary | None
    ) -> Boundary:
        """Where a month ends; an estimate is a reading of its own, and one that is not needed any more gives way."""
        reading_id = ""
        if isinstance(end, Estimate):
            if before and drafting.boundary_of(curve, end, before.reading_id) == before:
                return before
            segment = end.segment
            reading_id = (await estimate(point, segment.meter_id, segment.installation, end.look, self.tx)).id
        found = drafting.boundary_of(curve, end, reading_id)
        if before and before.estimated and before.reading_id != found.reading_id:
            old = await self.tx.get(Reading, before.reading_id)
            if old.status is ReadingStatus.ACCEPTED:
                old.give_way(found.reading_id)
                self.tx.save(old)
        return found

    # common consumption

    async def _shares(self, known: list[Known], taken: Mapping[str, Taken]) -> Mapping[str, Fraction]:
        """Service point → its share of common consumption.

        Raises:
            Unbilled: `submeters_exceed_main`, `common_consumption_unknown`; or why the main meter cannot be billed.
        """
        id = common_id(self.site.id, self.utility, self.period.text)
        before = await self.tx.find(CommonConsumption, id)
        if before is not None and any(each.is_settled(self.period.days) for each in known):
            return {key: share.exact for key, share in before.shares.items()}
        mains = await points_of(self.site.id, self.utility, PointRole.MAIN, self.period, self.tx)
        held = {each.id: self.period.days.held(each.opened_on, each.closed_on) for each in mains}
        mains = [each for each in mains if held[each.id]]
        if not mains:
            return {}
        if any(note.service_point_id for note in self.problems):
            detail = "A sub-meter of the site has no consumption to subtract, so that nothing of it can be divided."
            raise Unbilled("common_consumption_unknown", detail)
        total, boundaries = Fraction(), {}
        for point in mains:
            main, boundaries[point.id] = await self._main(point, held[point.id] or self.period.days, before)
            total += main
        submeters = sum((_own(each, taken) for each in known), Fraction())
        weights = {
            each.point.id: each.point.area_hundredths * taken[each.point.id].days.number
            for each in known
            if each.point.id in taken
        }
        divided = divide(total, submeters, weights, tolerance_bps=self.site.common_tolerance_bps)
        found = CommonConsumption.of(
            self.site.id,
            self.utility,
            self.period.text,
            main=total,
            submeters=submeters,
            divided=divided,
            mains=boundaries,
        )
        if before is None:
            self.tx.save(found)
        elif before.replace(found):
            self.tx.save(before)
        if divided.exceeded:
            detail = "The sub-meters show a little more than the main meter: nothing is common."
            self.warnings.append(self._noted("submeters_exceed_main", detail))
        return divided.shares

    async def _main(
        self, point: ServicePoint, days: Days, before: CommonConsumption | None
    ) -> tuple[Fraction, tuple[Boundary, Boundary]]:
        curve = await curve_of(point, self.period, self.tx)
        if not curve.marks:
            raise Unbilled("no_meter", "The main meter was never read.")
        month_before = Period.of((self.period.days.first - A_DAY).isoformat()[:7])
        id = common_id(self.site.id, self.utility, month_before.text)
        last = await self.tx.find(CommonConsumption, id)
        billed = before.mains.get(point.id, NOWHERE) if before else NOWHERE
        if last and point.id in last.mains:
            start = last.mains[point.id][1]
        else:  # what it showed before is no part of this month
            found = curve.look_near(days.starts_at) or curve.estimate(days.starts_at) or curve.marks[0]
            start = await self._boundary(point, curve, found, billed[0])
        taken = drafting.measure(curve, start, days)
        return taken.own, (start, await self._boundary(point, curve, taken.end, billed[1]))

    async def _tariffs(self, known: list[Known]) -> Mapping[str, Tariff]:
        named = {each.point.tariff_id for each in known} | {bill.tariff_id for each in known for bill in each.earlier}
        ids = sorted(id for id in named if id)
        await self.tx.load(Tariff, ids)
        return {id: await self.tx.get(Tariff, id) for id in ids}

    def _note(self, stopped: Unbilled | Violated, point: ServicePoint | None = None) -> None:
        detail = stopped.detail
        self.problems.append(self._noted(stopped.code, detail, point.id if point else None))

    def _noted(self, code: str, detail: str, point_id: str | None = None) -> Note:
        return Note(code=code, detail=detail, site_id=self.site.id, utility=self.utility, service_point_id=point_id)


def _own(known: Known, taken: Mapping[str, Taken]) -> Fraction:
    """What a service point took: as it is billed now, or as it was billed for good."""
    if known.point.id in taken:
        return taken[known.point.id].own
    return known.bill.measured.own.exact if known.bill and known.bill.measured else Fraction()


async def bill_site(site: Site, utility: Utility, period: Period, tx: Tx) -> SiteBilling:
    """Bill one utility of one site for one month, in this unit of work."""
    billing = SiteBilling(site, utility, period, tx)
    await billing.run()
    return billing
