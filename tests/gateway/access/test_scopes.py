"""The table of kinds and scopes, and how scopes are chosen out of it."""

import pytest

from gateway.access.scopes import KINDS, SCOPES, chosen
from gateway.edge.operation import parsed
from gateway.edge.operations import FILE
from services.chassis.domain.errors import Unprocessable


def test_every_kind_has_its_scopes() -> None:
    assert set(SCOPES) == set(KINDS)


def test_an_auditor_reads_everything_and_writes_nothing() -> None:
    assert {scope.rpartition(":")[2] for scope in SCOPES["auditor"]} == {"read"}
    reads = {scope for scopes in SCOPES.values() for scope in scopes if scope.endswith(":read")}
    assert SCOPES["auditor"] == reads


def test_a_supervisor_has_the_scopes_of_an_officer() -> None:
    assert SCOPES["supervisor"] == SCOPES["officer"]


def test_every_scope_that_is_given_opens_something_and_whatever_is_asked_for_is_given() -> None:
    asked = {scope for each in parsed(FILE.read_text()) for scope in each.scopes or ()}
    assert {scope for scopes in SCOPES.values() for scope in scopes} == asked


def test_an_operator_decides_nothing_about_businesses() -> None:
    assert not SCOPES["operator"] & {"registry:filings:write", "registry:review", "incubator:write", "incubator:manage"}


def test_only_an_operator_admits_partners() -> None:
    assert [kind for kind in KINDS if "admin" in SCOPES[kind]] == ["operator"]


def test_naming_no_scopes_asks_for_all() -> None:
    assert chosen(None, SCOPES["partner"]) is None


def test_chosen_scopes_are_kept_in_one_order() -> None:
    assert chosen(["metrics:read", "incubator:read"], SCOPES["partner"]) == ["incubator:read", "metrics:read"]


def test_every_scope_that_is_not_allowed_is_named_with_its_place() -> None:
    with pytest.raises(Unprocessable) as refused:
        chosen(["admin", "metrics:read", "registry:review"], SCOPES["partner"])
    assert refused.value.reason == "scope_not_allowed"
    assert [error["pointer"] for error in refused.value.errors] == ["/scopes/0", "/scopes/2"]


def test_a_scope_named_twice_is_refused_where_it_stands_again() -> None:
    with pytest.raises(Unprocessable) as refused:
        chosen(["metrics:read", "metrics:read"], SCOPES["partner"])
    assert [(error["pointer"], error["code"]) for error in refused.value.errors] == [("/scopes/1", "scope_repeated")]
