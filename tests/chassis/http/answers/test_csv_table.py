"""A table that any reader of RFC 4180 reads back, and that no spreadsheet evaluates."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.http.answers.csv_table import Cell, csv_line


@pytest.mark.parametrize(
    ("cells", "line"),
    [
        (["a", "b c", ""], b"a,b c,\r\n"),
        (["a,b", 'say "x"', "two\nlines", "cr\rhere"], b'"a,b","say ""x""","two\nlines","cr\rhere"\r\n'),
        ([1, -1, Decimal("-1.50"), 1.5, True, False, None], b"1,-1,-1.50,1.5,true,false,\r\n"),
        ([date(2026, 3, 2), datetime(2026, 3, 2, 4, tzinfo=UTC)], b"2026-03-02,2026-03-02T04:00:00.000Z\r\n"),
        (["读数", " =x"], "读数, =x\r\n".encode()),
        (["=1+1", "+x", "-x", "@x", "\tx"], b"'=1+1,'+x,'-x,'@x,'\tx\r\n"),
        (["\rx", "\n=x", '=HYPERLINK("x,y")'], b'"\'\rx","\'\n=x","\'=HYPERLINK(""x,y"")"\r\n'),
        (["＝1", "＠x"], "'＝1,'＠x\r\n".encode()),
        (["-1", "+2.50", "-1e5", "-", "+-1", "-１"], "-1,+2.50,-1e5,'-,'+-1,'-１\r\n".encode()),
    ],
)
def test_a_row_is_written_as_rfc_4180_has_it_and_is_no_formula(cells: list[Cell], line: bytes) -> None:
    assert csv_line(cells) == line


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=3), max_size=4))
def test_what_is_written_is_what_is_read_but_for_the_apostrophe(rows: list[list[str]]) -> None:
    text = b"".join(map(csv_line, rows)).decode()
    read = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert [[cell.removeprefix("'") for cell in row] for row in read] == [
        [cell.removeprefix("'") for cell in row] for row in rows
    ]
