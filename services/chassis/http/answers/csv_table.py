"""CSV as it leaves the zone: RFC 4180 in UTF-8, and nothing in it that a spreadsheet would take for a formula."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from services.chassis.domain.times import rfc3339

Cell = str | int | float | Decimal | bool | date | None
"""None is an empty cell; an instant is written as everywhere, a day as `2026-03-02`."""

QUOTED = re.compile('[",\r\n]')
FORMULA = re.compile("[=+\\-@\t\r\n＝＋－＠]")
"""With what a cell begins that a spreadsheet may evaluate (OWASP, CSV Injection), full width too."""
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)


def csv_line(cells: Sequence[Cell]) -> bytes:
    """One row with its end, CRLF."""
    return (",".join(map(_written, cells)) + "\r\n").encode()


def _written(cell: Cell) -> str:
    """A cell: text that would be a formula begins with an apostrophe, which a spreadsheet does not show."""
    text = text_of(cell)
    if isinstance(cell, str) and FORMULA.match(text) and not NUMBER.fullmatch(text):
        text = f"'{text}"
    return '"' + text.replace('"', '""') + '"' if QUOTED.search(text) else text


def text_of(cell: Cell) -> str:
    """A cell as people read it; nothing for None."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case datetime():
            return rfc3339(cell)
        case date():
            return cell.isoformat()
        case _:
            return str(cell)
