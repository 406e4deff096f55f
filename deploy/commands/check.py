"""`./zone check`"""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from deploy.clients.generators import python_client
from deploy.clients.languages import tried
from deploy.complaint import Complaint
from deploy.machine.zone_folder import ROOT
from deploy.terminal import say, show

CHECKS = {
    "format": ("ruff", "format", "--check", "--quiet", "."),
    "lint": ("ruff", "check", "--quiet", "."),
    "types": ("mypy",),
    "import contracts": ("lint-imports", "--no-cache"),
    "table of operations": ("python", "-m", "deploy", "operations", "--check"),
    "canvases": ("python", "-m", "deploy", "canvas", "--check"),
}


def check(
    clients: Annotated[
        bool,
        typer.Option(
            "--clients",
            help="Also generate clients with openapi-python-client and, in four languages, with openapi-generator. "
            "Needs Java and npm.",
        ),
    ] = False,
) -> None:
    """Check format, lint, types, import contracts, the table of operations and the canvases; all of them at once."""
    tools = Path(sys.executable).parent
    failed = []
    for name, (tool, *arguments) in CHECKS.items():
        say(f"{name}: {' '.join((tool, *arguments))}")
        if subprocess.run([tools / tool, *arguments], cwd=ROOT, check=False).returncode != 0:
            failed.append(name)
    if clients and not clients_are_whole():
        failed.append("clients")
    if failed:
        say(f"not in order: {', '.join(failed)}")
        raise typer.Exit(1)
    say("all in order")


def clients_are_whole() -> bool:
    """Whether every generator takes the document of the API whole; what it says otherwise is shown."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        document = folder / "openapi.json"
        with document.open("w") as written:
            subprocess.run([sys.executable, "-m", "deploy", "openapi"], cwd=ROOT, stdout=written, check=True)
        try:
            say("clients: openapi-python-client")
            python_client(document, folder / "zone_client")
            for language, warned in tried(document, folder):
                say(f"clients: openapi-generator, {language}: whole, {len(warned)} warnings")
        except Complaint as complaint:
            show(complaint)
            return False
    return True
