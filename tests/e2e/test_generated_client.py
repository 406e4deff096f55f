"""A client that a generator makes from the document of the API: nothing of it is lost, and it registers a business."""

import importlib
import json
import os
import pkgutil
import re
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from deploy.clients.generators import python_client
from deploy.machine.zone_folder import ROOT
from tests.e2e.printed_tour import needs_its_programs, walk
from tests.public_document import write_public_document
from tests.zone_under_test import ZoneUnderTest, on_one_broker

pytestmark = pytest.mark.xdist_group("zone")

PACKAGE = "zone_client"
PAGE = "docs/partners.md"
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*")


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("document") / "openapi.json"
    write_public_document(file)
    return file


@pytest.fixture(scope="module")
def generated(document: Path) -> Iterator[ModuleType]:
    """The package that openapi-python-client makes of it without a warning; else this raises."""
    folder = document.parent / PACKAGE
    python_client(document, folder)
    sys.path.insert(0, str(folder.parent))
    yield importlib.import_module(PACKAGE)
    sys.path.remove(str(folder.parent))
    for name in [each for each in sys.modules if each.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


def operations(document: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for item in json.loads(document.read_text())["paths"].values():
        yield from ((each["operationId"], each) for each in item.values())


def modules(generated: ModuleType) -> dict[str, str]:
    """The module of each operation."""
    api = importlib.import_module(f"{generated.__name__}.api")
    found = pkgutil.walk_packages(api.__path__, f"{api.__name__}.")
    return {each.name.rpartition(".")[2]: each.name for each in found if not each.ispkg}


def test_no_operation_is_lost(document: Path, generated: ModuleType) -> None:
    assert {name for name, _ in operations(document)} == modules(generated).keys()


def test_every_example_of_an_answer_is_read_and_written_again_as_it_was(document: Path, generated: ModuleType) -> None:
    places = modules(generated)
    changed = []
    for name, operation in operations(document):
        module = importlib.import_module(places[name])
        for status, answer in operation["responses"].items():
            for example in answer.get("content", {}).get("application/json", {}).get("examples", {}).values():
                read = module._parse_response(client=None, response=Answered(int(status), example["value"]))
                if moments(read.to_dict()) != moments(example["value"]):
                    changed.append(f"{name} {status}")
    assert changed == []


def moments(value: Any) -> Any:
    """JSON with its timestamps read: the client writes them in another form of RFC 3339."""
    if isinstance(value, dict):
        return {name: moments(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [moments(inner) for inner in value]
    return datetime.fromisoformat(value) if isinstance(value, str) and TIMESTAMP.fullmatch(value) else value


class Answered:
    """An answer as the client's library has it."""

    def __init__(self, status_code: int, value: Any) -> None:
        self.status_code, self._value = status_code, value

    def json(self) -> Any:
        return self._value


@needs_its_programs
@on_one_broker
async def test_a_business_is_registered_with_it_as_the_page_for_partners_says(
    document: Path, generated: ModuleType, zone: ZoneUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    (program,) = re.findall(r"^```python program\n(.*?)^```$", (ROOT / PAGE).read_text(), re.MULTILINE | re.DOTALL)
    (document.parent / "register.py").write_text(program)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    said = await walk(PAGE, zone, document.parent)
    assert re.fullmatch(r"KEZ\d{10} active 示例伙伴机械有限公司\n", said)
