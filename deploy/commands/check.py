"""`./zone check`"""

import subprocess
import sys
from pathlib import Path

import typer

from deploy.machine.zone_folder import ROOT
from deploy.terminal import say

CHECKS = {
    "format": ("ruff", "format", "--check", "--quiet", "."),
    "lint": ("ruff", "check", "--quiet", "."),
    "types": ("mypy",),
    "import contracts": ("lint-imports", "--no-cache"),
    "table of operations": ("python", "-m", "deploy", "operations", "--check"),
    "canvases": ("python", "-m", "deploy", "canvas", "--check"),
}


def check() -> None:
    """Check format, lint, types, import contracts, the table of operations and the canvases; all of them at once."""
    tools = Path(sys.executable).parent
    failed = []
    for name, (tool, *arguments) in CHECKS.items():
        say(f"{name}: {' '.join((tool, *arguments))}")
        if subprocess.run([tools / tool, *arguments], cwd=ROOT, check=False).returncode != 0:
            failed.append(name)
    if failed:
        say(f"not in order: {', '.join(failed)}")
        raise typer.Exit(1)
    say("all in order")
