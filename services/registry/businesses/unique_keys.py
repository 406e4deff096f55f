"""The keys of what only one business has at a time: its codes, and the looks of its name."""

from collections.abc import Iterator

from services.contracts.registry.businesses import LegalForm
from services.registry.businesses.entry.identifiers import Identifier
from services.registry.businesses.entry.rules.name_rules import looks


def identifier_key(identifier: Identifier) -> str:
    """The claim of a code."""
    return f"identifier|{identifier.key}"


def name_keys(legal: str, form: LegalForm) -> Iterator[str]:
    """The claims of a name, one a look; individual households may be called alike."""
    if form != LegalForm.INDIVIDUAL_HOUSEHOLD:
        yield from (f"name|{look}" for look in looks(legal))
