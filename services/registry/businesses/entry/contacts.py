"""Contacts: how to reach the business."""

import re
from typing import Annotated

from pydantic import WithJsonSchema

from services.chassis.domain.part import Part
from services.chassis.domain.texts.addresses import Email, web_address
from services.chassis.domain.texts.text import Text
from services.chassis.domain.violations import rule

E164 = re.compile(r"\+[1-9][0-9]{1,14}")

Phone = Annotated[
    str,
    rule(E164.fullmatch, "contact_invalid", "A phone number is given as + and 2 to 15 digits."),
    WithJsonSchema({"type": "string", "pattern": f"^{E164.pattern}$"}),
]

WebAddress = Annotated[str, Text(at_most=2000), web_address("contact_invalid")]


class Contacts(Part):
    """How to reach the business; personal data, shown to its owner and to officials only."""

    email: Email | None = None
    """An e-mail address."""
    phone: Phone | None = None
    """A phone number (E.164), such as `+8699600000000`."""
    website: WebAddress | None = None
    """The address of its site on the web."""
