"""Docstrings as the documents show them: the first sentence is the summary, the rest the description."""

import inspect
import re
from typing import Any, Final

SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s(?=[^\sa-z0-9])")
"""An abbreviation before a number (`art. 43`) ends no sentence."""
SECTION: Final = re.compile(r"^(Args|Attributes|Raises|Returns):$", re.MULTILINE)
"""From the first of these on, a docstring speaks to who reads the code."""


def summary_of(thing: Any) -> str:
    """The first sentence of the docstring of a class or a function; empty where it has none."""
    return first_sentence(prose_of(thing))


def prose_of(thing: Any) -> str:
    """The docstring of a class or a function as prose; empty where it has none."""
    return prose(inspect.getdoc(inspect.unwrap(thing)) or "")


def prose(docstring: str) -> str:
    """A docstring as prose: its sections left out, each paragraph on one line."""
    text = SECTION.split(inspect.cleandoc(docstring))[0]
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n") if paragraph.strip())


def first_sentence(text: str) -> str:
    """The first sentence of a text, with its full stop."""
    return SENTENCE_END.split(text.split("\n\n")[0], maxsplit=1)[0]


def after_first_sentence(text: str) -> str:
    """What follows the first sentence of a text; empty where nothing does."""
    return text.removeprefix(first_sentence(text)).strip()
