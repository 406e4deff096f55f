"""A key: what a client shows at every call. The zone keeps a seal of it, never the key."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Literal, Self

from gateway.access.client import Client
from gateway.access.key_text import new_text, sealed
from gateway.access.scopes import chosen
from services.chassis.domain.aggregate import Aggregate
from services.chassis.domain.errors import Conflict
from services.chassis.domain.ids import new_id
from services.chassis.domain.ownership import part_of
from services.chassis.domain.times import Instant
from services.chassis.domain.violations import Violation, refuse
from services.contracts.gateway.access import ClientId, KeyId, KeyIssued, KeyRevoked

LAST_MOMENT = datetime(9999, 12, 31, 23, 59, 59, 999_000, UTC)


class KeyStatus(StrEnum):
    """What a key is good for at a moment; follows from its times alone."""

    PENDING = "pending"
    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"


class Key(Aggregate):
    """A key of a client: a seal of it (HMAC-SHA256 under a pepper), never the key itself.

    Attributes:
        hmac: the seal of the key, see `key_text.sealed`.
        last4: its last characters, by which people tell keys apart.
        given: the scopes that it was given; None is all of its client's.
        not_before, expires_at: it is good in `[not_before, expires_at)`.
        replaced_by: the key that a rotation put in its place.
    """

    collection: ClassVar[str] = "credentials"
    shown_to: ClassVar = part_of(Client, by="client_id")
    indexes: ClassVar[tuple[tuple[tuple[str, int], ...], ...]] = ((("client_id", 1), ("_id", 1)),)

    client_id: ClientId
    type: Literal["api_key"] = "api_key"
    hmac: str
    last4: str
    given: list[str] | None
    not_before: Instant
    expires_at: Instant | None
    revoked_at: Instant | None = None
    replaced_by: KeyId | None = None

    @classmethod
    def issue(
        cls,
        client: Client,
        *,
        pepper: bytes,
        at: datetime,
        scopes: Sequence[str] | None = None,
        not_before: datetime | None = None,
        expires_at: datetime | None = None,
        replaces: str | None = None,
    ) -> tuple[Self, str]:
        """A new key of a client, and its text: the only time that anyone sees it.

        Args:
            scopes: out of the client's; all of them where none are named.
            not_before: from when it is good; at once where it is not said.
            expires_at: until when, for ever where it is not said.

        Raises:
            Unprocessable: a scope that the client does not have; `expiry_in_the_past`, `expires_before_it_begins`.
        """
        given = chosen(scopes, client.scopes)
        begins = not_before or at
        if expires_at is not None:
            _check_end(begins, expires_at, at)
        id = new_id("key")
        text = new_text(id)
        key = cls(
            id=id,
            client_id=client.id,
            hmac=sealed(text.encode(), pepper),
            last4=text[-4:],
            given=given,
            not_before=begins,
            expires_at=expires_at,
        )
        scopes_now = sorted(key.scopes_of(client))
        key.record(KeyIssued(client_id=client.id, key_id=id, scopes=scopes_now, replaces=replaces))
        return key, text

    def scopes_of(self, client: Client) -> frozenset[str]:
        """What it may do today: never more than its client."""
        return client.scopes if self.given is None else client.scopes.intersection(self.given)

    def status(self, at: datetime) -> KeyStatus:
        """What it is good for at a moment."""
        if self.revoked_at is not None:
            return KeyStatus.REVOKED
        if self.expires_at is not None and self.expires_at <= at:
            return KeyStatus.EXPIRED
        return KeyStatus.ACTIVE if self.not_before <= at else KeyStatus.PENDING

    def rotate(self, client: Client, *, pepper: bytes, overlap: timedelta, at: datetime) -> tuple["Key", str]:
        """A key in place of this one, with the same scopes and as long a life; this one ends after the overlap.

        Raises:
            Conflict: `key_not_in_force`, `key_replaced`.
        """
        lifetime = None if self.expires_at is None else self.expires_at - self.not_before
        expires_at = None if lifetime is None else _later(at, lifetime)
        key, text = self._successor(client, pepper=pepper, at=at, not_before=at, expires_at=expires_at)
        if overlap:
            ends = at + overlap
            self.expires_at = ends if self.expires_at is None else min(ends, self.expires_at)
        else:
            self._end(at)
        return key, text

    def draw_anew(self, client: Client, *, pepper: bytes, at: datetime) -> tuple["Key", str]:
        """A successor with the same dates and another secret, where that of this key was lost; this one is revoked.

        Raises:
            Conflict: `key_not_in_force`, `key_replaced`.
        """
        key, text = self._successor(
            client, pepper=pepper, at=at, not_before=self.not_before, expires_at=self.expires_at
        )
        self._end(at)
        return key, text

    def _successor(
        self, client: Client, *, pepper: bytes, at: datetime, not_before: datetime, expires_at: datetime | None
    ) -> tuple["Key", str]:
        if self.status(at) in (KeyStatus.EXPIRED, KeyStatus.REVOKED):
            raise Conflict("This key is no longer good; issue a new one.", code="key_not_in_force")
        if self.replaced_by is not None:
            raise Conflict("This key was replaced before; rotate the one in its place.", code="key_replaced")
        key, text = Key.issue(
            client,
            pepper=pepper,
            at=at,
            scopes=None if self.given is None else sorted(self.scopes_of(client)),
            not_before=not_before,
            expires_at=expires_at,
            replaces=self.id,
        )
        self.replaced_by = key.id
        return key, text

    def revoke(self, *, at: datetime, by: str) -> None:
        """No longer good from now on; revoking it again changes nothing.

        Args:
            by: the key that asks.

        Raises:
            Conflict: `own_key`.
        """
        if by == self.id:
            raise Conflict("A key cannot revoke itself; rotate it, or use another.", code="own_key")
        self._end(at)

    def _end(self, at: datetime) -> None:
        if self.revoked_at is None:
            self.revoked_at = at
            self.record(KeyRevoked(client_id=self.client_id, key_id=self.id))


def _later(at: datetime, lifetime: timedelta) -> datetime:
    """The end of a life that begins now; at the latest the end of the calendar."""
    return at + min(lifetime, LAST_MOMENT - at)


def _check_end(begins: datetime, ends: datetime, at: datetime) -> None:
    if ends <= at:
        refuse(Violation("expiry_in_the_past", "A key expires after now, or it would never be good.", ("expires_at",)))
    if ends <= begins:
        refuse(Violation("expires_before_it_begins", "A key expires after it begins to be good.", ("expires_at",)))
