"""A book of a business begins with the first accounts of the national chart."""

from services.chassis.testing.moments import what_happened
from services.contracts.incubator.finance import BookOpened
from services.incubator.finance.book import Book
from services.incubator.finance.chart import AccountStatus, account_id
from services.incubator.tenants.tenant import book_id
from tests.incubator.registry_says import business, partner


def opened(number: int = 1) -> Book:
    return Book.open_for(business(number), partner_id=partner(), currency="CNY")


def test_a_book_is_found_by_its_business_alone() -> None:
    assert opened(7).id == book_id(business(7)) == f"bok_{7:032x}"


def test_opening_a_book_is_said_once_with_its_owner_and_currency() -> None:
    book = opened()
    assert what_happened(book) == [BookOpened]
    assert book.recorded == [BookOpened(business_id=business(), book_id=book.id, currency="CNY")]


def test_a_book_begins_with_the_nine_accounts_of_the_chart() -> None:
    assert {account.code: account.type.value for account in opened().first_accounts()} == {
        "1002": "asset",
        "1122": "asset",
        "1123": "asset",
        "2202": "liability",
        "2203": "liability",
        "2221": "liability",
        "4001": "equity",
        "6001": "income",
        "6602": "expense",
    }


def test_every_first_account_is_open_and_kept_in_the_currency_of_its_book() -> None:
    book = Book.open_for(business(), partner_id=partner(), currency="KWD")
    found = {(account.book_id, account.currency, account.status) for account in book.first_accounts()}
    assert found == {(book.id, "KWD", AccountStatus.OPEN)}


def test_the_same_book_opened_again_has_the_same_account_ids() -> None:
    assert [account.id for account in opened().first_accounts()] == [
        account.id for account in opened().first_accounts()
    ]


def test_no_two_accounts_of_any_two_books_share_an_id() -> None:
    accounts = [*opened(1).first_accounts(), *opened(2).first_accounts()]
    assert len({account.id for account in accounts}) == 18


def test_an_account_id_has_the_form_of_every_id_of_the_zone() -> None:
    prefix, digits = account_id(book_id(business()), "1002").split("_")
    assert (prefix, len(digits), int(digits, 16) > 0) == ("acc", 32, True)
