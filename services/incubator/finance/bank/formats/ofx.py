"""OFX 1 and 2 (Open Financial Exchange): statements of bank accounts and of cards, of which only the end has a balance.

OFX 1 is SGML in which elements with a value need no end tag: they are given one, and then both are read as XML.
"""

import re
from datetime import date
from typing import Final

from services.incubator.finance.bank.formats.said import (
    SaidBalance,
    SaidLine,
    SaidStatement,
    calendar_day,
    minor_units,
    unreadable,
)
from services.incubator.finance.bank.formats.xml import Node, root_of

_LONGEST_HEADER: Final = 4_096
_ELEMENT: Final = re.compile(r"<([A-Z0-9.]++)>([^<]*+)(</\1>)?")
_BARE_AMPERSAND: Final = re.compile(r"&(?!(?:lt|gt|amp|nbsp|#[0-9]+|#x[0-9A-Fa-f]+);)")
_DATE: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2,6}(\.[0-9]{3})?)?(\[[^\]]*\])?")
_STATEMENTS: Final = (
    ("BANKMSGSRSV1/STMTTRNRS/STMTRS", "BANKACCTFROM"),
    ("CREDITCARDMSGSRSV1/CCSTMTTRNRS/CCSTMTRS", "CCACCTFROM"),
)


def read_ofx(content: bytes) -> list[SaidStatement]:
    """The statements of a file.

    Raises:
        Unprocessable: `statement_unreadable`.
    """
    content = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    body = content.find(b"<OFX>", 0, _LONGEST_HEADER)
    is_sgml = content.startswith(b"OFXHEADER:") and body > 0
    root = root_of(_as_xml(content[body:], content[:body]) if is_sgml else content)
    if root.tag != "OFX":
        unreadable("The file is not OFX.")
    node = Node(root, "")
    return [_statement(each, account) for path, account in _STATEMENTS for each in node.all(path)]


def _as_xml(body: bytes, header: bytes) -> str:
    said = dict(re.findall(r"([A-Z]+):[ ]*([^\r\n]*?)[ ]*[\r\n]", header.decode("ascii", "replace")))
    encoding = "cp1252" if said.get("ENCODING") == "USASCII" and said.get("CHARSET") == "1252" else "utf-8"
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError:
        unreadable("The file is not in the encoding that its header names.")
    if "<!" in text:
        unreadable("A statement has no document type and no entities.")
    return _ELEMENT.sub(_ended, _BARE_AMPERSAND.sub("&amp;", text).replace("&nbsp;", " "))


def _ended(element: re.Match[str]) -> str:
    """An element that has a value ends with it."""
    name, value, _ = element.groups()
    return f"<{name}>{value.strip()}</{name}>" if value.strip() else element[0]


def _statement(node: Node, account: str) -> SaidStatement:
    currency = node.text("CURDEF")
    lines = [_line(each, currency) for each in node.all("BANKTRANLIST/STMTTRN")]
    closing = None
    if ledger := node.first("LEDGERBAL"):
        closing = SaidBalance(_amount(ledger.text("BALAMT"), currency), _day(ledger.text("DTASOF")))
    return SaidStatement(node.text(f"{account}/ACCTID") or None, currency or None, None, closing, lines)


def _line(node: Node, currency: str) -> SaidLine:
    if node.text("CURRENCY/CURSYM", "ORIGCURRENCY/CURSYM") not in ("", currency):
        unreadable("A line is in another currency than its account.")
    texts = [node.text("NAME", "PAYEE/NAME"), node.text("MEMO")]
    account = node.text("BANKACCTFROM/ACCTID") or node.text("BANKACCTTO/ACCTID")
    return SaidLine(
        booked_on=_day(node.text("DTPOSTED")),
        amount=_amount(node.text("TRNAMT"), currency),
        value_on=_day(available) if (available := node.text("DTAVAIL")) else None,
        reference=node.text("FITID"),
        text=texts[1] or texts[0],
        name=texts[0],
        account=account,
    )


def _amount(text: str, currency: str) -> int:
    """OFX 3.2.9.1: a point or a comma before the decimals, and nothing between thousands."""
    return minor_units(text.replace(",", ".", 1) if "." not in text else text, currency)


def _day(text: str) -> date:
    found = _DATE.fullmatch(text)
    if found is None:
        unreadable("A date is not in the form of OFX.")
    return calendar_day(found[1], found[2], found[3])
