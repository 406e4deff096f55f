"""The creditor reference of an invoice (ISO 11649): its number with check digits, for payers to name it by."""

import re
from collections.abc import Iterator
from typing import Final

SERIES: Final = "IVC"
"""Stands before the number, so that references of other people are none of ours."""
_IN_TEXT: Final = re.compile(rf"RF([0-9]{{2}}){SERIES}([1-9][0-9]{{0,14}})(?![0-9A-Z])")


def reference_of_number(number: int) -> str:
    """`RF72IVC12` of invoice 12."""
    return f"RF{98 - _remainder(f'{SERIES}{number}RF00'):02}{SERIES}{number}"


def numbers_in(text: str) -> Iterator[int]:
    """The numbers of invoices that a text refers to, each once, whatever its spaces and case.

    What has wrong check digits refers to nothing.
    """
    found = dict.fromkeys(_IN_TEXT.findall(re.sub(r"\s", "", text.upper())))
    found |= dict.fromkeys(_IN_TEXT.findall(text.upper()))
    yield from dict.fromkeys(int(number) for digits, number in found if _remainder(f"{SERIES}{number}RF{digits}") == 1)


def _remainder(text: str) -> int:
    """A text of digits and letters, A being 10, as a number modulo 97 (ISO 7064)."""
    return int("".join(str(int(each, 36)) for each in text)) % 97
