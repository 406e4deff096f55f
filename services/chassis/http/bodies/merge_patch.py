"""JSON merge patch (RFC 7396): what is named is replaced, objects member by member, and null removes."""

from typing import Any


def merged(target: Any, patch: Any) -> Any:
    """A JSON value with a patch applied (RFC 7396 §2); neither of them is changed."""
    if not isinstance(patch, dict):
        return patch
    before = target if isinstance(target, dict) else {}
    kept = {name: value for name, value in before.items() if name not in patch}
    return kept | {name: merged(before.get(name), value) for name, value in patch.items() if value is not None}


class Patches:
    """In an annotated type: a body's member is a patch of a value of this type, and may be refused as that is."""

    def __init__(self, patched: Any) -> None:
        self.patched = patched
