"""The first steps of the documentation, taken as they are printed."""

import json
from pathlib import Path

import pytest

from deploy.documents.api_examples import add_examples
from deploy.public_api import call
from deploy.services import WITH_GATEWAY, assembled, modules_called
from tests.e2e.printed_tour import blocks_of, needs_its_programs, run
from tests.zone_under_test import People, ZoneUnderTest, on_one_broker

pytestmark = [pytest.mark.xdist_group("zone"), on_one_broker]


def document_of_the_registry() -> str:
    """The part of the document that the steps read; the whole of it takes four times as long to make."""
    document = assembled("registry").openapi()
    for module in modules_called("examples", WITH_GATEWAY["registry"]):
        add_examples(document, module)
    return json.dumps(document)


@needs_its_programs
async def test_a_partner_gets_from_a_key_to_a_filing_and_a_refusal(
    zone: ZoneUnderTest, people: People, tmp_path: Path
) -> None:
    zone.folder.openapi.write_text(document_of_the_registry())
    key = people.partner.headers["Authorization"].removeprefix("Bearer ")
    printed = "\n".join(blocks_of("gateway/pages/first_steps.md"))
    said = (await run(printed.replace("http://127.0.0.1:8000", zone.url).replace("zk_live_…", key), tmp_path)).split()
    assert said.count('"submitted",') == 2, "it is said by the answer, and when it is read again"
    assert '"validation_failed",' in said
    (filing,) = (await call(people.partner, "GET", "/v1/registry/filings", about="test")).body["data"]
    await people.act(people.partner, filing, "withdraw", {})  # the example's code is free again
