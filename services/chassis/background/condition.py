"""The health of a part that works in the background: what readiness shows, and one log line for each change."""

from typing import Any, Literal

import structlog

State = Literal["ok", "degraded", "down"]
"""Doing its work; waiting for something that passes by itself; waiting for a person."""

LEVELS = {"ok": "info", "degraded": "warning", "down": "error"}


class Condition:
    """The state of one part and, unless it is `ok`, the reason in a sentence."""

    def __init__(self, part: str) -> None:
        self.state: State = "degraded"
        self.reason: str | None = "starting"
        self._log = structlog.get_logger(part)
        self._part = part

    def ok(self) -> None:
        self._become("ok", None)

    def degraded(self, reason: str) -> None:
        self._become("degraded", reason)

    def down(self, reason: str) -> None:
        self._become("down", reason)

    def _become(self, state: State, reason: str | None) -> None:
        if state != self.state:
            getattr(self._log, LEVELS[state])(f"{self._part}_{state}", reason=reason)
        self.state, self.reason = state, reason

    def health(self) -> dict[str, Any]:
        return {"state": self.state, "reason": self.reason}
