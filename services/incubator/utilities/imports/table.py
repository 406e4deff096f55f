"""A table of readings as CSV (RFC 4180): one reading a row, under a row that names the columns."""

import csv
import io
from collections.abc import Mapping
from typing import Final, NamedTuple

from services.chassis.domain.errors import Unprocessable

NEEDED: Final = frozenset({"serial", "utility", "at", "value"})
ALLOWED: Final = NEEDED | {"rollover"}
MOST_ROWS: Final = 5_000


class TableRow(NamedTuple):
    """One row: its number in the file, the row of column names being 1, and what stands in its columns."""

    number: int
    cells: Mapping[str, str | None]


def rows_of(content: bytes) -> list[TableRow]:
    """The rows of a file, those that are blank left out. A row with too few cells lacks the last ones.

    Raises:
        Unprocessable: `table_invalid`, it cannot be read as such a table; `too_many_rows`.
    """
    try:
        reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        lines = list(reader)
    except UnicodeDecodeError as error:
        raise Unprocessable("The file is not UTF-8.", code="table_invalid") from error
    except csv.Error as error:
        raise Unprocessable(f"The file is not CSV: {error}.", code="table_invalid") from error
    columns = [name.strip().lower() for name in lines[0]] if lines else []
    if len(set(columns)) < len(columns) or not NEEDED <= set(columns) <= ALLOWED:
        wanted = ", ".join(sorted(NEEDED))
        detail = f"The first row names the columns {wanted} and, where dials roll over, rollover, each once."
        raise Unprocessable(detail, code="table_invalid")
    rows = [(number, line) for number, line in enumerate(lines[1:], start=2) if any(cell.strip() for cell in line)]
    if len(rows) > MOST_ROWS:
        raise Unprocessable(f"A file has at most {MOST_ROWS} readings: split it.", code="too_many_rows")
    too_wide = next((number for number, line in rows if len(line) > len(columns)), None)
    if too_wide is not None:
        raise Unprocessable(f"Row {too_wide} has more cells than there are columns.", code="table_invalid")
    return [
        TableRow(number, dict(zip(columns, (cell.strip() for cell in line), strict=False))) for number, line in rows
    ]
