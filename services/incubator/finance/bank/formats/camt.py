"""camt.052 and camt.053 of ISO 20022, versions 2 to 8: an account report, and a statement of an account.

Only booked entries are lines. A batch that lists its transactions with amounts that sum to it becomes those, once.
Dates are the bank's: an instant is taken for the day that it is written with.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
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
from services.incubator.finance.bank.formats.xml import Node, namespace_of, root_of

_MESSAGE: Final = re.compile(r"urn:iso:std:iso:20022:tech:xsd:camt\.05([23])\.001\.0([2-8])")
_STATEMENTS: Final = {"2": "BkToCstmrAcctRpt/Rpt", "3": "BkToCstmrStmt/Stmt"}
_DATE: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(T.*|Z|[+-][0-9:]+)?", re.DOTALL)
_SIGNS: Final = {"CRDT": 1, "DBIT": -1}
_OPENING, _CLOSING, _INTERMEDIATE = ("OPBD", "PRCD"), ("CLBD",), "ITBD"


def read_camt(content: bytes, *, inverted_reversals: bool = False) -> list[SaidStatement]:
    """The statements or reports of a file.

    Args:
        inverted_reversals: whether the bank marks an entry that is a reversal as what it reverses.

    Raises:
        Unprocessable: `statement_unreadable`.
    """
    root = root_of(content)
    message = _MESSAGE.fullmatch(namespace_of(root))
    if message is None:
        unreadable("The file is neither a camt.052 nor a camt.053 of versions 2 to 8.")
    found = Node(root, message[0]).all(_STATEMENTS[message[1]])
    return [_statement(each, inverted_reversals) for each in found]


def _statement(node: Node, inverted: bool) -> SaidStatement:
    lines: list[SaidLine] = []
    not_booked = 0
    currencies = {each.attribute("Ccy") for path in ("Bal/Amt", "Ntry/Amt") for each in node.all(path)}
    currencies |= {text for text in (node.text("Acct/Ccy"),) if text}
    if len(currencies) > 1:
        unreadable("A statement is in one currency.")
    for entry in node.all("Ntry"):
        if entry.text("Sts/Cd", "Sts") == "BOOK":
            lines.extend(_lines(entry, inverted))
        else:
            not_booked += 1
    opening, closing = _balances(node)
    account = node.text("Acct/Id/IBAN", "Acct/Id/Othr/Id") or None
    return SaidStatement(account, next(iter(currencies), None), opening, closing, lines, not_booked)


def _balances(node: Node) -> tuple[SaidBalance | None, SaidBalance | None]:
    """The opening and the closing balance; an interim one stands in for either where there is no other."""
    by_code: dict[str, list[SaidBalance]] = {}
    for each in node.all("Bal"):
        code = each.text("Tp/CdOrPrtry/Cd")
        is_intermediate = code == _INTERMEDIATE or each.text("Tp/SubTp/Cd") == "INTM"
        balance = SaidBalance(_amount(each), _day(each, "Dt"), is_intermediate)
        by_code.setdefault(code, []).append(balance)
    interim = by_code.get(_INTERMEDIATE, [])
    opening = next((by_code[code][0] for code in _OPENING if code in by_code), None)
    closing = next((by_code[code][-1] for code in _CLOSING if code in by_code), None)
    if opening is None and interim and (closing is not None or len(interim) > 1):
        opening = interim[0]
    if closing is None and interim and interim[-1] is not opening:
        closing = interim[-1]
    return opening, closing


def _amount(node: Node) -> int:
    amount = node.first("Amt")
    sign = _SIGNS.get(node.text("CdtDbtInd"))
    if amount is None or sign is None:
        unreadable("An amount says whether it is a credit or a debit.")
    return sign * _value(amount)


def _value(amount: Node) -> int:
    value = minor_units(amount.own_text, amount.attribute("Ccy"))
    if value < 0:
        unreadable("An amount has no sign besides its mark.")
    return value


def _day(node: Node, path: str) -> date | None:
    text = node.text(f"{path}/Dt", f"{path}/DtTm")
    if not text:
        return None
    found = _DATE.fullmatch(text)
    if found is None:
        unreadable("A date is not in the form of ISO 8601.")
    return calendar_day(found[1], found[2], found[3])


def _lines(entry: Node, inverted: bool) -> Iterator[SaidLine]:
    booked_on = _day(entry, "BookgDt") or _day(entry, "ValDt")
    if booked_on is None:
        unreadable("An entry has neither a booking date nor a value date.")
    reversal = entry.text("RvslInd") in ("true", "1")
    amount = -_amount(entry) if reversal and inverted else _amount(entry)
    reference = entry.text("AcctSvcrRef", "NtryRef")
    text = entry.text("AddtlNtryInf")
    whole = SaidLine(booked_on, amount, _day(entry, "ValDt"), reference, text, reversal=reversal)
    details = entry.all("NtryDtls/TxDtls")
    parts = [_detail(each, whole) for each in details]
    currency = entry.first("Amt")
    amounts = [_detail_amount(each, amount, currency.attribute("Ccy") if currency else "") for each in details]
    known = [each for each in amounts if each is not None]
    if len(details) > 1 and len(known) == len(details) and sum(known) == amount:
        yield from (replace(part, amount=each) for part, each in zip(parts, known, strict=True))
    else:
        yield parts[0] if len(parts) == 1 else whole


def _detail_amount(detail: Node, whole: int, currency: str) -> int | None:
    """What a transaction of a batch is of it, by its own mark or else that of the batch; None where it does not say."""
    amount = detail.first("Amt", "AmtDtls/TxAmt/Amt")
    if amount is None or amount.attribute("Ccy") != currency:
        return None
    sign = _SIGNS.get(detail.text("CdtDbtInd"))
    return _value(amount) * (sign if sign is not None else 1 if whole >= 0 else -1)


def _detail(detail: Node, whole: SaidLine) -> SaidLine:
    side = "Dbtr" if whole.amount >= 0 else "Cdtr"
    parties = f"RltdPties/{side}"
    unstructured = [each.own_text for each in detail.all("RmtInf/Ustrd")]
    structured = [each.own_text for each in detail.all("RmtInf/Strd/CdtrRefInf/Ref")]
    return replace(
        whole,
        reference=detail.text("Refs/AcctSvcrRef") or whole.reference or detail.text("Refs/TxId"),
        text=" ".join(each for each in (*structured, *unstructured) if each) or whole.text,
        name=detail.text(f"{parties}/Pty/Nm", f"{parties}/Nm"),
        account=detail.text(f"{parties}Acct/Id/IBAN", f"{parties}Acct/Id/Othr/Id"),
    )
