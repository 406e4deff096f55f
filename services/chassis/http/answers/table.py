"""A table for people: as CSV for a spreadsheet, and as a page that prints well."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import ClassVar

from services.chassis.http.answers.answer import CSP, Answer, Html
from services.chassis.http.answers.csv_table import Cell, csv_line, text_of
from services.chassis.http.view import FOR_ITS_CALLER

STYLE = """
body { font: 14px/1.5 system-ui, "Noto Sans CJK SC", sans-serif; margin: 2rem auto; max-width: 60rem; color: #111; }
h1 { font-size: 1.4rem; } dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; } dd { margin: 0; }
table { border-collapse: collapse; width: 100%; } th, td { padding: .25rem .5rem; border-bottom: 1px solid #ccc; }
th { text-align: left; } .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
tfoot td { font-weight: bold; border-top: 2px solid #111; }
@media print { body { margin: 0; max-width: none; font-size: 11px; } thead { display: table-header-group; }
  tr { break-inside: avoid; } @page { size: A4; margin: 15mm; } }
"""
STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()


@dataclass(frozen=True)
class Table:
    """What a table shows.

    Attributes:
        title: of the page.
        facts: what is true of the whole: label, value.
        columns: their headings.
        rows: one cell a column.
        totals: a last row; empty for none.
    """

    title: str
    facts: Sequence[tuple[str, str]]
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    totals: Sequence[Cell] = ()

    def as_csv(self) -> bytes:
        """Columns, rows and totals (RFC 4180)."""
        last = [self.totals] if self.totals else []
        return b"".join(map(csv_line, [self.columns, *self.rows, *last]))

    def as_page(self) -> bytes:
        """A whole page of HTML."""
        facts = "".join(f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>" for label, value in self.facts)
        head = "".join(f'<th scope="col">{escape(column)}</th>' for column in self.columns)
        body = "".join(_row(row) for row in self.rows)
        foot = f"<tfoot>{_row(self.totals)}</tfoot>" if self.totals else ""
        title = escape(self.title)
        return (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
            f"<style>{STYLE}</style></head><body><h1>{title}</h1><dl>{facts}</dl>"
            f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody>{foot}</table></body></html>"
        ).encode()


class TableCsv(Answer):
    """A table for a spreadsheet."""

    media_type = "text/csv"
    always: ClassVar = FOR_ITS_CALLER

    def render(self, content: Table) -> bytes:
        return content.as_csv()


class TablePage(Html):
    """A page with a table, to be read and printed: no script, nothing loaded, one style that is known by its hash."""

    always: ClassVar = FOR_ITS_CALLER | {
        CSP: f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'; sandbox"
    }

    def render(self, content: Table) -> bytes:
        return content.as_page()


def _row(cells: Sequence[Cell]) -> str:
    return f"<tr>{''.join(map(_cell, cells))}</tr>"


def _cell(cell: Cell) -> str:
    is_number = isinstance(cell, int | float | Decimal) and not isinstance(cell, bool)
    kind = ' class="number"' if is_number else ""
    return f"<td{kind}>{escape(text_of(cell))}</td>"
