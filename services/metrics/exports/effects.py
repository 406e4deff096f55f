"""What makes an export: rows into the bytes of a file, and the file into the store."""

import io
from collections.abc import AsyncIterator, Sequence
from importlib.util import find_spec
from typing import Final

from services.chassis.consuming.positions import Through
from services.chassis.domain.caller import Caller
from services.chassis.domain.errors import Unprocessable
from services.chassis.domain.ids import new_id
from services.chassis.http.answers.csv_table import csv_line
from services.chassis.store.files import Files
from services.chassis.store.unit_of_work import Tx
from services.chassis.store.upload import Upload
from services.metrics.exports.bodies import MakeExport
from services.metrics.exports.export import Export, ExportFormat, Reached
from services.metrics.exports.rows import COLUMNS, ExportRow

LARGEST: Final = 64 * 2**20


def require(format: ExportFormat) -> None:
    """Let a format pass that can be written here.

    Raises:
        Unprocessable: `parquet_unavailable`, the optional library is not installed.
    """
    if format is ExportFormat.PARQUET and find_spec("pyarrow") is None:
        place = {"pointer": "/format", "code": "parquet_unavailable", "detail": "Parquet cannot be written here."}
        raise Unprocessable("Parquet cannot be written here.", errors=[place])


async def keep(
    rows: Sequence[ExportRow], through: Through, body: MakeExport, *, by: Caller, tx: Tx, files: Files
) -> Export:
    """Write rows as a file, and the export that has it. Where this is not committed, the file is swept."""
    content = csv_of(rows) if body.format is ExportFormat.CSV else parquet_of(rows)
    id = new_id("exp")
    file_name = f"{id}.{body.format}"

    async def once() -> AsyncIterator[bytes]:
        yield content

    file = await files.write(once(), media_type=body.format.media_type, file_name=file_name, at_most=LARGEST)
    upload = Upload.of(file, by=by, at=tx.now)
    upload.use(id)
    tx.save(upload)
    return tx.save(
        Export(
            id=id,
            format=body.format,
            by=body.by,
            granularity=body.granularity,
            first=body.first,
            last=body.last,
            kpis=[kpi.id for kpi in body.figures()],
            rows=len(rows),
            upload_id=file.id,
            sha256=file.sha256,
            length=file.length,
            through=[
                Reached(topic=topic, partition=partition, offset=offset)
                for topic, offsets in through.items()
                for partition, offset in offsets.items()
            ],
            client_id=by.client_id,
            made_at=tx.now,
        )
    )


def csv_of(rows: Sequence[ExportRow]) -> bytes:
    """Rows as the house writes CSV: no cell is a formula, and numbers are left alone."""
    return csv_line(COLUMNS) + b"".join(csv_line(row) for row in rows)


def parquet_of(rows: Sequence[ExportRow]) -> bytes:
    """Rows as Parquet: whole numbers of 64 bits, days as date32."""
    import pyarrow
    import pyarrow.parquet

    whole, day, text = pyarrow.int64(), pyarrow.date32(), pyarrow.string()
    types = {"first_day": day, "last_day": day, "complete": pyarrow.bool_()}
    types |= dict.fromkeys(("value", "decimals", "n", "numerator", "denominator", "definition_version"), whole)
    schema = pyarrow.schema([(name, types.get(name, text)) for name in COLUMNS])
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in COLUMNS]
    table = pyarrow.Table.from_arrays(
        [pyarrow.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema
    )
    file = io.BytesIO()
    pyarrow.parquet.write_table(table, file)
    return file.getvalue()
