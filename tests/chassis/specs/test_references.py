"""References in a document follow the names of its schemas."""

import pytest

from services.chassis.specs.references import named_in, public_names, renamed

PAYLOAD = {
    "oneOf": [{"$ref": "#/components/schemas/ThingView"}],
    "discriminator": {"propertyName": "kind", "mapping": {"thing": "#/components/schemas/ThingView"}},
}
DOCUMENT = {"paths": {"/a": PAYLOAD}, "components": {"schemas": {"ThingView": {"enum": ["ThingView"]}}}}


def test_a_schema_is_renamed_wherever_it_stands() -> None:
    changed = renamed(DOCUMENT, {"ThingView": "Thing"})
    assert changed["components"]["schemas"] == {"Thing": {"enum": ["ThingView"]}}
    assert set(named_in(changed)) == {"Thing"}
    assert changed["paths"]["/a"]["discriminator"]["mapping"] == {"thing": "#/components/schemas/Thing"}


def test_what_has_no_other_name_keeps_its_own() -> None:
    assert renamed(DOCUMENT, {}) == DOCUMENT


def test_a_view_is_known_by_what_it_shows() -> None:
    assert public_names(["FilingView", "Money"]) == {"FilingView": "Filing", "Money": "Money"}


def test_two_classes_that_callers_could_not_tell_apart_are_refused() -> None:
    with pytest.raises(ValueError, match="know Filing and FilingView by one name, Filing"):
        public_names(["Filing", "FilingView"])
