"""Texts that people read: of one line or of several, with nothing in them that nobody sees.

What is hidden in a text can only deceive: a name that looks empty, an address that reads backwards, two names with one
look. What counts as hidden, Unicode's own properties say (UAX #44), not a list of ours:

- control characters, line and paragraph separators, surrogates, private use, noncharacters;
- `Default_Ignorable_Code_Point`: zero-width characters, bidi controls, fillers, variation selectors, tags;
- other format characters, but for those that are drawn before a number (`Prepended_Concatenation_Mark`).

Some scripts cannot be written without a few of them, which stay where they shape a letter: the joiners between the
letters of a cursive script and behind a virama (UAX #31 §2.3), and Mongolian's selectors behind a Mongolian letter.
"""

import unicodedata
from dataclasses import dataclass
from typing import Any, Final

import regex
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from services.chassis.domain.violations import STORED, Violated

NOT_ALLOWED: Final = "character_not_allowed"

_HIDDEN: Final = regex.compile(
    r"(?V1)[\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}"
    r"\p{Default_Ignorable_Code_Point}[\p{Cf}--\p{Prepended_Concatenation_Mark}]]"
)
_SHAPING: Final = regex.compile(
    r"(?V1)(?<=\p{Canonical_Combining_Class=Virama})\p{Join_Control}"
    r"|(?<=[\p{Joining_Type=D}\p{Joining_Type=R}\p{Joining_Type=L}]\p{Mn}{0,3})\p{Join_Control}(?=[\p{L}\p{M}])"
    r"|(?<=\p{Script=Mongolian}\p{Mn}{0,3})[\p{Default_Ignorable_Code_Point}&&\p{Script_Extensions=Mongolian}]"
)
_VISIBLE: Final = regex.compile(r"(?V1)[\p{L}\p{N}\p{P}[\p{S}--\N{BRAILLE PATTERN BLANK}]]")


def one_line(text: str) -> str:
    """A text of one line as it is kept: in NFC, without the white space around it.

    Raises:
        Violated: `character_not_allowed`, where something in it is hidden, or where nothing of it can be seen.
    """
    return _seen(unicodedata.normalize("NFC", text).strip())


def many_lines(text: str) -> str:
    """A text of several lines as it is kept: as `one_line`, with `\\n` between the lines.

    Raises:
        Violated: see `one_line`.
    """
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return _seen(unicodedata.normalize("NFC", unified).strip(), but="\n")


def _seen(text: str, but: str = "") -> str:
    if text.isascii() and text.isprintable():
        return text
    if _HIDDEN.search(_SHAPING.sub("", text.replace(but, " ") if but else text)):
        detail = "A text has no control characters, direction marks or other invisible characters"
        raise Violated(NOT_ALLOWED, f"{detail}, line breaks apart." if but else f"{detail}.")
    if text and not _VISIBLE.search(text):
        raise Violated(NOT_ALLOWED, "A text has at least one character that can be seen.")
    return text


@dataclass(frozen=True, slots=True)
class Text:
    """A rule for a text that people read, in an annotated type: `Reason = Annotated[str, Text(at_most=200)]`.

    In the API document its `format` is `one-line` or `multi-line`. What the store holds already is read as it is.

    Attributes:
        at_most, at_least: how many characters it has as it is kept.
        lines: whether it may have several.
    """

    at_most: int
    at_least: int = 1
    lines: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        """With which codes it refuses, see `Refuses`."""
        return (NOT_ALLOWED,)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        kept = handler(source)
        if kept["type"] != "str":
            raise TypeError("Text stands directly behind str: Annotated[str, Text(…), …] | None")
        kept = {**kept, "min_length": self.at_least, "max_length": self.at_most}
        return core_schema.with_info_before_validator_function(self._read, kept)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "format": "multi-line" if self.lines else "one-line"}

    def _read(self, value: Any, info: ValidationInfo) -> Any:
        if not isinstance(value, str) or info.context is STORED:
            return value
        try:
            return many_lines(value) if self.lines else one_line(value)
        except Violated as hidden:
            raise PydanticCustomError(NOT_ALLOWED, hidden.detail) from hidden
