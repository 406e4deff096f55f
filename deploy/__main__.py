"""The zone's command line: `./zone <command>`."""

import errno
import importlib
import sys
from collections.abc import Sequence

from deploy import missing_package
from deploy.complaint import Complaint

try:
    import typer

    from deploy.terminal import show
except ModuleNotFoundError as missing:
    if (name := missing_package.library(missing.name)) is None:
        raise
    sys.exit(f"zone {missing_package.sentence(name)}")

COMMANDS = (
    "up",
    "status",
    "logs",
    "health",
    "metrics",
    "stop",
    "restart",
    "topics",
    "load",
    "kpis",
    "dead-letters",
    "rebuild",
    "backup",
    "restore",
    "mongo",
    "operations",
    "openapi",
    "asyncapi",
    "canvas",
    "init",
    "operator-key",
    "smoke",
    "trace-picture",
    "kpi-picture",
    "figures-key",
    "bench",
    "check",
    "test",
)
"""One file in `deploy/commands/` each, with a function of the same name, or an `app` where it has commands of its own.

A file may say in `CONTEXT_SETTINGS` how its arguments are read.
"""

NOT_OURS = "A file may not be used by this user (see below). As after sudo it is another's: take it over with chown."
WHAT_THE_SYSTEM_SAYS = {
    errno.EACCES: NOT_OURS,
    errno.EPERM: NOT_OURS,
    errno.ENOTDIR: "A file stands where a folder is wanted (see below): is ZONE_FOLDER the folder that you mean?",
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
    except ModuleNotFoundError as missing:
        name = missing_package.library(missing.name)
        if name is None:
            raise
        show(Complaint(missing_package.sentence(name)))
        sys.exit(1)
    except OSError as error:
        sentence = WHAT_THE_SYSTEM_SAYS.get(error.errno or 0)
        if sentence is None:
            raise
        show(Complaint(sentence, details=str(error)))
        sys.exit(1)


if __name__ == "__main__":
    main()
