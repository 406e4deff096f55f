"""`./zone asyncapi`: the AsyncAPI 3.0 document of everything that services tell each other."""

import json

import typer

from deploy.documents.events import events_document


def asyncapi() -> None:
    """Print the AsyncAPI document of the zone's events."""
    typer.echo(json.dumps(events_document(), ensure_ascii=False, indent=2))
