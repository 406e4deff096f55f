"""Codes by which a business is known: credit code (USCC), LEI, DUNS, and the zone's own registration number.

The registry verifies credit codes, it never issues one. Every check takes the canonical form (`normalised`)
and raises `IdentifierError` at the first layer that fails; the check character is always the last layer, so
that code `identifier_check_digit` means: only the check character is wrong. Alphabets are explicit, because
`str.isdigit` and `int` also accept the digits of other scripts.
"""

from collections.abc import Callable, Mapping
from typing import Final

from services.chassis.domain.violations import Violated

DIGITS: Final = "0123456789"
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ALPHANUMERIC: Final = DIGITS + LETTERS
USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100-2015: digits and capitals without I, O, S, V, Z; a character is worth its index."""

USCC_CATEGORIES: Final[Mapping[str, str]] = {
    "1": "1239",
    "2": "19",
    "3": "123459",
    "4": "19",
    "5": "1239",
    "6": "129",
    "7": "129",
    "8": "19",
    "9": "123",
    "A": "19",
    "N": "1239",
    "Y": "1",
}
"""GB 32100-2015: the categories (second character) that each registering department (first) may give."""

MARKET_DEPARTMENT: Final = "9"
ZONE_CATEGORIES: Final[Mapping[str, str]] = {"individual_household": "2", "cooperative": "3"}
COMPANY_CATEGORY: Final = "1"

_CANONICAL: Final = str.maketrans(
    {chr(code): chr(code - 0xFEE0).upper() for code in range(0xFF01, 0xFF5F)}
    | {letter.lower(): letter for letter in LETTERS}
    | dict.fromkeys(" -－", "")
)


class IdentifierError(Violated):
    """A code that cannot be what it claims to be.

    Args:
        code: `identifier_length`, `…_character`, `…_department`, `…_region`, `…_organisation_check` or
            `…_check_digit`.
        detail: one sentence that does not repeat what was given.
        expected: the check characters that would fit, for officers only; None unless they alone are wrong.
    """

    def __init__(self, code: str, detail: str, expected: str | None = None) -> None:
        super().__init__(code, detail, f"The expected character is {expected}." if expected else "")
        self.expected = expected


def normalised(text: str) -> str:
    """The canonical form: trimmed, no spaces or hyphens, full-width ASCII (U+FF01-FF5E) to ASCII, a-z to A-Z.

    Nothing else is mapped: a character from another script stays what it is and is refused by the check.
    """
    return text.strip().translate(_CANONICAL)


def check(scheme: str, code: str) -> None:
    """Check a canonical code by the rules of its scheme: `CN-USCC`, `LEI` or `DUNS`.

    Raises:
        IdentifierError: the first layer that fails.
        KeyError: no such scheme.
    """
    CHECKS[scheme](code)


def check_uscc(code: str) -> None:
    """Check a Unified Social Credit Code through all layers of GB 32100-2015, whoever issued it."""
    _check_shape(code, 18, USCC_ALPHABET, "digits and capital letters except I, O, S, V and Z")
    if code[1] not in USCC_CATEGORIES.get(code[0], ""):
        raise IdentifierError("identifier_department", "No department registers under the first two characters.")
    if any(character not in DIGITS for character in code[2:8]):
        raise IdentifierError("identifier_region", "Characters 3 to 8 are a division code, six digits (GB/T 2260).")
    if code[16] != organisation_check_character(code[8:16]):
        raise IdentifierError(
            "identifier_organisation_check", "Characters 9 to 17 are not an organisation code (GB 11714)."
        )
    _check_last(code, 1, uscc_check_character(code[:17]))


def check_zone_uscc(code: str, legal_form: str) -> None:
    """Check that a credit code belongs to the kinds of business that a zone registers.

    The department is 9 (market regulation); the category is 2 for an individual household, 3 for a
    cooperative and 1 for every other legal form.

    Raises:
        IdentifierError: `identifier_department`.
    """
    if code[:2] != MARKET_DEPARTMENT + ZONE_CATEGORIES.get(legal_form, COMPANY_CATEGORY):
        raise IdentifierError(
            "identifier_department",
            "The first two characters do not belong to a business of this legal form.",
        )


def organisation_check_character(organisation: str) -> str:
    """The ninth character of an organisation code, from the eight before it (GB 11714-1997)."""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(w * ALPHANUMERIC.index(c) for w, c in zip(weights, organisation, strict=True))
    return "0123456789X0"[11 - total % 11]


def uscc_check_character(body: str) -> str:
    """The eighteenth character of a credit code, from the seventeen before it (GB 32100-2015)."""
    total = sum(pow(3, i, 31) * USCC_ALPHABET.index(c) for i, c in enumerate(body))
    return USCC_ALPHABET[(31 - total % 31) % 31]


def check_lei(code: str) -> None:
    """Check a Legal Entity Identifier (ISO 17442): 18 characters and two check digits."""
    _check_shape(code, 20, ALPHANUMERIC, "digits and capital letters")
    if any(character not in DIGITS for character in code[18:]):
        raise IdentifierError("identifier_character", "The last two characters of an LEI are digits.")
    # Compared as text: 00, 01 and 99 also satisfy "mod 97 = 1" for some bodies and are never issued.
    _check_last(code, 2, mod97_check_digits(code[:18]))


def check_duns(code: str) -> None:
    """Check the form of a D-U-N-S number, nine digits; its numbers carry no check digit any more."""
    _check_shape(code, 9, DIGITS, "digits")


def registration_number(digits: str) -> str:
    """The zone's own number for a business, from eight random digits: `12345678` gives `KEZ1234567809`."""
    _check_shape(digits, 8, DIGITS, "digits")
    return f"KEZ{digits}{mod97_check_digits('KEZ' + digits)}"


def check_registration_number(number: str) -> None:
    """Check `KEZ`, eight digits and the two check digits over both."""
    _check_shape(number, 13, ALPHANUMERIC, "digits and capital letters")
    if not number.startswith("KEZ") or any(character not in DIGITS for character in number[3:]):
        raise IdentifierError("identifier_character", "A registration number is KEZ and ten digits.")
    _check_last(number, 2, mod97_check_digits(number[:11]))


def mod97_check_digits(body: str) -> str:
    """Two check digits, 02 to 98, by ISO 7064 MOD 97-10, letters counted A=10 … Z=35 as in ISO 17442."""
    number = int("".join(str(ALPHANUMERIC.index(character)) for character in body))
    return f"{98 - number * 100 % 97:02d}"


CHECKS: Final[Mapping[str, Callable[[str], None]]] = {
    "CN-USCC": check_uscc,
    "LEI": check_lei,
    "DUNS": check_duns,
}


def _check_shape(code: str, length: int, alphabet: str, described: str) -> None:
    if len(code) != length:
        raise IdentifierError("identifier_length", f"Expected {length} characters, got {len(code)}.")
    for place, character in enumerate(code, start=1):
        if character not in alphabet:
            raise IdentifierError("identifier_character", f"Character {place} is not one of: {described}.")


def _check_last(code: str, length: int, expected: str) -> None:
    if code[-length:] != expected:
        raise IdentifierError("identifier_check_digit", "The check digits do not fit the rest of the code.", expected)
