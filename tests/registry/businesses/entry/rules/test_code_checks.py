"""Credit codes, LEIs and registration numbers: what each standard promises, and the known traps."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from deploy.korla.codes import make_uscc
from services.registry.businesses.entry.rules import code_checks
from services.registry.businesses.entry.rules.code_checks import (
    ALPHANUMERIC,
    DIGITS,
    USCC_ALPHABET,
    USCC_CATEGORIES,
    IdentifierError,
    check,
    check_duns,
    check_lei,
    check_registration_number,
    check_uscc,
    check_zone_uscc,
    mod97_check_digits,
    normalised,
    organisation_check_character,
    registration_number,
    uscc_check_character,
)

STANDARD_EXAMPLE = "91350100M000100Y43"  # GB 32100-2015, annex
STANDARD_LEI = "54930084UKLVMY22DS16"  # ISO 17442-1, example of the check digits

credit_codes = st.builds(
    make_uscc,
    category=st.sampled_from("123"),
    organisation=st.text(USCC_ALPHABET, min_size=8, max_size=8),
    division=st.text(DIGITS, min_size=6, max_size=6),
)
leis = st.text(ALPHANUMERIC, min_size=18, max_size=18).map(lambda body: body + mod97_check_digits(body))


def refusal(check: object, code: str, *more: str) -> str:
    with pytest.raises(IdentifierError) as caught:
        check(code, *more)  # type: ignore[operator]  # the checks take one or two strings
    return caught.value.code


def test_the_example_of_the_standard_is_a_credit_code() -> None:
    check_uscc(STANDARD_EXAMPLE)


@given(credit_codes)
def test_a_code_made_from_valid_parts_passes_all_layers(code: str) -> None:
    check_uscc(code)


@given(credit_codes, st.integers(0, 17), st.sampled_from(USCC_ALPHABET))
def test_a_credit_code_with_any_one_character_changed_is_refused(code: str, place: int, other: str) -> None:
    assume(code[place] != other)
    with pytest.raises(IdentifierError):
        check_uscc(code[:place] + other + code[place + 1 :])


@given(credit_codes, st.integers(0, 16))
def test_a_credit_code_with_two_neighbours_exchanged_is_refused(code: str, place: int) -> None:
    assume(code[place] != code[place + 1])
    with pytest.raises(IdentifierError):
        check_uscc(code[:place] + code[place + 1] + code[place] + code[place + 2 :])


@given(st.text(USCC_ALPHABET, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(USCC_ALPHABET))
def test_the_check_character_alone_detects_every_single_change(body: str, place: int, other: str) -> None:
    assume(body[place] != other)
    changed = body[:place] + other + body[place + 1 :]
    assert uscc_check_character(changed) != uscc_check_character(body)


@given(st.text(USCC_ALPHABET, min_size=17, max_size=17), st.integers(0, 15))
def test_the_check_character_alone_detects_every_exchange_of_neighbours(body: str, place: int) -> None:
    assume(body[place] != body[place + 1])
    changed = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
    assert uscc_check_character(changed) != uscc_check_character(body)


def test_eighteen_zeros_pass_the_check_character_and_fail_the_department() -> None:
    assert uscc_check_character("0" * 17) == "0"
    assert refusal(check_uscc, "0" * 18) == "identifier_department"


@pytest.mark.parametrize("length", [0, 1, 17, 19, 10_000])
def test_a_credit_code_of_another_length_is_refused_for_its_length(length: int) -> None:
    assert refusal(check_uscc, "9" * length) == "identifier_length"


@pytest.mark.parametrize("character", [*"IOSVZ", "a", "９", "٣", "²", "Ⅸ", "\x00", " ", "\ud800"])
def test_a_character_outside_the_alphabet_is_refused_wherever_it_stands(character: str) -> None:
    codes = [STANDARD_EXAMPLE[:place] + character + STANDARD_EXAMPLE[place + 1 :] for place in range(18)]
    assert {refusal(check_uscc, code) for code in codes} == {"identifier_character"}


def test_digits_of_another_script_do_not_become_a_credit_code() -> None:
    arabic = STANDARD_EXAMPLE.translate({ord(digit): chr(0x660 + int(digit)) for digit in DIGITS})
    assert all(character.isdigit() for character in arabic[:8])
    assert refusal(check_uscc, normalised(arabic)) == "identifier_character"


@pytest.mark.parametrize("department", USCC_ALPHABET)
def test_only_the_pairs_of_the_table_are_a_department_and_its_category(department: str) -> None:
    for category in USCC_ALPHABET:
        body = department + category + STANDARD_EXAMPLE[2:17]
        code = body + uscc_check_character(body)
        if category in USCC_CATEGORIES.get(department, ""):
            check_uscc(code)
        else:
            assert refusal(check_uscc, code) == "identifier_department"


def test_the_pairs_are_those_of_the_standard() -> None:
    pairs = {department + category for department, row in USCC_CATEGORIES.items() for category in row}
    assert " ".join(sorted(pairs)) == (
        "11 12 13 19 21 29 31 32 33 34 35 39 41 49 51 52 53 59 61 62 69 71 72 79 81 89 91 92 93 A1 A9 N1 N2 N3 N9 Y1"
    )


@pytest.mark.parametrize("place", range(2, 8))
def test_a_letter_in_the_division_is_refused_before_any_check_character(place: int) -> None:
    code = STANDARD_EXAMPLE[:place] + "A" + STANDARD_EXAMPLE[place + 1 :]
    assert refusal(check_uscc, code) == "identifier_region"


def test_an_organisation_part_that_fails_its_own_check_is_refused_though_the_last_character_fits() -> None:
    body = STANDARD_EXAMPLE[:16] + "3"
    assert refusal(check_uscc, body + uscc_check_character(body)) == "identifier_organisation_check"


def test_a_wrong_check_character_is_named_without_telling_the_right_one_in_the_sentence() -> None:
    with pytest.raises(IdentifierError) as caught:
        check_uscc(STANDARD_EXAMPLE[:17] + "4")
    assert (caught.value.code, caught.value.expected) == ("identifier_check_digit", "3")
    assert "3" not in caught.value.detail


def test_no_other_failure_carries_an_expected_character() -> None:
    with pytest.raises(IdentifierError) as caught:
        check_uscc("0" * 18)
    assert caught.value.expected is None


@pytest.mark.parametrize(
    ("organisation", "character"),
    [("M000100Y", "4"), ("D2143569", "X"), ("00000000", "0"), ("00000001", "9"), ("10000000", "8")],
)
def test_an_organisation_code_ends_with_its_check_character(organisation: str, character: str) -> None:
    assert organisation_check_character(organisation) == character


@pytest.mark.parametrize(
    ("legal_form", "category"),
    [
        ("individual_household", "2"),
        ("cooperative", "3"),
        ("limited_company", "1"),
        ("joint_stock_company", "1"),
        ("partnership", "1"),
        ("sole_proprietor_enterprise", "1"),
        ("branch", "1"),
        ("foreign_branch", "1"),
    ],
)
def test_the_category_of_a_zone_business_follows_its_legal_form(legal_form: str, category: str) -> None:
    for other in "123":
        code = make_uscc(other, "XXXX0001")
        if other == category:
            check_zone_uscc(code, legal_form)
        else:
            assert refusal(check_zone_uscc, code, legal_form) == "identifier_department"


def test_a_code_of_another_department_does_not_register_a_zone_business() -> None:
    body = "1" + STANDARD_EXAMPLE[1:17]
    code = body + uscc_check_character(body)
    check_uscc(code)
    assert refusal(check_zone_uscc, code, "limited_company") == "identifier_department"


@pytest.mark.parametrize(
    "written",
    [
        " 91350100M000100Y43\n",
        "91350100m000100y43",
        "9135 0100-M000 100Y-43",
        "９１３５０１００Ｍ０００１００Ｙ４３",
        "９１３５０１００ｍ０００１００ｙ４３",
        "91350100M000100Y4－3",
        "\u300091350100M000100Y43\u3000",
    ],
)
def test_a_code_is_read_in_each_way_people_write_it(written: str) -> None:
    assert normalised(written) == STANDARD_EXAMPLE


@given(st.text())
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


@pytest.mark.parametrize("character", ["ß", "ı", "ﬁ", "Ⅸ", "é", "а", "\u2010", "\u200b"])
def test_nothing_else_is_mapped(character: str) -> None:
    assert normalised(f"9{character}1") == f"9{character}1"


def test_the_example_of_the_standard_is_an_lei() -> None:
    check_lei(STANDARD_LEI)


@given(leis)
def test_an_lei_leaves_remainder_one(code: str) -> None:
    check_lei(code)
    assert int("".join(str(int(character, 36)) for character in code)) % 97 == 1


@given(leis, st.integers(0, 19), st.sampled_from(ALPHANUMERIC))
def test_an_lei_with_a_digit_or_a_letter_changed_for_another_is_refused(code: str, place: int, other: str) -> None:
    assume(code[place] != other)
    assume((code[place] in DIGITS) == (other in DIGITS))  # ISO 7064 promises it within one kind of character
    with pytest.raises(IdentifierError):
        check_lei(code[:place] + other + code[place + 1 :])


@given(leis, st.integers(0, 18))
def test_an_lei_with_two_neighbouring_digits_or_letters_exchanged_is_refused(code: str, place: int) -> None:
    one, two = code[place], code[place + 1]
    assume(one != two)
    assume((one in DIGITS) == (two in DIGITS))
    with pytest.raises(IdentifierError):
        check_lei(code[:place] + two + one + code[place + 2 :])


def test_check_digits_that_no_issuer_gives_are_refused_though_their_remainder_is_one() -> None:
    body = "0" * 17 + next(d for d in ALPHANUMERIC if int(d, 36) * 100 % 97 == 0)
    assert int(body + "01") % 97 == 1
    assert mod97_check_digits(body) == "98"
    assert refusal(check_lei, body + "01") == "identifier_check_digit"


@pytest.mark.parametrize(
    ("code", "refused_for"),
    [
        ("", "identifier_length"),
        (STANDARD_LEI[:-1], "identifier_length"),
        (STANDARD_LEI + "0", "identifier_length"),
        (STANDARD_LEI.lower(), "identifier_character"),
        (STANDARD_LEI[:-1] + "A", "identifier_character"),
        (STANDARD_LEI[:-1] + "６", "identifier_character"),
        (STANDARD_LEI[:-1] + "7", "identifier_check_digit"),
    ],
)
def test_a_wrong_lei_is_refused_for_its_first_fault(code: str, refused_for: str) -> None:
    assert refusal(check_lei, code) == refused_for


@pytest.mark.parametrize(
    ("code", "refused_for"),
    [
        ("12345678", "identifier_length"),
        ("1234567890", "identifier_length"),
        ("12345678A", "identifier_character"),
        ("12345678９", "identifier_character"),
    ],
)
def test_a_duns_number_is_nine_digits(code: str, refused_for: str) -> None:
    check_duns("123456789")
    assert refusal(check_duns, code) == refused_for


@pytest.mark.parametrize(("scheme", "code"), [("CN-USCC", STANDARD_EXAMPLE), ("LEI", STANDARD_LEI)])
def test_each_scheme_has_its_own_check(scheme: str, code: str) -> None:
    check(scheme, code)
    assert refusal(code_checks.CHECKS["DUNS"], code) == "identifier_length"


def test_an_unknown_scheme_has_no_check() -> None:
    with pytest.raises(KeyError):
        check("VAT", "1")


def test_the_registration_number_is_as_the_zone_prints_it() -> None:
    assert registration_number("12345678") == "KEZ1234567809"


registration_digits = st.text(DIGITS, min_size=8, max_size=8)


@given(registration_digits)
def test_a_registration_number_passes_its_own_check(digits: str) -> None:
    number = registration_number(digits)
    assert (len(number), number[:3], number[3:11]) == (13, "KEZ", digits)
    check_registration_number(number)


@given(registration_digits, st.integers(3, 12), st.sampled_from(DIGITS))
def test_a_registration_number_with_one_digit_changed_is_refused(digits: str, place: int, other: str) -> None:
    number = registration_number(digits)
    assume(number[place] != other)
    changed = number[:place] + other + number[place + 1 :]
    assert refusal(check_registration_number, changed) == "identifier_check_digit"


@given(registration_digits, st.integers(3, 11))
def test_a_registration_number_with_two_neighbours_exchanged_is_refused(digits: str, place: int) -> None:
    number = registration_number(digits)
    assume(number[place] != number[place + 1])
    changed = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert refusal(check_registration_number, changed) == "identifier_check_digit"


@pytest.mark.parametrize(
    ("number", "refused_for"),
    [
        ("", "identifier_length"),
        ("KEZ123456780", "identifier_length"),
        ("KEY1234567809", "identifier_character"),
        ("KEZ123A567809", "identifier_character"),
        ("KEZ12３4567809", "identifier_character"),
        ("kez1234567809", "identifier_character"),
    ],
)
def test_what_is_no_registration_number_is_refused(number: str, refused_for: str) -> None:
    assert refusal(check_registration_number, number) == refused_for


@pytest.mark.parametrize("digits", ["1234567", "123456789", "1234567８", "1234567A"])
def test_a_registration_number_is_made_from_eight_ascii_digits_only(digits: str) -> None:
    with pytest.raises(IdentifierError):
        registration_number(digits)
