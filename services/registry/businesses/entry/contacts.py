"""Contacts: how to reach the business."""

import re
from typing import Annotated

from pydantic import WithJsonSchema

from services.chassis.domain.part import Part
from services.chassis.domain.texts.text import Text
from services.chassis.domain.violations import rule

EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}")

E164 = re.compile(r"\+[1-9][0-9]{1,14}")

WEB_ADDRESS = re.compile(r"https?://[^\s/?#@]+([/?#]\S*)?", re.IGNORECASE)

Email = Annotated[
    str, Text(at_most=320), rule(EMAIL.fullmatch, "contact_invalid", "An e-mail address has the form name@domain.")
]

Phone = Annotated[
    str,
    rule(E164.fullmatch, "contact_invalid", "A phone number is given as + and 2 to 15 digits."),
    WithJsonSchema({"type": "string", "pattern": f"^{E164.pattern}$"}),
]

WebAddress = Annotated[
    str,
    Text(at_most=2000),
    rule(WEB_ADDRESS.fullmatch, "contact_invalid", "A web address begins with http:// or https:// and a host."),
]


class Contacts(Part):
    """How to reach the business; personal data, shown to its owner and to officials only."""

    email: Email | None = None
    """An e-mail address."""
    phone: Phone | None = None
    """A phone number (E.164), such as `+8699600000000`."""
    website: WebAddress | None = None
    """The address of its site on the web."""
