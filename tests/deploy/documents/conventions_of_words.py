"""What a document lacks for a developer to learn the API from it."""

import re
from collections.abc import Iterator

from services.chassis.specs.references import named_in
from tests.deploy.documents.places import Json, Lack, alternatives, objects_in, operations, properties, schemas

SENTENCE = re.compile(r"[^a-z\s].*[.!?]`?", re.DOTALL)
"""Begins with a capital, a digit or a code, and ends."""
EMPTY = {"the", "a", "an", "of", "it", "its", "is", "in", "and", "or", "what", "this", "that", "by", "to"}


def schemas_without_words(document: Json) -> Iterator[str]:
    for name, schema in schemas(document).items():
        if not SENTENCE.fullmatch(schema.get("description", "")):
            yield name


def members_without_words(document: Json) -> Iterator[str]:
    for name, schema in properties(document):
        if not SENTENCE.fullmatch(schema.get("description", "")):
            yield name


def parameters_without_words(document: Json) -> Iterator[str]:
    for name, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            if not SENTENCE.fullmatch(parameter.get("description", "")):
                yield f"{name} {parameter['name']}"


def operations_without_a_summary(document: Json) -> Iterator[str]:
    for name, operation in operations(document):
        if not SENTENCE.fullmatch(operation.get("summary", "")) or "\n" in operation["summary"]:
            yield name


def answers_without_words(document: Json) -> Iterator[str]:
    for name, operation in operations(document):
        for status, answer in operation["responses"].items():
            if not SENTENCE.fullmatch(answer.get("description", "")):
                yield f"{name} {status}"


def headers_that_mean_nothing(document: Json) -> Iterator[str]:
    """`If-None-Match` where no `ETag` is given, `If-Match` where no path names what is changed."""
    for name, operation in operations(document):
        parameters = {each["name"] for each in operation.get("parameters", ())}
        tagged = any("ETag" in answer.get("headers", {}) for answer in operation["responses"].values())
        if ("If-None-Match" in parameters and not tagged) or ("If-Match" in parameters and "{" not in name):
            yield name


def texts_without_a_bound(document: Json) -> Iterator[str]:
    """What callers send and may be of any length or form."""
    for name in sent(document):
        for each in objects_in(schemas(document)[name]):
            if each.get("type") == "string" and not {"enum", "pattern", "format", "maxLength"} & each.keys():
                yield name


def sent(document: Json) -> set[str]:
    """The named schemas of all that stands in a body."""
    found: set[str] = set()
    bodies = [each for _, operation in operations(document) for each in [operation.get("requestBody", {})]]
    left = {name for body in bodies for name in named_in(body)}
    while left := left - found:
        found |= left
        left = {name for each in left for name in named_in(schemas(document)[each])}
    return found


def ids_of_any_form(document: Json) -> Iterator[str]:
    for name, schema in properties(document):
        if name.endswith(("_id", ".next_cursor")) and not name.endswith((".request_id", ".trace_id")):
            told = [schema, *alternatives(schema)]
            if any(each.get("type") == "string" and not {"pattern", "maxLength"} & each.keys() for each in told):
                yield name


def actions_that_could_be_any(document: Json) -> Iterator[str]:
    for name, schema in properties(document):
        if name.endswith(".allowed_actions"):
            named = [schemas(document)[each] for each in named_in(schema["items"])]
            if not any("enum" in each for each in [schema["items"], *named]):
                yield name


def words_that_say_the_name_again(document: Json) -> Iterator[str]:
    for name, schema in properties(document):
        said = schema.get("description", "")
        if len(re.findall(r"[\w`%./-]+", said)) < 3 or meant(said) <= meant(name.rpartition(".")[2].replace("_", " ")):
            yield name


def meant(words: str) -> set[str]:
    """The words of a text that mean something, without their plural."""
    return {each.rstrip("s") for each in re.findall("[a-z]+", words.lower())} - EMPTY


OF_WORDS: list[Lack] = [
    schemas_without_words,
    members_without_words,
    parameters_without_words,
    operations_without_a_summary,
    answers_without_words,
    headers_that_mean_nothing,
    texts_without_a_bound,
    ids_of_any_form,
    actions_that_could_be_any,
    words_that_say_the_name_again,
]
