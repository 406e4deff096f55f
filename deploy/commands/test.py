"""`./zone test`"""

import os
import sys

import typer

from deploy.machine.zone_folder import ROOT

CONTEXT_SETTINGS = {"allow_extra_args": True, "ignore_unknown_options": True}
ALL_OF_THEM = ("--numprocesses", "auto", "--dist", "loadfile")
"""A run of everything uses every processor; the tests of a file stay together, as they share their servers."""


def test(context: typer.Context) -> None:
    """Run the tests, with servers of their own on free ports. Arguments go to pytest as they are."""
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *(context.args or ALL_OF_THEM)])
