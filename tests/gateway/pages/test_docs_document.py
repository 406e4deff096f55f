"""The document as its page shows it says all that the published one says, and leads on."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from gateway.pages.assets import GENERATOR_SETTINGS
from gateway.pages.docs_document import FIRST_STEPS, docs_document
from gateway.pages.problem_pages import explanations

pytestmark = pytest.mark.xdist_group("pages")

Json = dict[str, Any]
LINK = re.compile(r"\]\(([^)]+)\)")
CALLED = re.compile(r"\$ZONE(/[^\s\"?]*)")


@pytest.fixture(scope="module")
def document(openapi_file: Path) -> Json:
    read: Json = json.loads(openapi_file.read_text())
    return read


@pytest.fixture(scope="module")
def shown(document: Json) -> Json:
    return docs_document(document)


def operations(document: Json) -> list[tuple[str, str, Json]]:
    return [(method, path, each) for path, item in document["paths"].items() for method, each in item.items()]


def test_every_operation_and_every_schema_is_shown(document: Json, shown: Json) -> None:
    assert shown["components"] == document["components"]
    for (method, path, published), (*place, seen) in zip(operations(document), operations(shown), strict=True):
        assert place == [method, path]
        assert {**seen, "summary": "", "description": ""} == {**published, "summary": "", "description": ""}
        assert seen["description"].startswith(published.get("description", ""))


def test_every_operation_stands_in_a_part_of_the_menu_that_is_named_for_its_service(shown: Json) -> None:
    groups = {group["name"]: group["tags"] for group in shown["x-tagGroups"]}
    assert list(groups) == ["Registry", "Incubator", "Metrics", "Access"]
    assert sorted(tag for tags in groups.values() for tag in tags) == sorted(tag["name"] for tag in shown["tags"])
    for _, path, operation in operations(shown):
        service = path.split("/")[2].capitalize()
        assert set(operation["tags"]) <= set(groups.get(service, groups["Access"]))


def test_an_operation_says_what_scope_it_asks_for(shown: Json) -> None:
    for _, path, operation in operations(shown):
        scopes = [scope for each in operation.get("security", ()) for scope in each["zone"]]
        assert all(f"`{scope}`" in operation["description"] for scope in scopes), path
        assert operation.get("security") or "Open to all" in operation["description"], path


def test_every_problem_of_its_own_is_linked_to_what_it_means(document: Json, shown: Json) -> None:
    declared = 0
    for _, path, operation in operations(shown):
        for answer in operation["responses"].values():
            for code in answer.get("x-problem-codes", ()):
                declared += 1
                assert f"(/problems/{code})" in operation["description"], path
    assert declared > 100
    every = [code for codes in document["x-problem-codes"].values() for code in codes]
    assert all(f"(/problems/{code})" in shown["info"]["description"] for code in every)


def test_every_link_to_a_problem_leads_to_one(shown: Json) -> None:
    said = json.dumps(shown)
    assert set(re.findall(r"\(/problems/(\w+)\)", said)) <= set(explanations())


def test_the_first_steps_call_what_is_there(document: Json) -> None:
    steps = FIRST_STEPS.read_text()
    called = {re.sub(r"\$FILING", "{filing_id}", path) for path in CALLED.findall(steps)}
    assert len(called) >= 4
    pages = {"/problems", "/openapi.json", f"/assets/{GENERATOR_SETTINGS}"}
    assert called <= {*document["paths"], *pages}
    anchors = {f"#tag/{each['tags'][0]}/{method.upper()}{path}" for method, path, each in operations(document)}
    assert set(LINK.findall(steps)) <= pages | anchors


def test_the_body_that_the_first_steps_take_from_the_document_is_the_only_one_there(document: Json) -> None:
    contents = document["paths"]["/v1/registry/registrations"]["post"]["requestBody"]["content"].values()
    assert [len(each["examples"]) for each in contents] == [1]


def test_a_document_without_tags_codes_or_a_description_is_shown_too() -> None:
    bare = {
        "info": {"title": "x"},
        "paths": {"/v1/a": {"get": {"operationId": "a", "responses": {}}}},
        "components": {},
    }
    assert docs_document(bare)["paths"]["/v1/a"]["get"]["description"] == "Open to all: it needs no key."
