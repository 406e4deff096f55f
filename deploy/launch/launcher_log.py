"""The log of the launcher itself: what it says on the terminal stands in `launcher.log` too, with its time."""

from pathlib import Path

from deploy import terminal
from deploy.complaint import Complaint
from deploy.machine.logs.line import Level, line_now
from deploy.machine.processes import rotate


class LauncherLog:
    """A new file for each start, as each process of the zone has one, and in the same form."""

    def __init__(self, file: Path) -> None:
        self._file = file
        rotate(file)
        file.touch()

    def say(self, sentence: str) -> None:
        """A step or a fact."""
        self._write("info", sentence)
        terminal.say(sentence)

    def warn(self, sentence: str) -> None:
        """Something went wrong, and is mended."""
        self._write("warning", sentence)
        terminal.warn(sentence)

    def fail(self, complaint: Complaint) -> None:
        """The zone stops for this; whoever raised it shows it."""
        self._write("error", complaint.sentence, *complaint.details.splitlines())

    def _write(self, level: Level, sentence: str, *details: str) -> None:
        with self._file.open("a") as log:
            log.writelines(f"{line}\n" for line in (line_now(level, sentence), *details))
