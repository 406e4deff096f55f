"""Data that a restore has made and verified, beside those of the zone, whose place they take in steps of which each may
be done twice."""

import json
import shutil
from pathlib import Path

from deploy.machine.disk import sync


class RestoredData:
    """The data of a restore in a zone's folder.

    Args:
        path: the zone's folder.
        mongo: its database, in whose place they are put.
        log: its broker's, which is filled anew.
        loaded: its note of a load of the opening figures.
        operator_key: the file of that key.

    Attributes:
        data: where they are made; until `take` nobody looks at what stands there.
    """

    def __init__(self, path: Path, *, mongo: Path, log: Path, loaded: Path, operator_key: Path) -> None:
        self.data = path / "mongo.restored"
        self._note = path / "restored.json"
        self._path, self._mongo, self._log = path, mongo, log
        self._loaded, self._operator_key = loaded, operator_key

    def take(self, *, opening_figures: str | None, keep_operator_key: bool) -> None:
        """Put them in the place of the zone's own.

        Killed at any moment it has either not begun, or whoever claims the folder next brings it to its end.

        Args:
            opening_figures: what the note of a load says from now on, if anything.
            keep_operator_key: whether the key that is here is one of the restored zone.
        """
        draft = self._note.with_suffix(".draft")
        draft.write_text(json.dumps({"opening_figures": opening_figures, "keep_operator_key": keep_operator_key}))
        sync(draft)
        draft.replace(self._note)
        sync(self._path)
        self.go_on()

    def go_on(self) -> None:
        """Bring to its end what `take` has begun, if it has; its note goes last."""
        if not self._note.exists():
            return
        told = json.loads(self._note.read_text())
        if self.data.exists():
            shutil.rmtree(self._mongo, ignore_errors=True)
            self.data.replace(self._mongo)
            sync(self._path)
        shutil.rmtree(self._log, ignore_errors=True)
        self._loaded.unlink(missing_ok=True)
        if told["opening_figures"] is not None:
            self._loaded.write_text(told["opening_figures"])
        if not told["keep_operator_key"]:
            self._operator_key.unlink(missing_ok=True)
        self._note.unlink()

    def forget(self) -> None:
        """Remove what a restore left that did not come to its end."""
        shutil.rmtree(self.data, ignore_errors=True)
