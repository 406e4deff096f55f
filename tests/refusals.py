"""What a refusal says is wrong: in one code, wherever it stands, or all of it with the places."""

from collections.abc import Mapping
from typing import Any

import httpx

from services.chassis.domain.texts.text import NOT_ALLOWED
from services.chassis.http.problems import UNSPECIFIC

COLLECTIVE = {"validation_failed", "malformed_parameter"}
"""Codes of refusals that leave it to their errors to say what is wrong."""
FORM = UNSPECIFIC - {NOT_ALLOWED}
"""Codes that say of a value no more than that it does not fit its schema."""


def faults(answer: httpx.Response) -> list[tuple[str, str]]:
    """Place and code of each fault of a body that was refused."""
    assert answer.status_code == 422, answer.text
    return [(each["pointer"], each["code"]) for each in answer.json()["errors"]]


def reason(answer: httpx.Response) -> str:
    """The one code that the errors of a refusal have besides those of mere form, else the code of the whole."""
    return reason_in(answer.json())


def reason_in(problem: Mapping[str, Any]) -> str:
    """The same of a problem that was read."""
    code: str = problem["code"]
    codes = {each["code"] for each in problem.get("errors", ())} - FORM
    return codes.pop() if code in COLLECTIVE and len(codes) == 1 else code
