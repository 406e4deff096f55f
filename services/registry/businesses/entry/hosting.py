"""Hosting: a cloud business's place at the address of another."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from services.chassis.domain.part import Part
from services.chassis.domain.times import Day
from services.chassis.domain.violations import Before, Violation, at_path, cross_rule, date_rule
from services.contracts.registry.businesses import BusinessId
from services.registry.businesses.entry.agreement import AgreementId


def _ends_later(valid_to: date, before: Before) -> Iterator[Violation]:
    if "valid_from" in before and valid_to < before["valid_from"]:
        yield Violation("date_range", "A hosting agreement ends after it begins.")


def _ended(valid_to: date, today: date) -> Iterator[Violation]:
    if valid_to < today:
        yield Violation("hosting_expired", "The hosting agreement has ended.")


class Hosting(Part):
    """A cloud business's place at the address of another, its host (集群注册)."""

    host_business_id: BusinessId
    """The business that takes it in."""
    agreement_document_id: AgreementId = None
    """The document of the hosting agreement."""
    valid_from: Day
    """The first day of the agreement."""
    valid_to: Annotated[Day, cross_rule(_ends_later, "date_range"), date_rule(_ended, "hosting_expired")]
    """Its last day, included."""

    def violations(self, today: date) -> Iterator[Violation]:
        """What is wrong with it on a day."""
        return at_path(_ended(self.valid_to, today), "valid_to")
