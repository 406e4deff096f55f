"""The export in the Open Cap Format (I5): complete, in decimal text, each partial transfer three objects."""

import hashlib
import io
import zipfile
from typing import Any

import httpx
import orjson
import pytest

from tests.incubator.conftest import Json
from tests.incubator.investment.conftest import MINE, Act, yuan

EMPTY = {"stock_plans", "stock_legend_templates", "vesting_terms", "valuations"}


@pytest.fixture
def export(first: httpx.AsyncClient) -> Act:
    """The files of the package, by their names."""

    async def export(**asked: str) -> Json:
        answer = await first.get(f"{MINE}/cap-table.ocf.zip", params=asked)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/zip")
        with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
            return {name: package.read(name) for name in package.namelist()}

    return export


def items(files: dict[str, bytes], name: str) -> list[Any]:
    found: list[Any] = orjson.loads(files[f"{name}.ocf.json"])["items"]
    return found


async def test_a_package_has_a_manifest_and_every_file_that_it_must_have_also_the_empty_ones_i5(export: Act) -> None:
    files = await export()
    manifest = orjson.loads(files.pop("Manifest.ocf.json"))
    assert manifest["ocf_version"] == "1.2.1-alpha+main"
    assert manifest["issuer"]["legal_name"] == "示例软件1号有限公司"
    assert (manifest["issuer"]["country_of_formation"], manifest["as_of"]) == ("CN", "2026-03-02")
    listed = {each["filepath"]: each["md5"] for name, of in manifest.items() if name.endswith("_files") for each in of}
    assert listed == {name: hashlib.md5(content).hexdigest() for name, content in files.items()}
    assert {name.removesuffix(".ocf.json") for name in files} == EMPTY | {
        "stock_classes",
        "stakeholders",
        "transactions",
    }
    assert [orjson.loads(content)["items"] for content in files.values()] == [[]] * 7


async def test_classes_and_stakeholders_are_described_by_what_the_format_asks_for_i5(
    investor: Act, share_class: Act, issue: Act, export: Act
) -> None:
    common = await share_class(par_value={"amount": 150, "currency": "CNY"}, votes_per_share=10, seniority=2)
    founder, fund = await investor(name="示例·艾力"), await investor(name="示例基金", kind="fund")
    for each in (founder, fund):
        await issue(common, each, 10)
    files = await export()
    assert items(files, "stock_classes") == [
        {
            "id": common["id"],
            "object_type": "STOCK_CLASS",
            "name": "普通股",
            "class_type": "COMMON",
            "default_id_prefix": "CS-",
            "initial_shares_authorized": "10000",
            "votes_per_share": "10",
            "seniority": "2",
            "par_value": {"amount": "1.5", "currency": "CNY"},
        }
    ]
    assert [(each["name"]["legal_name"], each["stakeholder_type"]) for each in items(files, "stakeholders")] == [
        ("示例·艾力", "INDIVIDUAL"),
        ("示例基金", "INSTITUTION"),
    ]


async def test_quantities_and_amounts_are_decimal_text_in_major_units_i5(
    investor: Act, share_class: Act, issue: Act, export: Act
) -> None:
    await issue(await share_class(), await investor(), 3, paid=yuan(10))
    (issued,) = items(await export(), "transactions")
    assert (issued["object_type"], issued["quantity"], issued["custom_id"]) == ("TX_STOCK_ISSUANCE", "3", "CS-1")
    assert issued["share_price"] == {"amount": "3.3333333333", "currency": "CNY"}
    assert (issued["security_law_exemptions"], issued["stock_legend_ids"]) == ([], [])


async def test_a_partial_transfer_is_three_objects_with_securities_of_their_own_i5(
    investor: Act, share_class: Act, issue: Act, enact: Act, export: Act
) -> None:
    founder, buyer = await investor(), await investor()
    await issue(await share_class(), founder, 1_000)
    await enact("transfer", certificate="CS-1", shares=400, to_investor_id=buyer["id"])
    issued, transfer, moved, left = items(await export(), "transactions")
    assert (transfer["object_type"], transfer["quantity"]) == ("TX_STOCK_TRANSFER", "400")
    assert transfer["security_id"] == issued["security_id"]
    assert transfer["resulting_security_ids"] == [moved["security_id"]]
    assert transfer["balance_security_id"] == left["security_id"]
    assert (moved["quantity"], left["quantity"]) == ("400", "600")
    assert len({each["id"] for each in (issued, transfer, moved, left)}) == 4


async def test_what_is_cancelled_with_a_transfer_is_cancelled_from_its_balance_i5(
    investor: Act, share_class: Act, issue: Act, enact: Act, export: Act
) -> None:
    founder, buyer = await investor(), await investor()
    await issue(await share_class(), founder, 1_000)
    await enact("transfer", certificate="CS-1", shares=400, to_investor_id=buyer["id"], cancel_rest=True)
    _, transfer, balance, cancelled, moved = items(await export(), "transactions")
    assert transfer["balance_security_id"] == balance["security_id"] == cancelled["security_id"]
    assert (balance["quantity"], cancelled["quantity"], moved["quantity"]) == ("600", "600", "400")


async def test_every_other_event_is_its_transaction_and_as_of_leaves_later_ones_out_i5(
    investor: Act, share_class: Act, issue: Act, enact: Act, export: Act
) -> None:
    common = await share_class()
    await issue(common, await investor(), 119)
    await enact("split", share_class_id=common["id"], numerator=8, denominator=10, price_per_share=yuan(1))
    await enact("cancel", certificate="CS-1", shares=5, reason="减资")
    await enact("repurchase", certificate="CS-2", shares=90, paid=yuan(180))
    await enact("authorise", on="2026-02-01", share_class_id=common["id"], authorised=20_000)
    files = await export()
    assert [each["object_type"].removeprefix("TX_STOCK_") for each in items(files, "transactions")] == [
        "ISSUANCE",
        "CLASS_SPLIT",
        "CANCELLATION",
        "ISSUANCE",
        "REPURCHASE",
        "CLASS_AUTHORIZED_SHARES_ADJUSTMENT",
    ]
    _, split, _, _, repurchase, _ = items(files, "transactions")
    assert split["split_ratio"] == {"numerator": "8", "denominator": "10"}
    assert split["comments"][1].endswith("1/5 of a share, 0.2 CNY")
    assert repurchase["price"] == {"amount": "2", "currency": "CNY"}
    assert len(items(await export(as_of="2026-01-31"), "transactions")) == 5
