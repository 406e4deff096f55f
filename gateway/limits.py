"""What one client may have under way at a process of the gateway: enforced at the edge, and told by `/v1/me`."""

from typing import Final, NamedTuple

MIB: Final = 1024 * 1024
SLOTS: Final = 100
"""Short requests that a service is given at a time."""
OWN_AT_ONCE: Final = 25
"""Requests to the gateway's own routes that one client may have under way: as many as at a service."""
BODIES: Final = 64 * MIB
"""Bytes of bodies that are read whole before they go on, of all clients together."""
BODIES_A_CLIENT: Final = 16 * MIB
"""Bytes of them, of one client."""


class Bound(NamedTuple):
    """How many there are at once, of all clients together and of one of them."""

    in_all: int
    a_client: int


def of_requests(slots: int = SLOTS) -> Bound:
    """Requests at one service, but for the others here."""
    return Bound(slots, max(1, slots // 4))


def of_uploads(slots: int = SLOTS) -> Bound:
    """Uploads to one service that are passed on as they come: they last as long as their senders like."""
    return Bound(max(1, slots // 5), max(1, slots // 20))


def of_streams(slots: int = SLOTS) -> Bound:
    """Streams of one service: they last for ever, and their number is no measure of work."""
    return Bound(5 * slots, 2)
