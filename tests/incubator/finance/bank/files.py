"""Writes synthetic statements in every format, for tests: what a bank would send of the same lines."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from services.incubator.finance.bank.formats.said import SaidLine
from services.incubator.finance.bank.profile import Columns, CsvProfile

ACCOUNT = "DE02120300000000202051"
"""A number that is in no use, as published for examples."""
PROFILE = CsvProfile(
    name="Example bank",
    columns=Columns(booked_on="Day", amount="Amount", balance="Balance", reference="Ref", text="Text", name="Name"),
)
FIRST = date(2026, 2, 2)


def line(amount: int, day: int = 2, reference: str = "", text: str = "", name: str = "") -> SaidLine:
    """A line of February 2026, in minor units."""
    return SaidLine(date(2026, 2, day), amount, date(2026, 2, day), reference, text, name)


def major(amount: int) -> str:
    return f"{Decimal(amount).scaleb(-2):.2f}"


def camt_balance(code: str, amount: int, on: date, currency: str = "CNY") -> str:
    mark = "DBIT" if amount < 0 else "CRDT"
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='{currency}'>{major(abs(amount))}</Amt>"
        f"<CdtDbtInd>{mark}</CdtDbtInd><Dt><Dt>{on}</Dt></Dt></Bal>"
    )


def camt_entry(
    each: SaidLine, *, status: str = "<Sts><Cd>BOOK</Cd></Sts>", more: str = "", currency: str = "CNY"
) -> str:
    mark, side = ("DBIT", "Cdtr") if each.amount < 0 else ("CRDT", "Dbtr")
    name = f"<RltdPties><{side}><Pty><Nm>{each.name}</Nm></Pty></{side}></RltdPties>" if each.name else ""
    text = f"<RmtInf><Ustrd>{each.text}</Ustrd></RmtInf>" if each.text else ""
    details = f"<NtryDtls><TxDtls>{name}{text}</TxDtls></NtryDtls>" if name or text else ""
    reference = f"<AcctSvcrRef>{each.reference}</AcctSvcrRef>" if each.reference else ""
    return (
        f"<Ntry><Amt Ccy='{currency}'>{major(abs(each.amount))}</Amt><CdtDbtInd>{mark}</CdtDbtInd>{status}"
        f"<BookgDt><Dt>{each.booked_on}</Dt></BookgDt><ValDt><Dt>{each.value_on or each.booked_on}</Dt></ValDt>"
        f"{reference}{more or details}</Ntry>"
    )


def camt(
    lines: Sequence[SaidLine],
    opening: int = 0,
    *,
    closing: int | None = None,
    account: str = ACCOUNT,
    codes: tuple[str, str] = ("OPBD", "CLBD"),
    days: tuple[date, date] | None = None,
    currency: str = "CNY",
    entries: str = "",
) -> bytes:
    """A camt.053.001.08 with one statement."""
    ends = opening + sum(each.amount for each in lines) if closing is None else closing
    first, last = days or (lines[0].booked_on if lines else FIRST, lines[-1].booked_on if lines else FIRST)
    balances = camt_balance(codes[0], opening, first, currency) + camt_balance(codes[1], ends, last, currency)
    booked = entries or "".join(camt_entry(each, currency=currency) for each in lines)
    statement = f"<Stmt><Id>1</Id><Acct><Id><IBAN>{account}</IBAN></Id></Acct>{balances}{booked}</Stmt>"
    return camt_document(statement)


def camt_document(statements: str, message: str = "camt.053.001.08") -> bytes:
    kind = "BkToCstmrStmt" if ".053." in message else "BkToCstmrAcctRpt"
    space = f"urn:iso:std:iso:20022:tech:xsd:{message}"
    document = f"<Document xmlns='{space}'><{kind}>{statements}</{kind}></Document>"
    return f"<?xml version='1.0' encoding='UTF-8'?>{document}".encode()


def swift_amount(amount: int) -> str:
    return major(abs(amount)).replace(".", ",")


def mt940_balance(tag: str, amount: int, on: date, currency: str = "CNY") -> str:
    return f":{tag}:{'D' if amount < 0 else 'C'}{on:%y%m%d}{currency}{swift_amount(amount)}\r\n"


def mt940(
    lines: Sequence[SaidLine],
    opening: int = 0,
    *,
    closing: int | None = None,
    account: str = ACCOUNT,
    tags: tuple[str, str] = ("60F", "62F"),
    days: tuple[date, date] | None = None,
) -> bytes:
    """An MT940 with one statement, or one page of it."""
    ends = opening + sum(each.amount for each in lines) if closing is None else closing
    first, last = days or (lines[0].booked_on if lines else FIRST, lines[-1].booked_on if lines else FIRST)
    text = f":20:STARTUMS\r\n:25:{account}\r\n:28C:1/1\r\n{mt940_balance(tags[0], opening, first)}"
    for each in lines:
        mark = "D" if each.amount < 0 else "C"
        value = each.value_on or each.booked_on
        banks = f"//{each.reference}" if each.reference else ""
        text += f":61:{value:%y%m%d}{each.booked_on:%m%d}{mark}{swift_amount(each.amount)}NTRFNONREF{banks}\r\n"
        if each.text:
            text += f":86:{each.text}\r\n"
    return f"{text}{mt940_balance(tags[1], ends, last)}-\r\n".encode()


OFX_HEADER = (
    "OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\nSECURITY:NONE\r\nENCODING:UTF-8\r\nCHARSET:NONE\r\n"
    "COMPRESSION:NONE\r\nOLDFILEUID:NONE\r\nNEWFILEUID:NONE\r\n\r\n"
)


def ofx(
    lines: Sequence[SaidLine], closing: int | None = None, *, account: str = ACCOUNT, currency: str = "CNY"
) -> bytes:
    """An OFX 1.0.2 in SGML; it has no opening balance, and 0 is meant."""
    ends = sum(each.amount for each in lines) if closing is None else closing
    text = "".join(
        f"<STMTTRN>\n<TRNTYPE>OTHER\n<DTPOSTED>{each.booked_on:%Y%m%d}120000[8:CST]\n<TRNAMT>{major(each.amount)}\n"
        f"<FITID>{each.reference or number}\n<NAME>{each.name or 'x'}\n<MEMO>{each.text or 'x'}\n</STMTTRN>\n"
        for number, each in enumerate(lines)
    )
    last = lines[-1].booked_on if lines else FIRST
    body = (
        f"<OFX><BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STMTRS><CURDEF>{currency}<BANKACCTFROM><BANKID>1<ACCTID>{account}"
        f"<ACCTTYPE>CHECKING</BANKACCTFROM><BANKTRANLIST><DTSTART>20260201<DTEND>20260228\n{text}</BANKTRANLIST>"
        f"<LEDGERBAL><BALAMT>{major(ends)}<DTASOF>{last:%Y%m%d}</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    )
    return (OFX_HEADER + body).encode()


def table(lines: Sequence[SaidLine], opening: int = 0) -> bytes:
    """A CSV by `PROFILE`."""
    text, balance = "Day,Amount,Balance,Ref,Text,Name\r\n", opening
    for each in lines:
        balance += each.amount
        cells: list[Any] = [each.booked_on, major(each.amount), major(balance), each.reference, each.text, each.name]
        text += ",".join(str(cell) for cell in cells) + "\r\n"
    return text.encode()
