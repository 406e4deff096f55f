"""Docstrings as the documents show them."""

import pytest

from services.chassis.specs.docstrings import after_first_sentence, first_sentence, prose, prose_of, summary_of


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Costs 1.50 a\n    day. And more.", "Costs 1.50 a day."),
        ("One line\n\nAnother. And more.", "One line"),
        ("As the law says (art. 43). And more.", "As the law says (art. 43)."),
        ("Ends with a name. `that` is next.", "Ends with a name."),
    ],
)
def test_a_sentence_ends_where_it_ends(text: str, sentence: str) -> None:
    assert first_sentence(prose(text)) == sentence


def test_what_follows_the_first_sentence_is_the_rest() -> None:
    assert after_first_sentence("It is. It was.\n\nIt will be.") == "It was.\n\nIt will be."
    assert after_first_sentence("It is.") == ""


def test_sections_are_for_who_reads_the_code() -> None:
    def thing() -> None:
        """Does it,
        at once.

        And well.

        Raises:
            Conflict: never.
        """

    assert prose_of(thing) == "Does it, at once.\n\nAnd well."
    assert summary_of(thing) == "Does it, at once."


def test_what_has_no_docstring_has_no_words() -> None:
    def thing() -> None: ...

    assert (prose_of(thing), summary_of(thing)) == ("", "")
