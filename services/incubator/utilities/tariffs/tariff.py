"""A tariff: what water or electricity costs, in versions that each begin with a month."""

from datetime import date
from typing import ClassVar, Final, Self

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.errors import Conflict
from services.chassis.domain.ids import new_id
from services.chassis.domain.ownership import PUBLIC
from services.chassis.domain.violations import Violation, refuse
from services.contracts.incubator.tariffs import TariffPublished, Utility
from services.incubator.kernel.quantity import CURRENCY, Unit
from services.incubator.utilities.tariffs.terms import TariffTerms

UNITS: Final = {Utility.WATER: Unit.CUBIC_METRE, Utility.ELECTRICITY: Unit.KILOWATT_HOUR}
"""In what each utility is measured and priced."""
MOST_VERSIONS: Final = 200


class Tariff(Aggregate):
    """A tariff: what water or electricity costs. A version is never changed: a later one takes its place.

    Attributes:
        versions: by the day on which they begin, the first one first; version 1 is the first.
    """

    collection: ClassVar[str] = "tariffs"
    shown_to: ClassVar = PUBLIC
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = ((("utility", 1), ("_id", 1)),)
    validator: ClassVar = {
        "$jsonSchema": {
            "required": ["name", "utility", "versions"],
            "properties": {
                "utility": {"enum": [utility.value for utility in Utility]},
                "versions": {"bsonType": "array"},
            },
        }
    }

    name: str
    utility: Utility
    versions: list[TariffTerms]

    @classmethod
    def publish(cls, *, name: str, utility: Utility, terms: TariffTerms) -> Self:
        """A new tariff with its first version, which may have begun long ago.

        Raises:
            Unprocessable: `unit_mismatch`, `currency_mismatch`. Conflict: `tariff_mid_period`.
        """
        tariff = cls(id=new_id("trf"), name=name, utility=utility, versions=[])
        tariff._take(terms)
        return tariff

    def add_version(self, terms: TariffTerms, *, today: date) -> None:
        """What it says from a month to come on; so no bill that was made can have missed it.

        Raises:
            Unprocessable: `unit_mismatch`, `currency_mismatch`, `in_the_past`, `not_after_the_last_version`.
            Conflict: `tariff_mid_period`, `too_many_versions`.
        """
        last = self.versions[-1]
        if terms.effective_from <= last.effective_from:
            detail = "A version begins after those that are there."
            refuse(Violation("not_after_the_last_version", detail, ("effective_from",)))
        if terms.effective_from <= today:
            refuse(Violation("in_the_past", "A version begins with a month to come.", ("effective_from",)))
        if len(self.versions) >= MOST_VERSIONS:
            raise Conflict("Publish another tariff: this one has all the versions it can.", code="too_many_versions")
        self._take(terms)

    def version_on(self, day: date) -> int | None:
        """The number of the version that holds on a day; None before the first."""
        begun = sum(1 for each in self.versions if each.effective_from <= day)
        return begun or None

    def terms(self, version: int) -> TariffTerms:
        """What a version says."""
        return self.versions[version - 1]

    def _take(self, terms: TariffTerms) -> None:
        if terms.unit is not UNITS[self.utility]:
            detail = f"{self.utility.value.capitalize()} is priced by {UNITS[self.utility].value}."
            refuse(Violation("unit_mismatch", detail, ("tiers",)))
        if terms.currency != CURRENCY:
            refuse(Violation("currency_mismatch", "Tariffs are in the currency of the zone's invoices.", ("tiers",)))
        if terms.effective_from.day != 1:
            raise Conflict("A version of a tariff begins with a month.", code="tariff_mid_period")
        self.versions = [*self.versions, terms]
        self.record(
            TariffPublished(
                tariff_id=self.id,
                utility=self.utility,
                version=len(self.versions),
                effective_from=terms.effective_from,
            )
        )
