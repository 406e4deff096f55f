"""A bank account of the zone, files that are imported into it, and what its lines become."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from services.incubator.finance.book import ZONE_BOOK
from tests.incubator.finance.bank.files import ACCOUNT, PROFILE

V1 = "/v1/incubator"
Import = Callable[..., Awaitable[httpx.Response]]
Lines = Callable[..., Awaitable[list[Any]]]


async def added(staff: httpx.AsyncClient, **change: Any) -> httpx.Response:
    """A bank account of the zone."""
    body = {"book_id": ZONE_BOOK, "code": "1002", "name": "Example bank", "numbers": [ACCOUNT]}
    return await staff.post(
        f"{V1}/bank-accounts", json=body | {"csv_profile": PROFILE.model_dump(mode="json")} | change
    )


@pytest.fixture
async def account(staff: httpx.AsyncClient) -> Any:
    answer = await added(staff)
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture
def import_file(staff: httpx.AsyncClient, account: Any) -> Import:
    """Uploads a file and imports it."""

    async def import_file(content: bytes, format: str = "camt", **more: Any) -> httpx.Response:
        sent = await staff.post(
            f"{V1}/bank-statement-uploads", content=content, headers={"Content-Type": "application/xml"}
        )
        assert sent.status_code == 201, sent.text
        body = {"upload_id": sent.json()["id"], "bank_account_id": account["id"], "format": format}
        return await staff.post(f"{V1}/bank-statements", json=body | more)

    return import_file


@pytest.fixture
def lines(staff: httpx.AsyncClient, account: Any) -> Lines:
    """The lines of the bank account, by day."""

    async def lines(**asked: str) -> list[Any]:
        found: list[Any] = (await staff.get(f"{V1}/statement-lines", params={"limit": "200"} | asked)).json()["data"]
        return found

    return lines
