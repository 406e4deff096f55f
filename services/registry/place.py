"""Where a business is found: addresses, premises, a host's address, the network, and how to reach it."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from services.chassis.times import Day
from services.contracts.registry import BusinessId
from services.registry.part import Line, Part
from services.registry.violations import Before, Violation, beside, on_the_day, rule, within

DivisionCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
"""GB/T 2260."""

EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}")
E164 = re.compile(r"\+[1-9][0-9]{1,14}")
WEB_ADDRESS = re.compile(r"https?://[^\s/?#@]+([/?#]\S*)?", re.IGNORECASE)

Email = Annotated[str, rule(EMAIL.fullmatch, "contact_invalid", "An e-mail address has the form name@domain.")]
Phone = Annotated[str, rule(E164.fullmatch, "contact_invalid", "A phone number is given as + and 2 to 15 digits.")]
WebAddress = Annotated[
    str,
    StringConstraints(max_length=2000),
    rule(WEB_ADDRESS.fullmatch, "contact_invalid", "A web address begins with http:// or https:// and a host."),
]


class Address(Part):
    """A postal address."""

    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    region: Line
    locality: Line
    lines: list[Line] = Field(min_length=1, max_length=4)
    postal_code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 -]{1,12}$")] | None = None
    division_code: DivisionCode | None = None


class Addresses(Part):
    """The registered address (住所), the one for service of documents (送达地址), and where business is done."""

    registered: Address
    service: Address | None = None
    business: list[Address] = Field(default=[], max_length=50)


class Premises(Part):
    """Ground or rooms in the zone that the business owns or leases."""

    parcel_id: Line
    area_m2: float = Field(gt=0, le=1e9)
    tenure: Literal["owned", "leased"]
    agreement_document_id: None = None


def _ends_later(valid_to: date, before: Before) -> Iterator[Violation]:
    if "valid_from" in before and valid_to < before["valid_from"]:
        yield Violation("date_range", "A hosting agreement ends after it begins.")


def _ended(valid_to: date, today: date) -> Iterator[Violation]:
    if valid_to < today:
        yield Violation("hosting_expired", "The hosting agreement has ended.")


class Hosting(Part):
    """A cloud business's place at the address of another, its host (集群注册)."""

    host_business_id: BusinessId
    agreement_document_id: None = None
    valid_from: Day
    valid_to: Annotated[Day, beside(_ends_later), on_the_day(_ended)]

    def violations(self, today: date) -> Iterator[Violation]:
        """What is wrong with it on a day."""
        return within(_ended(self.valid_to, today), "valid_to")


class OnlinePresence(Part):
    """A shop or site through which a business trades."""

    platform: Line
    url: WebAddress
    licence_no: Line | None = None


class Contacts(Part):
    """How to reach the business; personal data, shown to its owner and to officials only."""

    email: Email | None = None
    phone: Phone | None = None
    website: WebAddress | None = None
