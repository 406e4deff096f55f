"""Texts that people read: what is taken out, what is refused, and what scripts need and keep."""

import sys
import unicodedata
from collections.abc import Callable
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from services.chassis.domain.aggregate import Row
from services.chassis.domain.texts.text import NOT_ALLOWED, Text, many_lines, one_line
from services.chassis.domain.violations import Violated

HIDDEN = {
    "NUL": "\x00",
    "escape": "\x1b",
    "tabulator": "\t",
    "delete": "\x7f",
    "next line": "\x85",
    "soft hyphen": "\u00ad",
    "grapheme joiner": "\u034f",
    "Arabic letter mark": "\u061c",
    "Hangul filler": "\u3164",
    "Mongolian selector": "\u180b",
    "zero-width space": "\u200b",
    "zero-width joiner": "\u200d",
    "right-to-left mark": "\u200f",
    "right-to-left override": "\u202e",
    "line separator": "\u2028",
    "paragraph separator": "\u2029",
    "word joiner": "\u2060",
    "isolate": "\u2066",
    "unassigned and ignorable": "\u2065",
    "private use": "\ue000",
    "variation selector": "\ufe0f",
    "byte order mark": "\ufeff",
    "annotation": "\ufff9",
    "noncharacter": "\uffff",
    "tag": "\U000e0041",
    "ideographic variation": "\U000e0100",
}

SHAPED = {
    "Uyghur": "ئۈلگە\u200cشىركىتى",
    "Persian": "می\u200cخواهم",
    "Devanagari": "क्\u200dष",
    "Malayalam": "അവന്\u200d",
    "Mongolian": "ᠮᠣᠩᠭᠣᠯ\u180b ᠬᠡᠯᠡ\u180eᠭᠡ",
}


@pytest.mark.parametrize("character", HIDDEN.values(), ids=HIDDEN)
@pytest.mark.parametrize("text", [one_line, many_lines])
def test_nothing_hides_in_a_text(text: Callable[[str], str], character: str) -> None:
    with pytest.raises(Violated) as caught:
        text(f"示例{character}晨光")
    assert caught.value.code == NOT_ALLOWED


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\r"])
def test_only_a_text_of_several_lines_has_line_breaks(break_: str) -> None:
    assert many_lines(f"示例{break_}{break_}晨光") == "示例\n\n晨光"
    with pytest.raises(Violated):
        one_line(f"示例{break_}晨光")


@pytest.mark.parametrize("text", SHAPED.values(), ids=SHAPED)
def test_what_shapes_a_letter_stays(text: str) -> None:
    assert one_line(text) == text == many_lines(text)


@pytest.mark.parametrize(
    "text", ["示例\u200d晨光", "Demo\u200cDemo", "\u200cشىركىتى", "شىركىتى\u200c", "ش\u200c\u200cش"]
)
def test_a_joiner_that_joins_nothing_hides(text: str) -> None:
    with pytest.raises(Violated):
        one_line(text)


@pytest.mark.parametrize("text", ["\u0301", "\u2800", "\u2800 \u2800"])
def test_a_text_can_be_seen(text: str) -> None:
    with pytest.raises(Violated, match="can be seen"):
        one_line(text)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (" \u3000示例晨光\n", "示例晨光"),
        ("Cafe\u0301", "Café"),
        ("示例 Demo & Söhne (Korla), №5", "示例 Demo & Söhne (Korla), №5"),
        ("東京\u3000示例·\u00a0店", "東京\u3000示例·\u00a0店"),
        ("示例😀", "示例😀"),
        ("\u0605١٢", "\u0605١٢"),
        ("", ""),
    ],
)
def test_a_text_is_kept_in_one_form_without_white_space_around_it(sent: str, kept: str) -> None:
    assert one_line(sent) == kept


@given(st.text(st.characters(max_codepoint=sys.maxunicode), max_size=30))
def test_a_text_that_is_kept_is_kept_as_it_is_the_next_time(text: str) -> None:
    try:
        kept = one_line(text)
    except Violated:
        return
    assert one_line(kept) == kept == unicodedata.normalize("NFC", kept)


SHORT = TypeAdapter[str](Annotated[str, Text(at_most=4)])
LONG = TypeAdapter[str](Annotated[str, Text(at_most=9, at_least=0, lines=True)])


def errors_of(validate: Callable[[], object]) -> list[ErrorDetails]:
    with pytest.raises(ValidationError) as caught:
        validate()
    return caught.value.errors()


def kinds(adapter: TypeAdapter[str], value: object) -> list[str]:
    return [each["type"] for each in errors_of(lambda: adapter.validate_python(value))]


def test_the_rule_bounds_what_is_kept() -> None:
    assert SHORT.validate_python("  示例  ") == "示例"
    assert kinds(SHORT, "示例示例示") == ["string_too_long"]
    assert kinds(SHORT, "  ") == ["string_too_short"]
    assert LONG.validate_python(" \n ") == ""


def test_the_rule_refuses_with_one_code_and_leaves_what_is_no_text_to_the_type() -> None:
    assert kinds(SHORT, "a\u200b") == kinds(LONG, "a\u202eb") == kinds(SHORT, "a\nb") == [NOT_ALLOWED]
    assert kinds(SHORT, 1) == ["string_type"]


def test_the_rule_of_what_may_be_something_else_than_a_text_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError, match="directly behind str"):
        TypeAdapter[str | None](Annotated[str | None, Text(at_most=4)])


class Note(Row):
    text: Annotated[str, Text(at_most=9)]


def test_what_was_kept_before_the_rule_can_still_be_read() -> None:
    assert Note.from_document({"_id": "note_1", "text": "a\u200bb"}).text == "a\u200bb"
    assert [error["loc"] for error in errors_of(lambda: Note(id="note_1", text="a\u200bb"))] == [("text",)]


def test_the_rule_says_in_the_document_what_it_is() -> None:
    assert SHORT.json_schema() == {"type": "string", "minLength": 1, "maxLength": 4, "format": "one-line"}
    assert LONG.json_schema() == {"type": "string", "minLength": 0, "maxLength": 9, "format": "multi-line"}
