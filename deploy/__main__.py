"""The zone's command line: `./zone <command>`."""

import errno
import importlib
import sys
from collections.abc import Sequence

import typer

from deploy.complaint import Complaint
from deploy.terminal import show

COMMANDS = (
    "up",
    "status",
    "logs",
    "stop",
    "restart",
    "topics",
    "load",
    "kpis",
    "dead-letters",
    "rebuild",
    "operations",
    "openapi",
    "asyncapi",
    "canvas",
    "init",
    "smoke",
    "trace-picture",
    "kpi-picture",
    "bench",
    "check",
    "test",
)
"""One file in `deploy/commands/` each, with a function of the same name, or an `app` where it has commands of its own.

A file may say in `CONTEXT_SETTINGS` how its arguments are read.
"""

WHAT_THE_SYSTEM_SAYS = {
    errno.ENOSPC: "The disk is full: make room, then try again.",
    errno.EDQUOT: "The disk quota is used up: make room, then try again.",
    errno.EROFS: "The zone's folder is on a read-only file system: move the repository.",
}


def command_line(names: Sequence[str]) -> typer.Typer:
    """The command line with these commands; only their files are imported, which is what a start takes its time for."""
    app = typer.Typer(
        help="A running economic zone on one machine.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        callback=lambda: None,  # with one command alone, typer would want its name left out
    )
    for name in names:
        word = name.replace("-", "_")
        module = importlib.import_module(f"deploy.commands.{word}")
        if hasattr(module, "app"):
            app.add_typer(module.app, name=name)
        else:
            app.command(name, context_settings=getattr(module, "CONTEXT_SETTINGS", None))(getattr(module, word))
    return app


def main() -> None:
    """Run a command; what a person can put right is said in one sentence."""
    chosen = sys.argv[1:2]
    try:
        command_line(chosen if set(chosen) & set(COMMANDS) else COMMANDS)(prog_name="zone")
    except Complaint as complaint:
        show(complaint)
        sys.exit(1)
    except OSError as error:
        sentence = WHAT_THE_SYSTEM_SAYS.get(error.errno or 0)
        if sentence is None:
            raise
        show(Complaint(sentence, details=str(error)))
        sys.exit(1)


if __name__ == "__main__":
    main()
