"""By which words a text is found: bigrams of Chinese, folded words of everything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.domain.texts.search import query_tokens, search_tokens

NAME = ("示例晨光纺织有限公司", "Example Morning Light Textiles Co., Ltd.", None)


@pytest.mark.parametrize(
    "query", ["晨光", "晨光纺织", "晨", "light", "LIGHT morning", "Ｌｉｇｈｔ", "纺织 example", "示例晨光纺织有限公司"]
)
def test_a_name_is_found_by_any_words_of_it_in_any_case_and_order(query: str) -> None:
    assert set(query_tokens(query)) <= set(search_tokens(*NAME))


@pytest.mark.parametrize("query", ["光晨", "纺机", "ligh", "dark", "晨光 dark"])
def test_a_name_is_not_found_by_what_is_not_in_it(query: str) -> None:
    assert not set(query_tokens(query)) <= set(search_tokens(*NAME))


@pytest.mark.parametrize("query", ["", "  ", '{"$gt": ""}'[1:3], "$%&", "。，！"])
def test_a_text_without_a_letter_or_digit_has_no_tokens(query: str) -> None:
    assert query_tokens(query) == []


@given(st.text(max_size=100))
def test_every_text_is_found_by_itself(text: str) -> None:
    assert set(query_tokens(text)) <= set(search_tokens(text))
