"""An export: figures of some periods as a file, made once."""

from enum import StrEnum
from typing import Annotated, ClassVar

from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.ids import id_of
from services.chassis.domain.ownership import OF_ITS_STAFF
from services.chassis.domain.part import Part
from services.chassis.domain.times import Instant
from services.metrics.figures.kpi import Granularity

ExportId = Annotated[str, id_of("exp")]


class ExportFormat(StrEnum):
    """The format of a file."""

    CSV = "csv"
    """RFC 4180 in UTF-8, with a row of column names."""
    PARQUET = "parquet"
    """Apache Parquet: integers of 64 bits, and days as date32."""

    @property
    def media_type(self) -> str:
        """As it is registered with IANA."""
        return "text/csv" if self is ExportFormat.CSV else "application/vnd.apache.parquet"


class Reached(Part):
    """How far a partition was in the figures."""

    topic: str
    partition: str
    offset: int


class Export(Aggregate):
    """Figures of some periods as a file. It shows every cell as it is, so that it is for those who work for the zone.

    Attributes:
        kpis: which, in their order.
        by: the dimension by whose values they are broken down; None for totals.
        first, last: periods; `last` is None where it was the day on which it was made.
        rows: how many, without the column names.
        upload_id: of the file.
        through: how far the figures were computed; topics have dots, which are no names of fields.
    """

    collection: ClassVar[str] = "exports"
    shown_to: ClassVar = OF_ITS_STAFF
    validator: ClassVar = {
        "$jsonSchema": {
            "required": ["format", "kpis", "first", "granularity", "rows", "upload_id", "sha256", "length", "made_at"],
            "properties": {
                "format": {"enum": [each.value for each in ExportFormat]},
                "made_at": {"bsonType": "date"},
            },
        }
    }

    id: ExportId
    format: ExportFormat
    kpis: list[str]
    by: str | None
    first: str
    last: str | None
    granularity: Granularity
    rows: int
    upload_id: str
    sha256: str
    length: int
    through: list[Reached]
    client_id: str
    made_at: Instant

    @property
    def computed_through(self) -> dict[str, dict[str, int]]:
        """The same as answers have it: topic → partition → offset."""
        found: dict[str, dict[str, int]] = {}
        for each in self.through:
            found.setdefault(each.topic, {})[each.partition] = each.offset
        return found

    @property
    def file_name(self) -> str:
        """Under which a browser saves its file."""
        return f"{self.id}.{self.format}"
