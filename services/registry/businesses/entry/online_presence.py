"""Online presence: the shops and sites through which a business trades."""

from services.registry.businesses.entry.contacts import WebAddress
from services.registry.businesses.entry.part import Line, Part


class OnlinePresence(Part):
    """A shop or site through which a business trades."""

    platform: Line
    url: WebAddress
    licence_no: Line | None = None
