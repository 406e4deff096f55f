"""Parties: who has a role in the business. Personal data: its owner and officials only."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Final, Literal

from pydantic import StringConstraints

from services.chassis.domain.ids import id_of
from services.chassis.domain.part import Part
from services.chassis.domain.times import Day
from services.chassis.domain.violations import Before, Violation, cross_rule
from services.registry.businesses.entry.line import Line
from services.registry.businesses.entry.past_day import PastDay

PartyId = Annotated[str, id_of("pty")]

MOST_PARTIES: Final = 200
"""Of an entry: a joint-stock company has as many promoters at most (Company Law of 2023, art. 92)."""

PartyKind = Literal["person", "organization"]


def _leaves_later(ceased_on: date | None, before: Before) -> Iterator[Violation]:
    if ceased_on and "appointed_on" in before and ceased_on < before["appointed_on"]:
        yield Violation("date_range", "Nobody leaves a role before taking it.")


class ProposedParty(Part):
    """A person or an organization with a role in the business, as a filing states it."""

    party_kind: PartyKind
    """A person or an organization."""
    name: Line
    """The full name of the person or the organisation."""
    role: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,49}$")]
    """What it is to the business, such as `legal_representative` or `director`."""
    appointed_on: PastDay
    """Since which day."""
    ceased_on: Annotated[Day | None, cross_rule(_leaves_later, "date_range")] = None
    """Until which day; null while it has the role."""


class Party(ProposedParty):
    """A party in the register."""

    party_id: PartyId
    """Its id in the register."""


def party_violations(parties: list[ProposedParty]) -> Iterator[Violation]:
    """What is wrong with the parties of a business, taken together."""
    current = [each for each in parties if each.role == "legal_representative" and each.ceased_on is None]
    if len(current) != 1:
        yield Violation("legal_representative", "There is exactly one current legal representative.")
