"""What was published of every event: its JSON Schema, and samples that must be understood for ever.

`python -m tests.contracts.snapshots` writes the schemas anew. It refuses one that lost something: within a major a
contract only grows, and whatever else changes is an event of a new major.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deploy.documents.events import published_events
from services.chassis.domain.events import Event

Json = dict[str, Any]

FOLDER = Path(__file__).parent
SCHEMAS, SAMPLES = FOLDER / "schemas", FOLDER / "samples"
COMMAND = "python -m tests.contracts.snapshots"


def schema_of(event: type[Event]) -> Json:
    """The JSON Schema of an event's data as it is published, without the words that explain it."""
    schema: Json = without_words(event.model_json_schema(mode="serialization"))
    return schema


def without_words(schema: Any) -> Any:
    """A schema without its descriptions, which may change as one likes."""
    if isinstance(schema, dict):
        return {
            name: without_words(value)
            for name, value in schema.items()
            if not (name == "description" and isinstance(value, str))
        }
    return [without_words(each) for each in schema] if isinstance(schema, list) else schema


def stored_schema(wire_name: str) -> Json | None:
    """The schema as it was last written down; None for an event that never was."""
    path = SCHEMAS / f"{wire_name}.json"
    return json.loads(path.read_text()) if path.exists() else None


def samples_of(wire_name: str) -> list[Json]:
    """Data of this type as it was published at some time, oldest first."""
    path = SAMPLES / f"{wire_name}.json"
    return json.loads(path.read_text()) if path.exists() else []


def shrunk(old: Any, new: Any, place: str = "") -> Iterator[str]:
    """Where a schema takes back what another one promised, in the words of a reviewer.

    Members with a default, values and alternatives may be added; nothing may go away or change.
    """
    if not (isinstance(old, dict) and isinstance(new, dict)):
        if old != new:
            yield f"{place} was {json.dumps(old)} and is {json.dumps(new)}"
        return
    always, now_always = set(old.get("required", ())), set(new.get("required", ()))
    yield from (f"{place}/{member} is no longer always there" for member in sorted(always - now_always))
    yield from (f"{place}/{member} has no default: older events lack it" for member in sorted(now_always - always))
    for name, value in old.items():
        if name == "required":
            continue
        if name not in new:
            yield f"{place}/{name} is gone"
        elif name in ("enum", "anyOf", "oneOf"):
            kept = [json.dumps(each, sort_keys=True) for each in new[name]]
            yield from (f"{place}/{name} lost {each}" for each in value if json.dumps(each, sort_keys=True) not in kept)
        else:
            yield from shrunk(value, new[name], f"{place}/{name}")


def write() -> int:
    """Write every schema that is new or has grown. Returns the exit code: 1 where any has shrunk."""
    SCHEMAS.mkdir(exist_ok=True)
    faults = []
    for event in published_events():
        schema, stored = schema_of(event), stored_schema(event.wire_name)
        lost = list(shrunk(stored, schema)) if stored else []
        faults += [f"{event.wire_name}: {each}" for each in lost]
        if not lost:
            text = json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True)
            (SCHEMAS / f"{event.wire_name}.json").write_text(text + "\n")
    print("\n".join(faults) or "all schemas are as the events are")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(write())
