"""Fault switches between a run and its processes: a file each, so that they work while a process is stopped or dead."""

from pathlib import Path


class Switches:
    """What one process is to do wrong, and where.

    Args:
        folder: shared by all processes of a run.
        name: of the process.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, name

    def turn_on(self, switch: str, text: str = "") -> None:
        """Let it happen; `text` says more."""
        draft = self._folder / f"{self._name}.{switch}.draft"
        draft.write_text(text)
        draft.replace(self._file(switch))  # a reader sees all of it or nothing

    def turn_off(self, switch: str) -> None:
        self._file(switch).unlink(missing_ok=True)

    def is_on(self, switch: str) -> bool:
        return self._file(switch).exists()

    def read(self, switch: str) -> str | None:
        """Its text; None while it is off."""
        try:
            return self._file(switch).read_text()
        except FileNotFoundError:
            return None

    def take(self, switch: str) -> str | None:
        """Its text, once: it is off afterwards, and of two that take it one gets it."""
        mine = self._file(switch).with_suffix(".taken")
        try:
            self._file(switch).rename(mine)
        except FileNotFoundError:
            return None
        text = mine.read_text()
        mine.unlink()
        return text

    def _file(self, switch: str) -> Path:
        return self._folder / f"{self._name}.{switch}"
