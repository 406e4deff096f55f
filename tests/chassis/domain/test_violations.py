"""Refusals for violations: of a filing and of a query, all at once, each at its place."""

import pytest

from services.chassis.domain.errors import Unprocessable
from services.chassis.domain.violations import Violation, refuse, refuse_parameters

LATE = Violation("as_of_in_future", "That day has not come.", ("as_of",))
UNKNOWN = Violation("not_declared", "There is no such dimension.", ("by",), allowed=("kind", "size"))
ALSO_UNKNOWN = Violation("not_declared", "There is no such dimension.", ("kind",), allowed=("sector",))


def test_nothing_is_refused_where_nothing_is_wrong() -> None:
    refuse()
    refuse_parameters()


def test_a_query_with_one_violation_is_refused_in_its_words_with_its_parameter() -> None:
    with pytest.raises(Unprocessable, match=r"That day has not come\.") as refused:
        refuse_parameters(LATE)
    assert refused.value.reason == "as_of_in_future"
    assert refused.value.errors == [{"parameter": "as_of", "code": "as_of_in_future", "detail": LATE.detail}]
    assert refused.value.members == {}


def test_a_query_with_violations_of_one_code_has_that_reason() -> None:
    with pytest.raises(Unprocessable) as refused:
        refuse_parameters(UNKNOWN, ALSO_UNKNOWN)
    assert (refused.value.code, refused.value.reason) == ("validation_failed", "not_declared")
    assert [error["parameter"] for error in refused.value.errors] == ["by", "kind"]


def test_a_query_with_several_violations_tells_all_of_them_and_what_the_first_would_allow() -> None:
    with pytest.raises(Unprocessable) as refused:
        refuse_parameters(LATE, UNKNOWN, ALSO_UNKNOWN)
    assert refused.value.reason == "validation_failed"
    assert [error["code"] for error in refused.value.errors] == ["as_of_in_future", "not_declared", "not_declared"]
    assert refused.value.members == {"allowed": ["kind", "size"]}


def test_a_filing_is_refused_with_the_place_in_its_body() -> None:
    with pytest.raises(Unprocessable) as refused:
        refuse(Violation("missing", "Say who.", ("payload", "people", 0)))
    assert [error["pointer"] for error in refused.value.errors] == ["/payload/people/0"]
