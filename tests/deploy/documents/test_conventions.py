"""The conventions of the API document: any generator takes it whole, and everything in it says what it is."""

import pytest

from services.chassis.specs.references import REFERENCE
from tests.deploy.documents.conventions_for_generators import FOR_GENERATORS
from tests.deploy.documents.conventions_of_words import OF_WORDS
from tests.deploy.documents.places import Json, Lack
from tests.public_document import public_document

DOCUMENT = public_document()
CONVENTIONS = [*FOR_GENERATORS, *OF_WORDS]


@pytest.mark.parametrize("lacks", CONVENTIONS, ids=lambda lacks: lacks.__name__)
def test_the_document_keeps_each_convention(lacks: Lack) -> None:
    assert sorted(set(lacks(DOCUMENT))) == []


def lacking() -> Json:
    """A document that keeps no convention."""
    members = {
        "a": {"type": "integer"},
        "b": {"type": "null"},
        "c": {"type": "array", "description": "Its c.", "default": [{}]},
        "kind": {"enum": ["a", "/"]},
        "of_id": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        "allowed_actions": {"type": "array", "items": {"type": "string"}},
    }
    thing = {"type": "object", "title": "Thing", "properties": members, "patternProperties": {"a": {}}}
    tag = {"name": "If-None-Match", "schema": {"anyOf": [thing, {"type": "null"}]}}
    one = {"type": "object", "description": "of two", "properties": {"kind": {"const": True}}}
    either = {"oneOf": [{"$ref": f"{REFERENCE}ThingView"}, {"$ref": f"{REFERENCE}NewThing"}]}
    zipped = {"application/zip": {"schema": {"type": "string"}}}
    answers = {"200": {"content": {"application/json": {"schema": either}, **zipped}}}
    body = {"content": {"application/json": {"schema": {"anyOf": [either["oneOf"][0], {"type": "null"}]}}}}
    operation = {"summary": "things", "responses": answers, "parameters": [tag], "requestBody": body}
    named = {"ThingView": thing, "NewThing": one, "Thing": one, "ThingViewKind": {"enum": ["b"]}}
    return {
        "components": {"schemas": named},
        "paths": {"/things": {"get": operation}},
    }


@pytest.mark.parametrize("lacks", CONVENTIONS, ids=lambda lacks: lacks.__name__)
def test_a_document_that_lacks_it_is_told_so(lacks: Lack) -> None:
    assert list(lacks(lacking()))
