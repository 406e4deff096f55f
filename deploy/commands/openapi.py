"""`./zone openapi`: one OpenAPI document for the whole public API, made from the signatures of its routes."""

import typer

from deploy.documents.public_api import as_text, public_document


def openapi() -> None:
    """Print the OpenAPI document of the public API."""
    typer.echo(as_text(public_document()), nl=False)
