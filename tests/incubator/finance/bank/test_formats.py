"""What files of banks say, in each format; and what is refused, with its place."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.domain.errors import Unprocessable
from services.incubator.finance.bank.formats import reading
from services.incubator.finance.bank.formats.reading import HowToRead, StatementFormat, read
from services.incubator.finance.bank.formats.said import SaidLine, SaidStatement
from services.incubator.finance.bank.profile import (
    Columns,
    CsvProfile,
    DateOrder,
    Encoding,
    RowOrder,
    ThousandsSeparator,
)
from tests.incubator.finance.bank.files import (
    ACCOUNT,
    PROFILE,
    camt,
    camt_balance,
    camt_document,
    camt_entry,
    line,
    mt940,
    ofx,
    table,
)

CAMT, MT940, OFX, CSV = StatementFormat
COMMA = CsvProfile(
    name="Comma",
    delimiter=";",
    decimal=",",
    group=ThousandsSeparator.POINT,
    dates=DateOrder.DAY_MONTH_YEAR,
    columns=Columns(booked_on="Tag", amount="Betrag"),
)


def one(content: bytes, format: StatementFormat, **how: Any) -> SaidStatement:
    """The only statement of a file."""
    (found,) = read(content, HowToRead(format, "CNY", profile=how.pop("profile", PROFILE), **how))
    return found


def refused(content: bytes, format: StatementFormat, **how: Any) -> Unprocessable:
    with pytest.raises(Unprocessable) as refusal:
        one(content, format, **how)
    return refusal.value


AMOUNTS = st.integers(-(10**9), 10**9).filter(bool)
LINES = st.lists(st.builds(line, AMOUNTS, st.integers(1, 28), st.just("R1"), st.just("rent")), min_size=1, max_size=8)


@given(LINES, st.integers(-(10**9), 10**9))
def test_every_format_says_the_same_lines_and_is_judged_by_its_balances(lines: list[SaidLine], opening: int) -> None:
    ends = opening + sum(each.amount for each in lines)
    files = {
        CAMT: (camt(lines, opening), {}),
        MT940: (mt940(lines, opening), {}),
        OFX: (ofx(lines, ends), {"opening": opening}),
        CSV: (table(lines, opening), {}),
    }
    for format, (content, how) in files.items():
        found = one(content, format, **how)
        said = [(each.booked_on, each.amount, each.reference, each.text) for each in found.lines]
        assert said == [(each.booked_on, each.amount, "R1", "rent") for each in lines]
        assert found.opening is not None
        assert found.closing is not None
        assert (found.opening.amount, found.closing.amount) == (opening, ends)


@pytest.mark.parametrize("format", [CAMT, MT940])
def test_f8_a_statement_that_does_not_add_up_is_refused_with_the_difference(format: StatementFormat) -> None:
    write = camt if format is CAMT else mt940
    refusal = refused(write([line(100), line(-30)], 1_000, closing=1_071), format)
    assert (refusal.reason, refusal.members) == ("statement_does_not_balance", {"statement": 1, "difference": 1})


def test_f8_a_table_is_judged_row_by_row() -> None:
    refusal = refused(table([line(100), line(200)]).replace(b"3.00", b"3.50"), CSV)
    assert (refusal.reason, refusal.members) == ("statement_does_not_balance", {"row": 3, "difference": 50})


def test_f8_what_has_no_opening_balance_is_given_one_or_refused() -> None:
    assert refused(ofx([line(100)], 500), OFX).reason == "balance_missing"
    assert one(ofx([line(100)], 500), OFX, opening=400).turnover == 100
    assert refused(ofx([line(100)], 500), OFX, opening=399).members == {"statement": 1, "difference": 1}


def test_f8_a_balance_that_is_given_must_be_that_of_the_file() -> None:
    assert one(camt([line(100)], 5), CAMT, opening=5, closing=105).turnover == 100
    assert refused(camt([line(100)], 5), CAMT, opening=6).reason == "statement_does_not_balance"


@pytest.mark.parametrize(
    ("content", "format"),
    [(camt_document(""), CAMT), (b"\r\n", MT940), (b"<OFX></OFX>", OFX), (b"Day,Amount,Balance,Ref,Text,Name\n", CSV)],
)
def test_f8_a_well_formed_file_without_a_statement_is_refused(content: bytes, format: StatementFormat) -> None:
    assert refused(content, format).reason == "statement_empty"


@pytest.mark.parametrize(("content", "format"), [(camt([line(5)]), CAMT), (ofx([line(5)], 5), OFX)])
def test_f8_a_file_that_names_no_account_is_refused(content: bytes, format: StatementFormat) -> None:
    refusal = refused(content.replace(b"IBAN>", b"Nm>").replace(b"ACCTID>", b"ACCTNM>"), format, opening=0)
    assert refusal.reason == "statement_unreadable"


def test_a_day_without_a_line_is_a_statement() -> None:
    assert not one(camt([], 70), CAMT).lines


def test_another_currency_than_that_of_the_account_is_refused() -> None:
    assert refused(camt([line(1)], currency="EUR"), CAMT).reason == "currency_mismatch"
    mixed = camt([line(1)]).replace(b"<Ntry><Amt Ccy='CNY'>", b"<Ntry><Amt Ccy='EUR'>")
    assert refused(mixed, CAMT).reason == "statement_unreadable"


def test_a_file_has_so_many_lines_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_LINES", 2)
    assert len(one(camt([line(1)] * 2), CAMT).lines) == 2
    assert refused(camt([line(1)] * 3), CAMT).reason == "statement_too_long"


# camt


BOMB = (
    b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><Document>&b;</Document>"""
)
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><Document>&a;</Document>"""


@pytest.mark.parametrize("format", [CAMT, OFX])
@pytest.mark.parametrize("content", [BOMB, OUTSIDE, b"<!DOCTYPE OFX><OFX></OFX>"])
def test_entities_and_document_types_are_refused(content: bytes, format: StatementFormat) -> None:
    refusal = refused(content, format)
    assert (refusal.reason, refusal.detail) == (
        "statement_unreadable",
        "A statement has no document type and no entities.",
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7",
        camt([line(1)])[:-20],
        camt([line(1)]).replace(b"UTF-8", b"UTF-99"),
        camt([line(1, text="x")]).replace(b">x<", b">\xff<"),
        b"<?xml version='1.0' encoding='UTF-16'?><Document/>",
        camt([line(1)]).replace(b"camt.053.001.08", b"camt.054.001.08"),
        camt([line(1)]).replace(b"camt.053.001.08", b"camt.053.001.99"),
        camt([line(1)]).replace(b"<BookgDt><Dt>2026-02-02", b"<BookgDt><Dt>2026-02-30"),
        camt([line(1)]).replace(b"<BookgDt><Dt>2026-02-02", b"<BookgDt><Dt>2 Feb"),
        camt([line(1)]).replace(b"0.01", b"0.015"),
        camt([line(1)]).replace(b"0.01", b"1e3"),
        camt([line(1)]).replace(b"0.01", b""),
        camt([line(1)]).replace(b"CRDT", b"UP"),
        camt([line(1)]).replace(b">0.01<", b">-0.01<"),
        camt([line(1)]).replace(b"IBAN>", b"Nm>"),
        camt([line(1)]).replace(b"CNY", b"QQQ"),
        b"<a>" * 100_000,
        b"<a>" * 50_000 + b"</a>" * 50_000,
    ],
)
def test_a_broken_camt_is_refused(content: bytes) -> None:
    assert refused(content, CAMT).reason in ("statement_unreadable", "currency_mismatch")


def test_what_the_bank_has_not_booked_is_no_line() -> None:
    entries = camt_entry(line(5)) + camt_entry(line(7), status="<Sts>PDNG</Sts>") + camt_entry(line(1), status="")
    found = one(camt([], entries=entries, closing=5), CAMT)
    assert ([each.amount for each in found.lines], found.not_booked) == ([5], 2)


def test_versions_before_8_have_the_status_and_the_parties_elsewhere() -> None:
    entry = (
        camt_entry(line(5, name="A"), status="<Sts>BOOK</Sts>")
        .replace("<Pty><Nm>", "<Nm>")
        .replace("</Nm></Pty>", "</Nm>")
    )
    content = camt([], entries=entry, closing=5).replace(b"camt.053.001.08", b"camt.053.001.02")
    assert [(each.amount, each.name) for each in one(content, CAMT).lines] == [(5, "A")]


def details(*amounts: int) -> str:
    each = "<TxDtls><Refs><TxId>t{0}</TxId></Refs><Amt Ccy='CNY'>0.0{0}</Amt><CdtDbtInd>CRDT</CdtDbtInd></TxDtls>"
    return f"<NtryDtls>{''.join(each.format(amount) for amount in amounts)}</NtryDtls>"


@pytest.mark.parametrize(("amounts", "expected"), [((2, 3, 4), [2, 3, 4]), ((2, 3), [9]), ((9,), [9])])
def test_f8_a_batch_becomes_its_details_once_where_they_sum_to_it(
    amounts: tuple[int, ...], expected: list[int]
) -> None:
    found = one(camt([], entries=camt_entry(line(9), more=details(*amounts)), closing=9), CAMT)
    assert [each.amount for each in found.lines] == expected


@pytest.mark.parametrize(("inverted", "expected"), [(False, -9), (True, 9)])
def test_f8_a_reversal_has_the_sign_of_the_entry_unless_the_bank_means_the_other(inverted: bool, expected: int) -> None:
    entry = camt_entry(line(-9)).replace("<BookgDt>", "<RvslInd>true</RvslInd><BookgDt>")
    found = one(camt([], entries=entry, closing=expected), CAMT, inverted_reversals=inverted)
    assert [(each.amount, each.reversal) for each in found.lines] == [(expected, True)]


def test_a_report_of_the_day_is_judged_by_its_interim_balances() -> None:
    day = date(2026, 2, 2)
    balances = camt_balance("ITBD", 10, day) + camt_balance("ITBD", 15, day)
    report = f"<Rpt><Acct><Id><Othr><Id>1</Id></Othr></Id></Acct>{balances}{camt_entry(line(5))}</Rpt>"
    found = one(camt_document(report, "camt.052.001.06"), CAMT)
    assert found.account == "1"
    assert found.closing is not None
    assert (found.closing.amount, found.closing.intermediate) == (15, True)
    without = camt_document(report.replace(balances, ""), "camt.052.001.06")
    assert refused(without, CAMT).reason == "balance_missing"


def test_a_page_of_camt_says_that_its_balance_is_intermediate() -> None:
    subtype = b"<Cd>CLBD</Cd></CdOrPrtry><SubTp><Cd>INTM</Cd></SubTp></Tp>"
    found = one(camt([line(5)]).replace(b"<Cd>CLBD</Cd></CdOrPrtry></Tp>", subtype), CAMT)
    assert found.opening is not None
    assert found.closing is not None
    assert (found.opening.intermediate, found.closing.intermediate) == (False, True)


def test_details_in_another_currency_are_no_parts_of_a_batch() -> None:
    more = details(4, 5).replace("CNY", "EUR")
    found = one(camt([], entries=camt_entry(line(9), more=more), closing=9), CAMT)
    assert [each.amount for each in found.lines] == [9]


def test_f9_the_day_is_the_banks_whatever_its_offset() -> None:
    late = camt([line(5)]).replace(b"<BookgDt><Dt>2026-02-02</Dt>", b"<BookgDt><DtTm>2026-02-02T23:59:00-11:00</DtTm>")
    assert one(late, CAMT).lines[0].booked_on == date(2026, 2, 2)


def test_statements_of_one_file_go_on_from_each_other() -> None:
    def statement(opening: int, amount: int, closing: int) -> str:
        content = camt([line(amount)], opening, closing=closing).decode()
        return content[content.index("<Stmt>") : content.index("</BkToCstmrStmt>")]

    good = camt_document(statement(0, 5, 5) + statement(5, 6, 11))
    assert len(read(good, HowToRead(CAMT, "CNY"))) == 2
    refusal = refused(camt_document(statement(0, 5, 5) + statement(7, 6, 13)), CAMT)
    assert (refusal.reason, refusal.members) == ("statements_not_continuous", {"statement": 2, "difference": 2})


# MT940


def swift(line_61: str, total: str, *, mark: str = "C") -> bytes:
    ends = f":62F:{mark}260228CNY{total}"
    return f":20:x\n:25:{ACCOUNT}\n:28C:1\n:60F:C260201CNY0,\n:61:{line_61}\n{ends}\n-".encode()


@pytest.mark.parametrize(("mark", "expected"), [("C", 5), ("D", -5), ("RC", -5), ("RD", 5)])
def test_f8_all_four_marks_of_mt940(mark: str, expected: int) -> None:
    found = one(swift(f"2602020202{mark}0,05NTRFx", "0,05", mark="D" if expected < 0 else "C"), MT940)
    assert [each.amount for each in found.lines] == [expected]


@pytest.mark.parametrize(
    ("days", "value", "booked"),
    [
        ("260230", "2026-02-28", "2026-02-28"),
        ("2602300302", "2026-02-28", "2026-03-02"),
        ("2601010130", "2026-01-01", "2026-01-30"),
        ("2601011231", "2026-01-01", "2025-12-31"),
        ("2512310101", "2025-12-31", "2026-01-01"),
        ("2403010229", "2024-03-01", "2024-02-29"),
        ("990101", "1999-01-01", "1999-01-01"),
    ],
)
def test_a_value_date_ends_with_its_month_and_an_entry_date_is_near_it(days: str, value: str, booked: str) -> None:
    (found,) = one(swift(f"{days}C1,NTRFx//y", "1,"), MT940).lines
    assert (f"{found.value_on}", f"{found.booked_on}", found.reference) == (value, booked, "y")


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        ("Rent of March", ("Rent of March", "", "")),
        ("166?00GUTSCHRIFT?20RF18?21 539007?31DE02?32Exam?33ple", ("RF18 539007", "Example", "DE02")),
        (
            "/EREF/1//NAME/Example//IBAN/DE02//REMI/Rent",
            ("/EREF/1//NAME/Example//IBAN/DE02//REMI/Rent", "Example", "DE02"),
        ),
    ],
)
def test_who_paid_is_read_from_either_form_of_field_86(details: str, expected: tuple[str, str, str]) -> None:
    content = mt940([line(5, text=details)])
    (found,) = one(content, MT940).lines
    assert (found.text, found.name, found.account) == expected


def test_an_envelope_of_swift_is_no_part_of_the_statement() -> None:
    inside = mt940([line(5)]).decode().removesuffix("-\r\n")
    content = "{1:F01EXAMPLEXXXX}{2:I940EXAMPLEXXXXN}{4:\r\n" + inside + "-}{5:{CHK:1}}\r\n"
    assert one(content.encode(), MT940).lines[0].amount == 5


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"a letter", "/1"),
        (mt940([line(5)]).replace(b":20:", b":19:"), "/1"),
        (mt940([line(5)]).replace(b":28C:", b":77:"), "/3"),
        (mt940([line(5)]).replace(b"C0,05NTRF", b"X0,05NTRF"), "/5"),
        (mt940([line(5)]).replace(b":61:260202", b":61:261302"), "/5"),
        (mt940([line(5)]).replace(b":61:2602020202", b":61:2602020230"), "/5"),
        (mt940([line(5)]).replace(b":60F:C260202CNY", b":60F:C260202"), "/4"),
        (mt940([line(5)]).replace(b":62F:C260202CNY", b":62F:C260202EUR"), "/6"),
        (mt940([line(5)]).replace(b":60F:C260202", b":60F:C260230"), "/4"),
        (mt940([line(5)]).replace(b"0,05NTRF", b"0,055NTRF"), "/5"),
        (mt940([line(5)]).replace(b"NTRFNONREF", b"NTRF" + b"//" * 300), "/5"),
        (mt940([line(5)]).replace(b":25:", b":21:"), ""),
        (mt940([line(5, text="x")]).replace(b":86:x", b":86:\xff"), ""),
    ],
)
def test_a_broken_mt940_is_refused_at_its_line(content: bytes, place: str) -> None:
    refusal = refused(content, MT940)
    assert (refusal.reason, refusal.errors[0]["pointer"]) == ("statement_unreadable", place)


def test_an_mt940_is_in_the_encoding_that_was_said() -> None:
    content = mt940([line(5, text="三月房租")]).decode().encode("gb18030")
    assert refused(content, MT940).reason == "statement_unreadable"
    assert one(content, MT940, encoding=Encoding.GB18030).lines[0].text == "三月房租"


# OFX


def test_ofx_2_is_the_same_in_xml() -> None:
    text = ofx([line(5, reference="f1", name="A", text="B &amp; C")]).decode()
    body = text[text.index("<OFX>") :]
    for leaf in ("TRNUID", "CURDEF", "BANKID", "ACCTID", "ACCTTYPE", "DTSTART", "DTEND", "BALAMT", "DTASOF", "TRNTYPE"):
        body = ended(body, leaf)
    for leaf in ("DTPOSTED", "TRNAMT", "FITID", "NAME", "MEMO"):
        body = ended(body, leaf)
    content = f'<?xml version="1.0"?><?OFX OFXHEADER="200" VERSION="211"?>{body}'.encode()
    for each in (content, text.encode()):
        (found,) = one(each, OFX, opening=0).lines
        assert (found.reference, found.name, found.text, found.amount) == ("f1", "A", "B & C", 5)


def ended(text: str, leaf: str) -> str:
    """With an end tag for every element of this name."""
    head, *rest = text.split(f"<{leaf}>")
    return head + "".join(
        f"<{leaf}>{each.partition('<')[0].strip()}</{leaf}><{each.partition('<')[2]}" for each in rest
    )


@pytest.mark.parametrize(
    "content",
    [
        b"OFXHEADER:100\r\n\r\n",
        ofx([line(5)])[:-30],
        ofx([line(5)]).replace(b"<TRNAMT>0.05", b"<TRNAMT>five"),
        ofx([line(5)]).replace(b"<DTPOSTED>20260202", b"<DTPOSTED>2 Feb"),
        ofx([line(5)]).replace(b"<DTPOSTED>20260202", b"<DTPOSTED>20260230"),
        ofx([line(5)]).replace(b"<MEMO>x", b"<MEMO>\xff"),
        b"<html></html>",
    ],
)
def test_a_broken_ofx_is_refused(content: bytes) -> None:
    assert refused(content, OFX, opening=0).reason == "statement_unreadable"


def test_the_letters_of_ofx_1_are_as_its_header_says() -> None:
    content = (
        ofx([line(5, name="Café")])
        .decode()
        .replace("ENCODING:UTF-8\r\nCHARSET:NONE", "ENCODING:USASCII\r\nCHARSET:1252")
    )
    assert one(content.encode("cp1252"), OFX, opening=0).lines[0].name == "Café"


# tables


def cell(text: str) -> int:
    """What an amount is under a decimal comma and points between thousands."""
    content = f"Tag;Betrag\n02.02.2026;{text}\n".encode()
    return one(content, CSV, profile=COMMA, opening=0, closing=amounts[text]).lines[0].amount


amounts = {"1.000": 1_000_00, "1.234.567,8": 1_234_567_80, "-1000,05": -1_000_05, "+0,01": 1, "12": 12_00}


@pytest.mark.parametrize("text", amounts)
def test_f9_an_amount_is_read_by_the_profile(text: str) -> None:
    assert cell(text) == amounts[text]


@pytest.mark.parametrize("text", ["1,000.00", "1.00", "1.0000", "1.000.00", "1e3", "", "1,001", "１２", "1 000", "--1"])
def test_f9_a_row_that_does_not_fit_is_refused_with_row_and_column(text: str) -> None:
    content = f"Tag;Betrag\n02.02.2026;1,00\n02.02.2026;{text}\n".encode()
    refusal = refused(content, CSV, profile=COMMA, opening=0, closing=0)
    assert (refusal.reason, [each["pointer"] for each in refusal.errors]) == ("statement_unreadable", ["/3/Betrag"])


def test_f9_every_cell_that_does_not_fit_is_told_at_once() -> None:
    content = b"Tag;Betrag\n30.02.2026;1\n2026-02-02;x\n02.02.26;1\n02/02/2026;1\n02022026;1\n02.13.2026;1\n"
    refusal = refused(content, CSV, profile=COMMA, opening=0, closing=0)
    assert [each["pointer"] for each in refusal.errors] == ["/2/Tag", "/3/Tag", "/3/Betrag", "/4/Tag", "/7/Tag"]


def test_f9_a_place_is_a_pointer_whatever_a_column_is_called() -> None:
    profile = CsvProfile(name="x", columns=Columns(booked_on="D", amount="In/Out~"))
    refusal = refused(b"D,In/Out~\n20260202,x\n", CSV, profile=profile, opening=0, closing=0)
    assert refusal.errors[0]["pointer"] == "/2/In~1Out~0"


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"Tag;Betrag\n02.02.2026\n", "/2"),
        (b"Tag;Betrag\n02.02.2026;1;2\n", "/2"),
        (b"Tag,Betrag\n", "/1"),
        (b"Tag;Betrag;Betrag\n", "/1"),
        (b"", "/1"),
        (b'Tag;Betrag\n"02.02.2026;1\n', ""),
        (b"Tag;Betrag\n\xff;1\n", ""),
    ],
)
def test_what_is_no_table_of_the_profile_is_refused(content: bytes, place: str) -> None:
    refusal = refused(content, CSV, profile=COMMA, opening=0, closing=0)
    assert (refusal.reason, refusal.errors[0]["pointer"]) == ("statement_unreadable", place)


def test_f9_gb18030_and_a_byte_order_mark_are_read() -> None:
    profile = PROFILE.model_copy(update={"encoding": Encoding.GB18030})
    assert one(table([line(5, name="示例")]).decode().encode("gb18030"), CSV, profile=profile).lines[0].name == "示例"
    assert one(b"\xef\xbb\xbf" + table([line(5)]), CSV).lines[0].amount == 5


def test_the_newest_row_may_stand_first_and_two_columns_may_have_the_sides() -> None:
    columns = Columns(booked_on="D", credit="In", debit="Out", balance="B")
    profile = CsvProfile(name="x", rows=RowOrder.NEWEST_FIRST, columns=columns)
    found = one(b"D,In,Out,B\n20260203,,3.00,7.00\n20260202,10.00,,10.00\n", CSV, profile=profile)
    assert [each.amount for each in found.lines] == [10_00, -3_00]
    both = b"D,In,Out,B\n20260202,1,2,1\n20260202,,,1\n20260202,-1,,1\n"
    assert len(refused(both, CSV, profile=profile).errors) == 3


def test_a_table_needs_a_profile() -> None:
    assert refused(table([line(5)]), CSV, profile=None).reason == "profile_missing"
