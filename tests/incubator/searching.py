"""A search of everything that is kept: documents, claims, events and stored answers, as text."""

from collections import Counter
from typing import Any

from services.chassis.testing.memory_store import MemoryStore

NOT_COUNTED = {"outbox", "idempotency", "claims"}
"""Events and answers only grow; a claim is given back with what it names."""


def where_found(store: MemoryStore, *words: str) -> set[str]:
    """The collections in which one of these words stands, whether as text or as bytes."""
    return {name for name, documents in store.collections.items() if any(word in spelt(documents) for word in words)}


def counted(store: MemoryStore) -> Counter[tuple[str, str]]:
    """How many documents there are, by collection and status."""
    return Counter(
        (name, str(document.get("status", "")))
        for name, documents in store.collections.items()
        for document in documents.values()
        if name not in NOT_COUNTED
    )


def spelt(value: Any) -> str:
    """A document as text, bytes read as text."""
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "replace")
    if isinstance(value, dict):
        return " ".join(f"{spelt(key)} {spelt(inner)}" for key, inner in value.items())
    return " ".join(map(spelt, value)) if isinstance(value, list | tuple) else str(value)
