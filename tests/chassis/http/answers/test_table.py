"""A table for people: a spreadsheet evaluates nothing of it, a page runs nothing and prints."""

import base64
import hashlib
import re
from datetime import date
from decimal import Decimal

from services.chassis.http.answers.table import Table, TableCsv, TablePage

TABLE = Table(
    "Sheet <1>",
    [("Owner", "A & B")],
    ("Name", "On", "Amount"),
    [("=1+1", date(2026, 3, 2), Decimal("-1.50")), ("<script>alert(1)</script>", None, 7)],
    ("Total", None, Decimal("5.50")),
)


def test_r6_a_text_that_a_spreadsheet_would_evaluate_is_a_text_and_a_negative_number_a_number() -> None:
    assert TableCsv(TABLE).body == (
        b"Name,On,Amount\r\n'=1+1,2026-03-02,-1.50\r\n<script>alert(1)</script>,,7\r\nTotal,,5.50\r\n"
    )


def test_a_page_shows_texts_as_they_are_and_numbers_on_the_right() -> None:
    page = bytes(TablePage(TABLE).body).decode()
    assert "<h1>Sheet &lt;1&gt;</h1><dl><dt>Owner</dt><dd>A &amp; B</dd></dl>" in page
    assert "<td>&lt;script&gt;alert(1)&lt;/script&gt;</td><td></td>" in page
    assert '<td>=1+1</td><td>2026-03-02</td><td class="number">-1.50</td>' in page
    assert "<tfoot><tr><td>Total</td>" in page


def test_a_page_allows_its_own_style_by_its_hash_and_nothing_else() -> None:
    answer = TablePage(TABLE)
    (style,) = re.findall(r"<style>(.*?)</style>", bytes(answer.body).decode(), re.DOTALL)
    known = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = answer.headers["content-security-policy"]
    assert f"default-src 'none'; style-src 'sha256-{known}'; " in policy
    assert "unsafe" not in policy
    assert "@media print" in style
    assert answer.headers["cache-control"] == "private, no-cache"
