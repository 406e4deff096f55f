"""What the launcher shows: its own sentences on stderr, what was asked for and the services' lines on stdout."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from deploy.complaint import Complaint

# rich leaves colours out where the output is no terminal or NO_COLOR is set.
output = Console(soft_wrap=True, highlight=False)
errors = Console(soft_wrap=True, highlight=False, stderr=True)


def say(sentence: str) -> None:
    """A step or a fact, on stderr."""
    errors.print(f"[bold]zone[/bold] {escape(sentence)}")


def warn(sentence: str) -> None:
    """Something that went wrong and is mended, on stderr."""
    errors.print(f"[bold yellow]zone[/bold yellow] {escape(sentence)}")


def show_rows(rows: Sequence[Sequence[str]]) -> None:
    """A table on stdout, its lines as long as they are: what a narrow terminal cut off could not be copied."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        line = "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        output.out(line.rstrip(), highlight=False)


def show(complaint: Complaint) -> None:
    """A complaint, with the last lines that explain it, on stderr."""
    errors.print(f"[bold red]zone[/bold red] {escape(complaint.sentence)}")
    for line in complaint.details.splitlines():
        errors.print(Text(f"  | {line}", style="dim"))
