"""The document of the API that pages show, made once for all of their tests."""

from pathlib import Path

import pytest

from tests.public_document import write_public_document


@pytest.fixture(scope="session")
def openapi_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("document") / "openapi.json"
    write_public_document(file)
    return file
