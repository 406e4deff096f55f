"""Addresses of mail and web, as people type them: that they have the form of one, not that anyone is there."""

import re
from typing import Annotated, Final

from services.chassis.domain.texts.text import Text
from services.chassis.domain.violations import Rule, rule

EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}")
WEB_ADDRESS: Final = re.compile(r"https?://[^\s/?#@]+([/?#]\S*)?", re.IGNORECASE)

Email = Annotated[
    str, Text(at_most=320), rule(EMAIL.fullmatch, "contact_invalid", "An e-mail address has the form name@domain.")
]


def web_address(code: str) -> Rule:
    """A rule of a text that is a web address; it refuses with this code."""
    return rule(WEB_ADDRESS.fullmatch, code, "A web address begins with http:// or https:// and a host.")
