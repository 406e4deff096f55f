"""A body that costs little to send costs little to refuse."""

import pytest

from services.chassis.domain.errors import MOST_ERRORS, BadRequest, Unprocessable, problem
from services.chassis.http.bodies import json_body
from services.chassis.http.bodies.json_body import DEEPEST, read_json

MEGABYTE = 1_000_000


def test_a_body_may_be_nested_as_deep_as_the_limit_says_and_no_deeper() -> None:
    read_json(b"[" * DEEPEST + b"]" * DEEPEST)
    with pytest.raises(BadRequest) as refused:
        read_json(b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1))
    assert refused.value.code == "malformed_json"


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 60 + b",".join([b"1"] * (MEGABYTE // 2)) + b"]" * 60,
        b"[" + b",".join([b"[]"] * (MEGABYTE // 3)) + b"]",
        b"[" + b",".join([b'{"a":1}'] * (MEGABYTE // 8)) + b"]",
    ],
    ids=["wide and deep", "brackets", "objects"],
)
def test_a_good_megabyte_is_never_walked_for_the_places_of_its_faults(
    body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def walked(value: object) -> None:
        pytest.fail("pointers were made for a body in which nothing is wrong")

    monkeypatch.setattr(json_body, "_walk", walked)
    assert isinstance(read_json(body), list)


def test_repeated_members_and_broken_texts_are_all_named_in_the_order_of_the_body() -> None:
    with pytest.raises(BadRequest) as refused:
        read_json(b'{"a": [{"b": 1, "b": 2}, "\\ud800"], "c": {"\\udc00": {"d": 1, "d": 1}}}')
    assert [each["pointer"] for each in refused.value.errors] == ["/a/0", "/a/1", "/c/?", "/c/?"]


@pytest.mark.parametrize(
    "body",
    [
        b"[" + b",".join([b'"\\u0000"'] * 10_000) + b"]",
        b"[" + b",".join([b'{"a":1,"a":1}'] * 10_000) + b"]",
    ],
    ids=["NUL", "repeated"],
)
def test_a_body_that_is_wrong_in_ten_thousand_places_gets_a_short_answer(body: bytes) -> None:
    with pytest.raises((BadRequest, Unprocessable)) as refused:
        read_json(body)
    assert len(problem(refused.value, instance="/", request_id="")["errors"]) == MOST_ERRORS
