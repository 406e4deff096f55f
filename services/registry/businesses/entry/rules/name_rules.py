"""Names of businesses: which are acceptable, and which are too close to tell apart."""

import re
import unicodedata
from typing import Final

from services.chassis.domain.texts.text import one_line
from services.chassis.domain.violations import Violated
from services.registry.businesses.entry.rules.look_alikes import skeleton, visible

_LATIN_FORM: Final = re.compile(r"(?<![^\W\u3400-\u9fff])(?:co|ltd|llc|inc|lnc)[\W_]*$")
"""Legal forms as they stand at the end of a name; capitals of the last one look like `lnc`."""
FORMS: Final = ("有限责任公司", "股份有限公司", "有限公司", "合伙企业", "个体工商户", "集团")
"""Organisational forms as they stand at the end of a name, those that contain others first."""
PARTNERSHIP: Final = ("特殊普通合伙", "普通合伙", "有限合伙")
"""What a partnership says of itself in brackets behind its form."""

DIVISIONS: Final = """
北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东
海南 四川 贵州 云南 陕西 甘肃 青海 台湾 香港 澳门 内蒙古 广西 广西壮族 西藏 宁夏 宁夏回族 新疆 新疆维吾尔
巴音郭楞 巴音郭楞蒙古 巴州 昌吉 昌吉回族 博尔塔拉 博尔塔拉蒙古 博州 伊犁 伊犁哈萨克 克孜勒苏 克州
克孜勒苏柯尔克孜 乌鲁木齐 克拉玛依 吐鲁番 哈密 阿克苏 喀什 和田 塔城 阿勒泰
库尔勒 轮台 尉犁 若羌 且末 焉耆 焉耆回族 和静 和硕 博湖
"""
"""Divisions that lead a name: every province, Xinjiang's prefectures, Bayingolin's counties (GB/T 2260)."""
_DIVISION: Final = re.compile(
    f"(?:{'|'.join(sorted(DIVISIONS.split(), key=len, reverse=True))})"
    "(?:省|市|县|地区|自治区|自治州|自治县|特别行政区)?"
)


class NameInvalid(Violated):
    """A text that is no name for a business (`name_invalid`)."""

    def __init__(self, detail: str) -> None:
        super().__init__("name_invalid", detail)


def trimmed(name: str) -> str:
    """A name as it is registered: see `texts.text.one_line`.

    Raises:
        NameInvalid: not 2 to 100 characters, only punctuation, or with invisible characters.
    """
    try:
        name = one_line(name)
    except Violated as hidden:
        raise NameInvalid(hidden.detail) from hidden
    if not 2 <= len(name) <= 100:
        raise NameInvalid("A name has 2 to 100 characters.")
    if not any(c.isalnum() for c in name):
        raise NameInvalid("A name has at least one letter or digit.")
    return name


def name_key(name: str) -> str:
    """By what names are compared: a name without case, width, punctuation, legal form and division.

    The legal form goes from the end, the administrative division from the beginning, each only where
    something remains, so that every valid name has a key.
    """
    return _bare(_folded(visible(name)))


def looks(name: str) -> list[str]:
    """What two businesses must not share: the keys of what a name looks like, in capitals as it is and without.

    Mostly these are one: `IKEA` looks like `lKEA` as it is written, and like `ikea` to who does not look at capitals.
    """
    plain = unicodedata.normalize("NFKC", name)
    return list(dict.fromkeys(_bare(look) for look in (skeleton(_folded(plain)), _folded(skeleton(plain)))))


def _bare(text: str) -> str:
    key = text
    while match := _LATIN_FORM.search(key):
        if not _letters(key[: match.start()]):
            break
        key = key[: match.start()]
    key = _letters(key)
    while form := next((f for f in (*PARTNERSHIP, *FORMS) if key.endswith(f) and key != f), None):
        key = key.removesuffix(form)
    while (match := _DIVISION.match(key)) and match.end() < len(key):
        key = key[match.end() :]
    return key


def similar(one: str, other: str) -> bool:
    """Whether two name keys are so close that an officer must look: edit distance 0, 1 or 2 by length.

    The longer key decides: up to 3 characters only equality counts, up to 6 one edit, beyond that two.
    """
    length = max(len(one), len(other))
    return _within(one, other, 0 if length <= 3 else 1 if length <= 6 else 2)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def _letters(text: str) -> str:
    """The text without punctuation, spaces and characters that nobody sees."""
    return "".join(c for c in text if unicodedata.category(c)[0] not in "PZC")


def _within(one: str, other: str, edits: int) -> bool:
    """Whether at most `edits` insertions, deletions or replacements of a character make one the other."""
    if abs(len(one) - len(other)) > edits:
        return False
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    if not one or not other:
        return max(len(one), len(other)) <= edits
    if edits == 0:
        return False
    return (
        _within(one[1:], other[1:], edits - 1)
        or _within(one[1:], other, edits - 1)
        or _within(one, other[1:], edits - 1)
    )
