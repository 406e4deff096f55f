"""A key as its holder writes it: `zk_live_<key id>_<32 random bytes><checksum>`; how it is made, read and stored."""

import base64
import hashlib
import hmac
import re
import secrets
import zlib

PREFIX = "zk_live_"
_TEXT = re.compile(rb"zk_live_([0-9a-f]{32})_[A-Za-z0-9_-]{43}([0-9a-f]{8})")


def new_text(key_id: str) -> str:
    """A fresh key for an id `key_<32 hex>`. Whoever has it is the client: it is shown once and stored nowhere."""
    secret = base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()
    text = f"{PREFIX}{key_id.removeprefix('key_')}_{secret}"
    return text + _checksum(text.encode()).decode()


def id_in(text: bytes) -> str | None:
    """The key id in a key; None for what was never one: mistyped, cut off, or of another environment.

    The checksum (CRC-32, not a secret) lets such be refused without a question to the store, and lets scanners of
    repositories recognise a key that leaked.
    """
    match = _TEXT.fullmatch(text)
    if match is None or match[2] != _checksum(text[:-8]):
        return None
    return f"key_{match[1].decode()}"


def sealed(text: bytes, pepper: bytes) -> str:
    """What is stored of a key: HMAC-SHA256 (RFC 2104) under a pepper that is not in the database, as hex.

    The secret has 256 random bits, so nothing slower than one hash is needed to keep it from being guessed.
    """
    return hmac.new(pepper, text, hashlib.sha256).hexdigest()


def _checksum(text: bytes) -> bytes:
    return b"%08x" % zlib.crc32(text)
