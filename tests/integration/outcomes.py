"""Outcomes of calls that race: how many ended in which way."""

from collections import Counter
from collections.abc import Iterable

import httpx


def outcomes(answers: Iterable[httpx.Response]) -> Counter[tuple[int, str]]:
    """How many answers were what: their status, and the code or the status (or '') of what they show."""
    return Counter((each.status_code, each.json().get("code", each.json().get("status", ""))) for each in answers)
