"""Names: what is refused, what counts as the same name, and what as a similar one."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.businesses.entry.rules.name_rules import NameInvalid, looks, name_key, similar, trimmed

CHINESE = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)


@pytest.mark.parametrize(
    "name",
    [
        "示例晨光电子商务有限公司",
        "示例",
        "A1",
        "示例Demo & Söhne (Korla) Co., Ltd.",
        "ئۈلگە شىركىتى",
        "例" * 100,
    ],
)
def test_a_readable_name_is_kept_as_it_is(name: str) -> None:
    assert trimmed(name) == name


def test_white_space_around_a_name_is_not_part_of_it() -> None:
    assert trimmed(" \u3000示例晨光\n") == "示例晨光"


@pytest.mark.parametrize("name", ["", "   ", "例", " 例 ", "例" * 101])
def test_a_name_has_two_to_a_hundred_characters(name: str) -> None:
    with pytest.raises(NameInvalid) as caught:
        trimmed(name)
    assert caught.value.code == "name_invalid"


@pytest.mark.parametrize("name", ["...", "（）", "—— ——", "!?", "++", "😀😀", "_-"])
def test_punctuation_alone_is_no_name(name: str) -> None:
    with pytest.raises(NameInvalid, match="letter or digit"):
        trimmed(name)


@pytest.mark.parametrize(
    "character",
    [
        *("\x00", "\x07", "\n", "\x7f", "\x85", "\u2028"),
        *("\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"),
        *("\u200b", "\u200e", "\u200f", "\u061c", "\ufeff", "\u00ad", "\u3164", "\ufe0f", "\U000e0101"),
        *("\ud800", "\ue000"),
    ],
)
def test_a_name_hides_nothing(character: str) -> None:
    with pytest.raises(NameInvalid, match="invisible"):
        trimmed(f"示例{character}晨光")


def test_joiners_shape_letters_and_may_stay() -> None:
    assert trimmed("ئۈلگە\u200cشىركىتى") == "ئۈلگە\u200cشىركىتى"


@pytest.mark.parametrize(
    "name",
    [
        "示例晨光电子商务有限公司",
        "示例晨光电子商务有限责任公司",
        "示例晨光电子商务股份有限公司",
        "示例晨光电子商务集团有限公司",
        "示例晨光电子商务（集团）股份有限公司",
        "示例晨光电子商务合伙企业（有限合伙）",
        "示例晨光电子商务合伙企业(特殊普通合伙)",
        "示例晨光电子商务（个体工商户）",
        "库尔勒示例晨光电子商务有限公司",
        "库尔勒市示例晨光电子商务有限公司",
        "新疆库尔勒示例晨光电子商务有限公司",
        "新疆维吾尔自治区巴音郭楞蒙古自治州库尔勒市示例晨光电子商务有限公司",
        "广东省示例晨光电子商务",
        "示例 晨光·电子商务，有限公司。",
        "示例\u200c晨光电子商务",
        "示例晨光电子商务 Co., Ltd.",
        "示例晨光电子商务Co.,Ltd",
        "示例晨光电子商务 Inc.",
    ],
)
def test_form_place_and_punctuation_do_not_make_another_name(name: str) -> None:
    assert name_key(name) == "示例晨光电子商务"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Demo Straße GmbH", "demostrassegmbh"),
        ("ＤＥＭＯ　１２", "demo12"),
        ("Demo Trading LLC", "demotrading"),
        ("Demo Co., Ltd.", "demo"),
        ("Demo Zinc", "demozinc"),
        ("Demo Coco", "demococo"),
        ("Demo Déco", "demodéco"),
        ("Café", "café"),
        ("Cafe\u0301", "café"),
    ],
)
def test_latin_names_lose_case_width_and_legal_form(name: str, key: str) -> None:
    assert name_key(name) == key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("有限公司", "有限公司"),
        ("新疆", "新疆"),
        ("新疆有限公司", "新疆"),
        ("Co. Ltd", "co"),
        ("集团集团", "集团"),
    ],
)
def test_a_name_made_of_such_parts_keeps_one_of_them(name: str, key: str) -> None:
    assert name_key(name) == key


@given(st.text(min_size=1, max_size=100))
def test_every_valid_name_has_a_key(text: str) -> None:
    try:
        name = trimmed(text)
    except NameInvalid:
        return
    assert name_key(name)


@given(st.text(string.ascii_letters + string.digits, min_size=2, max_size=40))
def test_case_and_width_never_matter(name: str) -> None:
    full_width = "".join(chr(ord(character) + 0xFEE0) for character in name)
    assert name_key(full_width) == name_key(name.upper()) == name_key(name.lower())


ALIKE = {
    "a radical": ("示例长城", "示例⻓城"),
    "a radical of the Kangxi dictionary": ("示例山水", "示例⼭水"),
    "a stroke": ("示例乙", "示例㇠"),
    "a Mongolian selector": ("ᠮᠣᠩᠭᠣᠯ", "ᠮᠣᠩᠭᠣᠯ\u180b"),
    "a joiner": ("ئۈلگەشىركىتى", "ئۈلگە\u200cشىركىتى"),
    "a kana": ("示例口工", "示例ロエ"),
    "a Chinese character": ("示例士木", "示例土木"),
    "Cyrillic": ("Demo Trade", "Demо Trаde"),
    "a small L and a capital I": ("IKEMO", "lKEMO"),
    "a digit": ("Demo Oil", "Demo 0il"),
    "two letters": ("Demo Modern", "Demo Modem"),
    "the legal form": ("Demo Trade Inc.", "Demo Trade lnc."),
    "a letter outside the plane": ("Demo", "𝐃𝐞𝐦𝐨"),
}


@pytest.mark.parametrize(("one", "other"), ALIKE.values(), ids=ALIKE)
def test_names_that_cannot_be_told_apart_share_a_look(one: str, other: str) -> None:
    assert set(looks(one)) & set(looks(other))


DISTINCT = {
    "traditional and simplified": ("示例長城", "示例长城"),
    "one stroke more": ("示例大", "示例太"),
    "open and closed": ("示例已", "示例己"),
    "one character": ("示例晨光", "示例晨曦"),
    "sun and say": ("示例日", "示例曰"),
    "letters": ("Demo Nova", "Demo Vova"),
    "an accent": ("Demo Cafe", "Demo Café"),
    "digits": ("示例1号", "示例7号"),
    "Uyghur": ("ئۈلگە", "ئۆلگە"),
}


@pytest.mark.parametrize(("one", "other"), DISTINCT.values(), ids=DISTINCT)
def test_names_that_can_be_told_apart_share_none(one: str, other: str) -> None:
    assert not set(looks(one)) & set(looks(other))


def test_form_place_and_punctuation_do_not_make_another_look() -> None:
    assert looks("库尔勒市示例·晨光电子商务有限公司") == looks("示例晨光电子商务（集团）") == ["示例晨光电子商务"]


def test_case_does_not_make_another_look() -> None:
    assert set(looks("DEMO LIME")) & set(looks("demo lime"))


@given(st.text(min_size=1, max_size=100))
def test_every_valid_name_has_a_look(text: str) -> None:
    try:
        name = trimmed(text)
    except NameInvalid:
        return
    assert all(looks(name))


@pytest.mark.parametrize(
    ("one", "other", "close"),
    [
        ("晨光店", "晨光店", True),
        ("晨光店", "晨光馆", False),
        ("晨光网店", "晨光小店", True),
        ("晨光网店", "晨光网络店", True),
        ("晨光网店", "晨曦小店", False),
        ("示例晨光网络", "示例晨曦网咯", False),
        ("示例晨光电商店", "示例晨曦电商馆", True),
        ("示例晨光电子商务", "示例晨曦电务商子", False),
        ("示例晨光电子商务", "示例晨光商务", True),
        ("示例晨光电子商务", "晨光示例电子商务", False),
        ("示例晨光电子", "示例晨光电子商", True),
        ("示例晨光电商", "示例晨光电子商务", True),
        ("示例晨光", "示例晨光商务", False),
    ],
)
def test_how_close_is_too_close_depends_on_the_length(one: str, other: str, close: bool) -> None:
    assert similar(one, other) is close
    assert similar(other, one) is close


def distance(one: str, other: str) -> int:
    """Levenshtein's distance by his own table, to compare with."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        row, above = [i], row
        for j, b in enumerate(other, start=1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (a != b)))
    return row[-1]


@given(st.text("晨光电商", min_size=1, max_size=9), st.text("晨光电商", min_size=1, max_size=9))
def test_similar_is_levenshtein_within_the_limit_of_the_longer_key(one: str, other: str) -> None:
    length = max(len(one), len(other))
    limit = 0 if length <= 3 else 1 if length <= 6 else 2
    assert similar(one, other) == (distance(one, other) <= limit)


@given(st.text(CHINESE, min_size=1, max_size=12))
def test_a_name_is_similar_to_itself(key: str) -> None:
    assert similar(key, key)
