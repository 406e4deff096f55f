"""`./zone operations`: the table of operations, written from the signatures of the services' routes.

The gateway reads it at start, and lets in what is in it and nothing else.
"""

from typing import Annotated

import typer

from deploy.complaint import Complaint
from deploy.documents.operations import operations_of
from deploy.documents.public_api import public_document
from deploy.machine.zone_folder import ROOT
from deploy.terminal import say
from gateway.edge.operation import as_text
from gateway.edge.operations import FILE


def operations(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail where the table is out of date.")] = False,
) -> None:
    """Write gateway/operations.tsv, what the edge lets through, from the services' routes."""
    text = as_text(operations_of(public_document()))
    name = FILE.relative_to(ROOT)
    if check:
        if not FILE.exists() or FILE.read_text() != text:
            raise Complaint(f"{name} is not what the services' routes say: run ./zone operations and commit it.")
        say(f"{name} is what the services' routes say")
        return
    FILE.write_text(text)
    say(f"{name} written")
