"""MT940 of SWIFT, the customer statement message, read by its field formats; what does not fit is refused.

Field 61 has the sign: C comes in, D goes out, RC takes a credit back and RD a debit. Banks count months of 30 days for
value dates, so that one which does not exist is the last day of its month. An entry date has no year: it is taken from
the year in which it lies nearest to the value date.
"""

import re
from calendar import monthrange
from dataclasses import replace
from datetime import date
from typing import Final, NamedTuple

from services.incubator.finance.bank.formats.said import (
    SaidBalance,
    SaidLine,
    SaidStatement,
    calendar_day,
    minor_units,
    unreadable,
)

_TAG: Final = re.compile(r":([0-9]{2}|NS)([A-Z])?:")
_LINE: Final = re.compile(
    r"(?P<year>[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?P<entry>[0-9]{4})?(?P<mark>R?[CD])(?P<funds>[A-Z])?"
    r"(?P<amount>[0-9]+,[0-9]*)(?P<type>[A-Z][A-Z0-9]{3})(?P<owners>.*?)(?://(?P<banks>[^\n]*))?(?:\n(?P<more>.*))?",
    re.DOTALL,
)
_BALANCE: Final = re.compile(r"([CD])([0-9]{2})([0-9]{2})([0-9]{2})([A-Z]{3})([0-9]+,[0-9]*)")
_SIGNS: Final = {"C": 1, "D": -1, "RC": -1, "RD": 1}
_IGNORED: Final = frozenset({"13", "20", "21", "28", "34", "64", "65", "90", "NS"})
"""Fields that say nothing of lines or of the two balances that judge them."""
_LONGEST_LINE: Final = 500
"""Characters of a field 61; the standard allows 99."""
_SUBFIELD: Final = re.compile(r"\?([0-9]{2})")
_KEYWORD: Final = re.compile(r"/(NAME|IBAN|REMI|EREF)/")


class _Field(NamedTuple):
    tag: str
    option: str
    value: str
    place: str


def read_mt940(content: str) -> list[SaidStatement]:
    """The statements of a file, page by page.

    Raises:
        Unprocessable: `statement_unreadable`, at the line of the file.
    """
    statements: list[list[_Field]] = []
    for each in _fields(content):
        if each.tag == "20":
            statements.append([])
        if not statements:
            unreadable("A statement begins with field 20.", each.place)
        statements[-1].append(each)
    return [_statement(fields) for fields in statements]


def _fields(content: str) -> list[_Field]:
    found: list[_Field] = []
    ended = True
    for number, raw in enumerate(content.replace("\r\n", "\n").split("\n"), start=1):
        line = raw.rstrip()
        if line.startswith("{1:"):
            line = line.rpartition("{4:")[2] if "{4:" in line else ""
        tag = _TAG.match(line)
        if tag:
            found.append(_Field(tag[1], tag[2] or "", line[tag.end() :], f"/{number}"))
            ended = False
        elif line in ("-", "-}", "") or line.startswith("-}"):
            ended = ended or line != ""
        elif ended:
            unreadable("This is no field of a statement.", f"/{number}")
        else:
            found[-1] = found[-1]._replace(value=f"{found[-1].value}\n{line}")
    return found


def _statement(fields: list[_Field]) -> SaidStatement:
    account = opening = closing = currency = None
    lines: list[SaidLine] = []
    for at, each in enumerate(fields):
        if each.tag == "25":
            account = each.value.split("\n")[0].strip()
        elif each.tag in ("60", "62"):
            currency, balance = _balance(each, currency)
            if each.tag == "60":
                opening = balance
            else:
                closing = balance
        elif each.tag == "61":
            if currency is None:
                unreadable("A line stands before the opening balance.", each.place)
            lines.append(_line(each, currency))
        elif each.tag == "86":
            if lines and fields[at - 1].tag == "61":
                lines[-1] = _described(lines[-1], each.value)
        elif each.tag not in _IGNORED:
            unreadable("A statement has no such field.", each.place)
    return SaidStatement(account, currency, opening, closing, lines)


def _balance(field: _Field, currency: str | None) -> tuple[str, SaidBalance]:
    found = _BALANCE.fullmatch(field.value.strip())
    if found is None or (currency or found[5]) != found[5]:
        unreadable("A balance has a mark, a day, the currency of the statement and an amount.", field.place)
    amount = _SIGNS[found[1]] * _amount(found[6], found[5], field.place)
    on = calendar_day(_year(found[2]), found[3], found[4], field.place)
    return found[5], SaidBalance(amount, on, field.option == "M")


def _line(field: _Field, currency: str) -> SaidLine:
    found = _LINE.fullmatch(field.value.strip()) if len(field.value) <= _LONGEST_LINE else None
    if found is None:
        unreadable("A line does not have the form of field 61.", field.place)
    value_on = _value_day(_year(found["year"]), found["month"], found["day"], field.place)
    entry = found["entry"]
    owners = found["owners"].strip()
    return SaidLine(
        booked_on=_entry_day(entry, value_on, field.place) if entry else value_on,
        amount=_SIGNS[found["mark"]] * _amount(found["amount"], currency, field.place),
        value_on=value_on,
        reference=(found["banks"] or "").strip() or ("" if owners == "NONREF" else owners),
        text=(found["more"] or "").strip(),
        reversal=found["mark"].startswith("R"),
    )


def _amount(text: str, currency: str, place: str) -> int:
    return minor_units(text.replace(",", ".").rstrip("."), currency, place)


def _year(two_digits: str) -> str:
    """SWIFT's century: 80 to 99 are of the last one."""
    return f"{'19' if two_digits >= '80' else '20'}{two_digits}"


def _value_day(year: str, month: str, day: str, place: str) -> date:
    if not 1 <= int(month) <= 12 or not 1 <= int(day) <= 31:
        unreadable("There is no such day in the calendar.", place)
    return date(int(year), int(month), min(int(day), monthrange(int(year), int(month))[1]))


def _entry_day(month_and_day: str, near: date, place: str) -> date:
    days = []
    for year in (near.year - 1, near.year, near.year + 1):
        try:
            days.append(date(year, int(month_and_day[:2]), int(month_and_day[2:])))
        except ValueError:
            continue
    if not days:
        unreadable("There is no such day in the calendar.", place)
    return min(days, key=lambda day: abs(day - near))


def _described(line: SaidLine, details: str) -> SaidLine:
    """A line with what its field 86 says: in subfields, by keywords, or as a plain text."""
    subfields = _SUBFIELD.split(details.replace("\n", ""))
    if len(subfields) > 2 and re.fullmatch(r"[0-9]{3}[^?]*", subfields[0]):
        said: dict[str, str] = {}
        for number, text in zip(subfields[1::2], subfields[2::2], strict=True):
            said[number] = said.get(number, "") + text
        purpose = "".join(text for number, text in said.items() if "20" <= number <= "29" or "60" <= number <= "63")
        name = said.get("32", "") + said.get("33", "")
        return replace(line, text=purpose.strip() or said.get("00", ""), name=name.strip(), account=said.get("31", ""))
    text = details.replace("\n", " ").strip()
    keywords = _KEYWORD.split(details.replace("\n", ""))
    said = dict(zip(keywords[1::2], (each.rstrip("/") for each in keywords[2::2]), strict=True))
    return replace(line, text=text or line.text, name=said.get("NAME", ""), account=said.get("IBAN", ""))
