"""An e-mail address as an identity: two that mean one mailbox are one, and the store tells them apart by a seal.

The seal is HMAC-SHA256 under a key of the service, so that nobody finds a person in claims by trying addresses.
"""

import hashlib
import hmac
import unicodedata
from typing import Final

PURPOSE: Final = b"candidate e-mail"


class EmailSeal:
    """Seals e-mail addresses under a key.

    Args:
        secret: of the service; with another one, an address could be entered a second time.
    """

    def __init__(self, secret: bytes) -> None:
        self._key = hmac.new(secret, PURPOSE, hashlib.sha256).digest()

    def of(self, email: str) -> str:
        """64 hex digits, the same for all spellings of an address: NFC, trimmed, each letter in lower case by itself.

        No letter becomes two (ß stays), and nothing is known of the rules of single providers.
        """
        plain = "".join(
            lower if len(lower := letter.lower()) == 1 else letter
            for letter in unicodedata.normalize("NFC", email).strip()
        )
        return hmac.new(self._key, plain.encode(), hashlib.sha256).hexdigest()
