"""An import of readings: a file of them, and what became of each row."""

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from typing import ClassVar, Self

from pydantic import Field

from services.chassis.domain.aggregate import Aggregate, Row
from services.chassis.domain.caller import Caller
from services.chassis.domain.ids import new_id
from services.chassis.domain.ownership import owned_by, part_of
from services.chassis.domain.part import Part
from services.contracts.incubator.meters import ReadingSource


class OutcomeStatus(StrEnum):
    """What became of a row."""

    RECORDED = "recorded"
    """It is a reading that counts."""
    UNDER_REVIEW = "under_review"
    """It is a reading that somebody looks at before it counts."""
    REPEATED = "repeated"
    """The reading was there already."""
    REFUSED = "refused"
    """It is none, for the reasons that are listed."""


class RowRefusal(Part):
    """Why a row was refused."""

    column: str | None
    """The column; null where it is the row as a whole."""
    code: str
    """What it is: stable, for programs."""
    detail: str
    """The same in a sentence."""


class ReadingImport(Aggregate):
    """An import of readings from a file: every row is taken or refused by itself.

    Attributes:
        job_id: the job that does it.
        source: where the readings come from: the zone's officials, or a business.
        for_partner: whose meters it may name; None where it is an official's.
        outcomes: how many rows became what.
    """

    collection: ClassVar[str] = "reading_imports"
    shown_to: ClassVar = owned_by("partner_id")
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = ((("partner_id", 1), ("_id", 1)),)
    validator: ClassVar = {"$jsonSchema": {"required": ["upload_id", "job_id", "partner_id", "source", "outcomes"]}}

    upload_id: str
    job_id: str
    partner_id: str
    source: ReadingSource
    for_partner: str | None
    outcomes: dict[str, int] = Field(default={})

    @classmethod
    def order(cls, *, by: Caller, upload_id: str) -> Self:
        """An import that a job will do, which is named once it is queued."""
        return cls(
            id=new_id("rim"),
            upload_id=upload_id,
            job_id="",
            partner_id=by.partner_id,
            source=ReadingSource.ACTUAL if by.is_official else ReadingSource.CUSTOMER,
            for_partner=None if by.is_official else by.partner_id,
        )

    def count(self, outcomes: Sequence["ReadingOutcome"]) -> None:
        """Some more rows are done."""
        self.outcomes = dict(Counter(self.outcomes) + Counter(each.status.value for each in outcomes))


class ReadingOutcome(Row):
    """What became of one row of a file of readings.

    Attributes:
        row: its number in the file; the row of column names is 1.
        reading_id: what it is now; None where it was refused.
    """

    collection: ClassVar[str] = "reading_outcomes"
    shown_to: ClassVar = part_of(ReadingImport, by="import_id")
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = ((("import_id", 1), ("_id", 1)),)
    validator: ClassVar = {
        "$jsonSchema": {
            "required": ["import_id", "row", "status", "reading_id", "reasons"],
            "properties": {"status": {"enum": [status.value for status in OutcomeStatus]}},
        }
    }

    import_id: str
    row: int
    status: OutcomeStatus
    reading_id: str | None = None
    reasons: list[RowRefusal] = Field(default=[])

    @classmethod
    def of(
        cls,
        import_id: str,
        row: int,
        status: OutcomeStatus,
        *,
        reading_id: str | None = None,
        reasons: Sequence[RowRefusal] = (),
    ) -> Self:
        return cls(
            id=f"{import_id}:{row:06d}",
            import_id=import_id,
            row=row,
            status=status,
            reading_id=reading_id,
            reasons=list(reasons),
        )
