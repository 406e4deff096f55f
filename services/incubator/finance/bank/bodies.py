"""What officials send of bank accounts, and of files of banks."""

from typing import Annotated

from pydantic import Field

from services.chassis.domain.money import MinorUnits
from services.chassis.domain.part import Part
from services.chassis.domain.texts.text import Text
from services.chassis.domain.violations import rule
from services.chassis.store.upload import UploadId
from services.contracts.incubator.bank import BankAccountId
from services.contracts.incubator.finance import BookId
from services.incubator.finance.bank.account import ReversalSign, normalised
from services.incubator.finance.bank.formats.reading import StatementFormat
from services.incubator.finance.bank.profile import CsvProfile, Encoding
from services.incubator.finance.bodies import AccountCode, AccountName

BankNumber = Annotated[
    str,
    Text(at_most=50),
    rule(lambda text: normalised(text) != "", "number_invalid", "A number has letters or digits of ASCII."),
]


class AddBankAccount(Part):
    """An account at a bank that is to stand for an account of a book."""

    book_id: BookId
    """The book whose money lies there."""
    code: AccountCode
    """The account of the book, by its code; an asset or a liability, in the currency of the book."""
    name: AccountName
    """By which people call it."""
    numbers: Annotated[list[BankNumber], Field(min_length=1, max_length=5)]
    """By which files call it: its IBAN, or the number of the bank and its own. Only letters and digits count."""
    reversal_sign: Annotated[ReversalSign, Field(strict=False)] = ReversalSign.AS_MARKED
    """What the mark of an entry of camt means that is a reversal."""
    csv_profile: CsvProfile | None = None
    """What its tables look like; null where it has none."""


class ImportStatement(Part):
    """A file of a bank that was uploaded and is to be taken in."""

    upload_id: UploadId
    """The upload that holds the file; each is imported once."""
    bank_account_id: BankAccountId
    """The bank account that it is of; a file that names another one is refused."""
    format: Annotated[StatementFormat, Field(strict=False)]
    """What it is."""
    encoding: Annotated[Encoding, Field(strict=False)] = Encoding.UTF_8
    """In which bytes an MT940 has its letters; the other formats say it, or their profile does."""
    opening_balance: MinorUnits | None = None
    """What the account held before, in minor units: for files that do not say it."""
    closing_balance: MinorUnits | None = None
    """What it held after, in minor units: for files that do not say it."""
