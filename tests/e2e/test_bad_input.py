"""Whatever is sent to a public route, by whomever: a 4xx problem that names the place, or a harmless 2xx; no 5xx."""

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from deploy.public_api import call, connect, the_office
from gateway.access.scopes import KINDS, Kind
from gateway.pages.problem_pages import explanations
from services.chassis.domain.texts.text import many_lines, one_line
from services.chassis.domain.violations import Violated
from services.chassis.http.client import Client, Response
from services.chassis.http.client import client as http_client
from tests.e2e import wrong
from tests.e2e.nouns import a_target, an_alert, an_alert_rule, an_export, an_objection, incubator_nouns
from tests.e2e.wrong import MARK, Attempt, Operation, in_turn
from tests.public_document import public_document
from tests.zone_under_test import People, ZoneUnderTest, on_one_broker

# The broker changes nothing of what is refused.
pytestmark = [pytest.mark.xdist_group("zone"), on_one_broker]

PUBLIC: dict[str, Any] = public_document()
OPERATIONS = wrong.operations(PUBLIC)
WITH_BODY = [each for each in OPERATIONS if each.examples]
WITH_PATH = [each for each in OPERATIONS if each.parameters("path")]
READS = [each for each in OPERATIONS if each.method == "GET"]
AT_ONCE = 8


@dataclass(frozen=True)
class Targets:
    """A key of each kind of caller, and objects of other partners for the parameters of paths, which may be spoilt."""

    url: str
    keys: Mapping[Kind, str]
    objects: Mapping[str, str]

    def path(self, operation: Operation) -> str:
        """Where an operation finds something, as far as its parameters are known."""
        unknown = dict.fromkeys(operation.parameters("path"), "none")
        return operation.path.format(**{**unknown, **self.objects})

    async def answers(self, attempts: Iterable[Attempt], kind: Kind | None) -> list[tuple[Attempt, Response]]:
        """Each attempt with its answer, some at a time."""
        waiting = asyncio.Semaphore(AT_ONCE)

        async def one(http: Client, attempt: Attempt) -> tuple[Attempt, Response]:
            headers = [(name.encode(), value.encode()) for name, value in attempt.headers.items()]
            async with waiting:
                sent = http.build_request(attempt.method, attempt.target, headers=headers, content=attempt.body)
                return attempt, await http.send(sent)

        opened = connect(self.url, self.keys[kind]) if kind else http_client(self.url)
        async with opened as http:
            return await asyncio.gather(*(one(http, attempt) for attempt in attempts))


@pytest.fixture(scope="module")
def targets(zone: ZoneUnderTest) -> Targets:
    """Made once for all tests of this file."""
    return asyncio.run(_made(zone))


async def _made(zone: ZoneUnderTest) -> Targets:
    async with zone.people() as people:
        business = await people.registered()
        tenant = await people.tenant(business["id"])
        filing = await people.draft()
        spoilt = await _posted(people, "/v1/partners", {"legal_name": "示例被试伙伴 (synthetic)"})
        client = await _posted(people, f"/v1/partners/{spoilt['id']}/clients", {"kind": "partner"})
        key = await _posted(people, f"/v1/clients/{client['id']}/keys", {})
        partner = await _posted(people, "/v1/partners", {"legal_name": "示例试探伙伴 (synthetic)"})
        keys = {}
        office = await the_office(people.operator, about="test")
        for kind in KINDS:
            owner = partner if kind == "partner" else office
            caller = await _posted(people, f"/v1/partners/{owner['id']}/clients", {"kind": kind})
            keys[kind] = (await _posted(people, f"/v1/clients/{caller['id']}/keys", {}))["key"]
        async with connect(zone.url, keys["officer"]) as officer, connect(zone.url, keys["supervisor"]) as supervisor:
            rule = await an_alert_rule(people.operator)
            nouns = await incubator_nouns(officer, business["id"], tenant["book_id"])
            nouns["export_id"] = await an_export(officer)
            nouns["objection_id"] = await an_objection(people, officer, supervisor)
            nouns |= {"rule_id": rule, "alert_id": await an_alert(officer, rule)}
        nouns["target_id"] = await a_target(people.operator)
        nouns["snapshot_id"] = (await _posted(people, "/v1/metrics/snapshots", {"period": "2020"}))["id"]
        nouns["rebuild_id"] = (await _posted(people, "/v1/metrics/rebuilds", {}))["id"]
    objects = nouns | {
        "business_id": business["id"],
        "filing_id": filing["id"],
        "book_id": tenant["book_id"],
        "kpi_id": "valuation_total",
        "contributor_id": business["id"],
        "number": "1",
        "partner_id": spoilt["id"],
        "client_id": client["id"],
        "key_id": key["id"],
    }
    return Targets(zone.url, keys, objects)


async def _posted(people: People, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
    return (await call(people.operator, "POST", path, about="test", json=body)).body


def check(attempt: Attempt, answer: Response) -> None:
    """That an answer is one that an attempt may get."""
    about = f"{attempt.method} {attempt.target[:200]} – {attempt.about}: {answer.status_code} {answer.text[:500]}"
    assert answer.status_code < 500, about
    assert not attempt.statuses or answer.status_code in attempt.statuses, about
    if answer.status_code < 400:
        return
    assert answer.headers["content-type"] == "application/problem+json", about
    problem = answer.json()
    assert problem["status"] == answer.status_code, about
    assert problem["code"] in explanations(), about
    assert problem["request_id"] == answer.headers["x-request-id"], about
    assert len(answer.content) < 100_000, about
    said = [problem["title"], problem["detail"], *(each["detail"] for each in problem.get("errors", ()))]
    assert not any(MARK in each or "Traceback" in each for each in said), about
    for kind, place in attempt.places:
        named = [each[kind] for each in problem.get("errors", ()) if kind in each]
        assert any(each == place or each.startswith(f"{place}/") for each in named), f"{place}: {about}"


def name(operation: Operation) -> str:
    return operation.id


@pytest.mark.parametrize("operation", WITH_BODY, ids=name)
async def test_a_body_that_cannot_be_read_is_refused(targets: Targets, operation: Operation) -> None:
    attempts = [*wrong.unreadable(operation, targets.path(operation))]
    attempts += wrong.wrongly_labelled(operation, targets.path(operation))
    for attempt, answer in await targets.answers(in_turn(operation, attempts, one_of=4), operation.caller):
        check(attempt, answer)


TEXTS = FormatChecker(formats=())
TEXTS.checks("one-line", Violated)(lambda text: not isinstance(text, str) or one_line(text) is not None)
TEXTS.checks("multi-line", Violated)(lambda text: not isinstance(text, str) or many_lines(text) is not None)


@cache
def body_of(operation_id: str) -> Draft202012Validator:
    """What the document says of the body of an operation."""
    operation = next(each for each in OPERATIONS if each.id == operation_id)
    body = operation.described["requestBody"]
    forms = [body["content"]["application/json"]["schema"], *([] if body["required"] else [{"type": "null"}])]
    return Draft202012Validator({"anyOf": forms, "components": PUBLIC["components"]}, format_checker=TEXTS)


@pytest.mark.parametrize("operation", WITH_BODY, ids=name)
async def test_what_the_schema_of_a_body_forbids_is_refused_with_its_place(
    targets: Targets, operation: Operation
) -> None:
    attempts, schema = [], body_of(operation.id)
    for spoilt in wrong.spoilt(operation):
        forbidden = [path for path, body in spoilt.each.items() if not schema.is_valid(body)]
        places = tuple(("pointer", wrong.pointer(path)) for path in forbidden)
        attempts.append(
            Attempt(
                about=spoilt.about,
                method=operation.method,
                target=targets.path(operation),
                headers=wrong.JSON,
                body=spoilt.text,
                statuses=frozenset({400, 422}) if forbidden else frozenset(),
                places=places,
            )
        )
    for attempt, answer in await targets.answers(attempts, operation.caller):
        check(attempt, answer)


@pytest.mark.parametrize("operation", OPERATIONS, ids=name)
async def test_a_header_that_cannot_be_read_is_refused_by_its_name(targets: Targets, operation: Operation) -> None:
    attempts = in_turn(operation, wrong.wrong_headers(operation, targets.path(operation)), one_of=3)
    for attempt, answer in await targets.answers(attempts, operation.caller):
        check(attempt, answer)


@pytest.mark.parametrize("operation", READS, ids=name)
async def test_a_parameter_with_a_wrong_value_is_refused_or_finds_nothing(
    targets: Targets, operation: Operation
) -> None:
    attempts = in_turn(operation, wrong.wrong_queries(operation, targets.path(operation)), one_of=3)
    for attempt, answer in await targets.answers(attempts, operation.caller):
        check(attempt, answer)


@pytest.mark.parametrize("operation", WITH_PATH, ids=name)
async def test_an_id_in_any_wrong_form_names_nothing(targets: Targets, operation: Operation) -> None:
    attempts = in_turn(operation, wrong.wrong_ids(operation, targets.objects), one_of=3)
    for attempt, answer in await targets.answers(attempts, operation.caller):
        check(attempt, answer)


@pytest.mark.parametrize("operation", OPERATIONS, ids=name)
async def test_nobody_gets_in_without_a_key_that_is_in_force(targets: Targets, operation: Operation) -> None:
    target, key = targets.path(operation), targets.keys[operation.caller]
    forged = [f"Bearer {key[:-1]}{'0' if key[-1] != '0' else '1'}", f"Bearer {key[:-60]}{'A' * 52}{key[-8:]}"]
    sent = ["", "Bearer", f"Basic {key}", key, "Bearer zk_live_x", f"Bearer {key} {key}", *forged]
    attempts = [
        Attempt(f"authorization {place}", operation.method, target, {"Authorization": value}, None, frozenset({401}))
        for place, value in enumerate(sent)
    ]
    for attempt, answer in await targets.answers(in_turn(operation, attempts, one_of=4), None):
        check(attempt, answer)


@pytest.mark.parametrize("operation", OPERATIONS, ids=name)
async def test_a_kind_of_caller_without_the_scope_is_refused(targets: Targets, operation: Operation) -> None:
    for kind in operation.strangers:
        attempt = Attempt(kind, operation.method, targets.path(operation), wrong.JSON, b"{}", frozenset({403, 415}))
        for each, answer in await targets.answers([attempt], kind):
            check(each, answer)


OPEN = {
    *("kpi_id", "tariff_id", "site_id", "resource_id", "blackout_id", "plan_id"),
    *("program_id", "cohort_id", "consultant_id", "offering_id", "target_id", "rule_id"),
}
"""What belongs to no partner: figures, what they are to come to, and what the zone offers."""
OF_STAFF = {"alert_id", "export_id"}
"""What only those see who work for the zone: a partner is told so, whatever is there."""
OF_ANYONE = {"show_business", "lodge_objection", "list_objections"}
"""Of a business there is a public extract; who has a claim on it objects, and finds what it objected."""
PUBLISHED = OF_ANYONE | {"see_posting", "see_posting_as_linked_data", "apply", "see_round", "pledge"}
"""A posting is everyone's once it was published, and a round once it was open."""
OWNED = [
    each
    for each in WITH_PATH
    if "partner" not in each.strangers
    and each.id not in PUBLISHED
    and not (OPEN | OF_STAFF) & {*each.parameters("path")}
]


@pytest.mark.parametrize("operation", OWNED, ids=name)
async def test_what_is_another_partners_cannot_be_told_from_what_is_not_there(
    targets: Targets, operation: Operation
) -> None:
    nothing = {name: f"{id[:4]}{'0' * 32}" for name, id in targets.objects.items()} | {"number": "1"}
    body = json.dumps(operation.examples[0]).encode() if operation.examples else None
    attempts = [
        Attempt("another's", operation.method, targets.path(operation), wrong.JSON, body, frozenset({404})),
        Attempt("nothing", operation.method, operation.path.format(**nothing), wrong.JSON, body, frozenset({404})),
    ]
    told = []
    for attempt, answer in await targets.answers(attempts, "partner"):
        check(attempt, answer)
        told.append(answer.json() | {"instance": None, "request_id": None})
    assert told[0] == told[1]


async def test_a_method_that_a_path_does_not_have_is_a_405_that_lists_those_it_has(targets: Targets) -> None:
    for path, item in PUBLIC["paths"].items():
        known = {"none"} | {method.upper() for method in item} | ({"HEAD"} if "get" in item else set())
        target = targets.path(next(each for each in OPERATIONS if each.path == path))
        for method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} - known:
            attempt = Attempt(method, method, target, {}, None, frozenset({405}))
            [(_, answer)] = await targets.answers([attempt], "operator")
            assert answer.status_code == 405, (method, path)
            assert set(answer.headers["allow"].split(", ")) == known - {"none"}
