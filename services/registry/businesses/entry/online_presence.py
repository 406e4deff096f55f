"""Online presence: the shops and sites through which a business trades."""

from services.chassis.domain.part import Part
from services.registry.businesses.entry.contacts import WebAddress
from services.registry.businesses.entry.line import Line


class OnlinePresence(Part):
    """A shop or site through which a business trades."""

    platform: Line
    """The marketplace, or `web` for a site of its own."""
    url: WebAddress
    """Where customers find it."""
    licence_no: Line | None = None
    """The number of its licence for internet content (ICP), where it needs one."""
