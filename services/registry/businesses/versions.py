"""The history of an entry: one row for each filing that took effect, from which the register of any moment is read."""

from datetime import datetime
from typing import ClassVar, Self

from services.chassis.domain.aggregate import Row
from services.chassis.domain.ownership import part_of
from services.chassis.domain.times import Instant
from services.contracts.registry.businesses import BusinessId
from services.contracts.registry.filings import FilingId
from services.registry.businesses.business import Business
from services.registry.businesses.entry.contacts import Contacts
from services.registry.businesses.record import Entry

OF_EVERY_CHANGE = frozenset({"updated_at"})


class BusinessVersion(Row):
    """A business as it was from one change to the next; the next row says until when.

    It is written once; its contacts alone are blanked one day.

    Attributes:
        valid_from: since when the register says this; a version holds for `[valid_from, valid_from of the next)`.
        filing_id: of the filing that made it.
        changed_fields: of the entry, in alphabetical order; none by a report for an earlier year than the latest.
        snapshot: the whole business.
    """

    collection: ClassVar[str] = "business_versions"
    shown_to: ClassVar = part_of(Business, by="business_id")
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = (
        (("business_id", 1), ("version", 1)),
        (("business_id", 1), ("valid_from", 1), ("version", 1)),
    )

    business_id: BusinessId
    version: int
    valid_from: Instant
    filing_id: FilingId
    changed_fields: list[str]
    snapshot: Business

    @classmethod
    def of(cls, before: Business | None, after: Business, *, filing_id: str) -> Self:
        """The row of a change, made when the business has been saved and its version is known."""
        return cls(
            id=f"{after.id}:{after.version:010d}",
            business_id=after.id,
            version=after.version,
            valid_from=after.updated_at,
            filing_id=filing_id,
            changed_fields=changed_fields(before, after),
            # The hash is that of the events before this change; the business itself keeps the chain.
            snapshot=after.model_copy(update={"last_hash": ""}),
        )

    def without_contacts(self, *, at: datetime) -> Self:
        """The same, but that nobody is reached by it."""
        blanked = {"contacts": Contacts(), "contacts_blanked_at": at}
        return self.model_copy(update={"snapshot": self.snapshot.model_copy(update=blanked)})


def changed_fields(before: Business | None, after: Business) -> list[str]:
    """The fields of an entry that differ; of a new one, those that are filled."""
    names = Entry.model_fields.keys() - OF_EVERY_CHANGE
    if before is None:
        return sorted(name for name in names if getattr(after, name) not in (None, []))
    return sorted(name for name in names if getattr(before, name) != getattr(after, name))
