"""One business to register, as the list of the opening figures has it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from services.chassis.domain.times import rfc3339, zone_midnight


@dataclass(frozen=True, slots=True)
class Entry:
    """One business to register: the payload of its filing, and the place in the list of the one that hosts it.

    `payload["hosting"]["host_business_id"]` of a hosted business is None until its host has an id.
    """

    payload: dict[str, Any]
    host: int | None

    @property
    def code(self) -> str:
        """Its Unified Social Credit Code."""
        code: str = self.payload["identifiers"][0]["id"]
        return code

    @property
    def name(self) -> str:
        """Its legal name."""
        name: str = self.payload["name"]["legal"]
        return name

    @property
    def entered_at(self) -> str:
        """When it came to the zone: the moment at which that day began."""
        return rfc3339(zone_midnight(date.fromisoformat(self.payload["zone_entry_on"])))

    def hosted_by(self, business_id: str) -> dict[str, Any]:
        """The payload with its host named."""
        return self.payload | {"hosting": self.payload["hosting"] | {"host_business_id": business_id}}
