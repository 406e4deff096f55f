"""What the tests of invoices read of the books, and how they charge a tenant."""

from typing import Any

import httpx

from services.chassis.testing.memory_store import MemoryStore
from services.incubator.finance.book import ZONE_BOOK
from services.incubator.tenants.tenant import book_id
from tests.incubator.registry_says import business

INVOICES, PAYMENTS = "/v1/incubator/invoices", "/v1/incubator/payments"


def charge(amount: int = 100_00, tax_rate_bps: int = 0, **more: Any) -> dict[str, Any]:
    """A line of an invoice."""
    return {"kind": "space", "description": "Desk", "amount": amount, "tax_rate_bps": tax_rate_bps, **more}


async def invoiced(
    staff: httpx.AsyncClient, *amounts: int, tax_rate_bps: int = 0, number: int = 1, due_on: str | None = None
) -> dict[str, Any]:
    """A finalised invoice of these amounts to the business with this number."""
    lines = [charge(amount, tax_rate_bps) for amount in amounts or (100_00,)]
    draft = (await staff.post(INVOICES, json={"business_id": business(number), "lines": lines})).json()
    answer = await staff.post(f"{INVOICES}/{draft['id']}/finalise", json={"due_on": due_on})
    assert answer.status_code == 200, answer.text
    invoice: dict[str, Any] = answer.json()
    return invoice


def balances(store: MemoryStore, book: str) -> dict[str, int]:
    """Code → debits less credits, of the accounts of a book that hold something."""
    held = {row["code"]: row["debit"] - row["credit"] for row in store.rows("accounts") if row["book_id"] == book}
    return {code: balance for code, balance in held.items() if balance}


def zones(store: MemoryStore) -> dict[str, int]:
    return balances(store, ZONE_BOOK)


def tenants(store: MemoryStore, number: int = 1) -> dict[str, int]:
    return balances(store, book_id(business(number)))
