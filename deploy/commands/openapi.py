"""`./zone openapi`: one OpenAPI document for the whole public API, written from the signatures of its routes.

The gateway reads it at start, and lets in what is in it and nothing else.
"""

import json
from typing import Annotated

import typer

from deploy.complaint import Complaint
from deploy.documents.public_api import Json, public_document
from deploy.machine.zone_folder import ROOT
from deploy.terminal import say

DOCUMENT = ROOT / "gateway" / "openapi.json"


def openapi(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail where the document is out of date.")
    ] = False,
) -> None:
    """Write gateway/openapi.json, the document of the public API, from the services' routes."""
    text = as_text(public_document())
    name = DOCUMENT.relative_to(ROOT)
    if check:
        if not is_current(text):
            raise Complaint(f"{name} is not what the services' routes say: run ./zone openapi and commit it.")
        say(f"{name} is what the services' routes say")
        return
    DOCUMENT.write_text(text)
    say(f"{name} written")


def is_current(text: str) -> bool:
    """Whether the document on disk is this one."""
    return DOCUMENT.exists() and DOCUMENT.read_text() == text


def as_text(document: Json) -> str:
    """A document as it is written: readable, and the same each time."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
