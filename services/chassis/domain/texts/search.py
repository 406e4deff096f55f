"""Search tokens: what a text is found by. MongoDB's own text index does not segment Chinese, so the domain does.

Words of letters and digits are folded to lower case; a run of Chinese, Japanese or Korean characters becomes its
bigrams, so that any two characters in a row find it, and its single characters, for who types but one.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

CJK: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
RUNS: Final = re.compile(rf"[{CJK}]+|[^\W_{CJK}]+")
IS_CJK: Final = re.compile(rf"[{CJK}]")
LONGEST_WORD: Final = 40
"""Characters of a word that count; more tell no two names apart."""


def search_tokens(*texts: str | None) -> list[str]:
    """All tokens by which a noun with these texts is found, sorted, each once."""
    return sorted({token for text in texts if text for token in _tokens(text, single=True)})


def query_tokens(text: str) -> list[str]:
    """The tokens that what is looked for must all have; none where the text holds no letter and no digit."""
    return sorted(set(_tokens(text, single=False)))


def _tokens(text: str, *, single: bool) -> Iterator[str]:
    for run in RUNS.findall(unicodedata.normalize("NFKC", text).casefold()):
        if not IS_CJK.match(run):
            yield run[:LONGEST_WORD]
            continue
        if single or len(run) == 1:
            yield from run
        yield from (run[at : at + 2] for at in range(len(run) - 1))
