"""What officials send of lines of bank statements."""

from typing import Annotated

from pydantic import Field

from services.chassis.domain.part import Part
from services.contracts.incubator.finance import EntryId
from services.contracts.registry.businesses import BusinessId
from services.incubator.finance.bodies import AccountCode, Description
from services.incubator.finance.payments.bodies import Allocate


class MatchLine(Part):
    """What a line is, where the book says so already."""

    entry_id: EntryId
    """The entry, of the same book; it moves the account by the amount of the line."""


class ReceiveFromLine(Part):
    """What a line is, where a business paid."""

    business_id: BusinessId
    """The business that paid, where the line does not tell."""
    allocations: Annotated[list[Allocate], Field(max_length=50)] = Field(default=[])
    """Which invoices it pays."""
    prepay: bool = False
    """Whether what is left of it waits for later invoices; else all of it is allocated."""


class PostFromLine(Part):
    """What a line is, where the book does not say so yet and no business paid."""

    code: AccountCode
    """The other account of the book, by its code: where the money came from or went to."""
    description: Description
    """What it is about."""
