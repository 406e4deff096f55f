"""The identity of a line of a bank statement: its account, day, amount, reference or text, and which of its kind.

Banks repeat their references, and a day can have two equal lines; so what is equal is counted. A file that is imported
anew, or that overlaps another, says the same lines as before; a page that goes on from another counts on from there.
"""

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from services.incubator.finance.bank.formats.said import SaidLine


class Numbered(NamedTuple):
    """The lines of a file by their ids, in its order; and how often each kind of line stands in it, by the kind."""

    lines: dict[str, SaidLine]
    counted: dict[str, int]


def numbered(bank_account_id: str, lines: Iterable[SaidLine], before: Mapping[str, int]) -> Numbered:
    """Give each line its identity.

    Args:
        before: how often each kind stood on the pages before, of the same statement.
    """
    counted = dict(before)
    found: dict[str, SaidLine] = {}
    for each in lines:
        kind = kind_of(each)
        counted[kind] = counted.get(kind, 0) + 1
        name = f"{kind}:{counted[kind]}"
        found[f"stl_{uuid.uuid5(uuid.UUID(bank_account_id.removeprefix('bka_')), name).hex}"] = each
    return Numbered(found, counted)


def kind_of(line: SaidLine) -> str:
    """The same for lines that nothing but their order in the day tells apart: the day, and a digest of the rest."""
    what = " ".join((line.reference or line.text).split())
    digest = hashlib.sha256(f"{line.amount}|{what}".encode()).hexdigest()[:32]
    return f"{line.booked_on}:{digest}"


def of_last_days(counted: Mapping[str, int], first: date) -> dict[str, int]:
    """Of such counts those from a day on."""
    return {kind: number for kind, number in counted.items() if kind.partition(":")[0] >= f"{first}"}
