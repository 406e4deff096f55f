"""Fingerprints of the secrets that documents depend on: a backup holds no secret, and says which ones it needs."""

import hashlib
from collections.abc import Mapping
from typing import Final

from deploy.machine.zone_secrets import CURSOR_SECRET, EVENT_KEYS, KEY_PEPPER

NEEDED: Final = {
    KEY_PEPPER: "no key that was issued is taken any more",
    CURSOR_SECRET: "a candidate who is known is taken for a new one",
    EVENT_KEYS: "parked events cannot be replayed",
}
"""What comes of it where one is another. The identity pair is not among them: an identity lives for a minute."""


def prints_of(secrets: Mapping[str, str]) -> dict[str, str]:
    """SHA-256 of each; all are random enough that nobody finds them by it."""
    return {name: hashlib.sha256(secrets[name].encode()).hexdigest() for name in NEEDED}


def others_in(secrets: Mapping[str, str], wanted: Mapping[str, str]) -> list[str]:
    """What comes of it that these secrets are not those by which the documents were written."""
    found = prints_of(secrets)
    return [meaning for name, meaning in NEEDED.items() if found[name] != wanted.get(name)]
