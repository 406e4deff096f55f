"""The document of the public API, made once in a process of tests: it takes seconds, and a dozen files ask for it."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from deploy.documents import public_api

Json = dict[str, Any]


def public_document() -> Json:
    """The document of all services as they are, for whoever asks alone."""
    found: Json = json.loads(_written())
    return found


def write_public_document(file: Path) -> None:
    """Write it to a file, as `./zone up` does."""
    file.write_text(_written(), encoding="utf-8")


@cache
def _written() -> str:
    return public_api.as_text(public_api.public_document())
