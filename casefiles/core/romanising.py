"""Names in Latin letters, roughly, so that one name in three scripts can be told to be alike: Ангара, 앙가라, 安加拉.

This is for finding, never for showing: several spellings fall together on purpose, and what is found is judged by a
person. Letters of scripts that are not known here stay as they are.
"""

from casefiles.core.folding import fold

# Russian, Ukrainian, Belarusian, Bulgarian and Serbian letters, after folding (which takes marks away: й is и, ё is е).
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "к": "k", "л": "l",
    "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts",
    "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya", "і": "i", "є": "ye",
    "ґ": "g", "ђ": "dj", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "џ": "dz", "ѕ": "dz",
}  # fmt: skip
# Hangul syllables are built of an initial, a vowel and an end (Unicode 3.12); Revised Romanization, without its changes
# between syllables.
_INITIALS = ("g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h")
_VOWELS = (
    "a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu",
    "ui", "i",
)  # fmt: skip
_ENDS = (
    "", "k", "k", "ks", "n", "nj", "nh", "t", "l", "lk", "lm", "lb", "ls", "lt", "lp", "lh", "m", "p", "ps", "t", "t",
    "ng", "t", "t", "k", "t", "p", "h",
)  # fmt: skip
_FIRST_SYLLABLE, _LAST_SYLLABLE = 0xAC00, 0xD7A3
# Characters with which Chinese writes the sounds of foreign names, by the sound they stand for there.
_SOUNDS = {
    pair[0]: pair[1:]
    for pair in (
        "阿a 安an 奥o 巴ba 贝be 比bi 波bo 布bu 查cha 达da 大da 德d 迪di 蒂ti 杜du 多do 俄r 恩n 尔r 法fa 菲fi 费fe "
        "夫v 弗f 福fo 加ga 戈go 格g 哈kha 海hai 赫kh 霍ho 基ki 吉ji 卡ka 凯kai 科ko 克k 库ku 拉ra 兰ran 勒r 雷re "
        "里ri 利li 丽li 林lin 列le 鲁ru 罗ro 洛lo 马ma 玛ma 迈mai 曼man 梅me 米mi 莫mo 姆m 穆mu 娜na 纳na 尼ni "
        "涅ne 诺no 努nu 帕pa 佩pe 皮pi 普p 奇ch 切che 萨sa 塞se 瑟s 沙sha 什sh 舍she 斯s 苏su 索so 塔ta 泰tai 特t "
        "图tu 托to 瓦va 维vi 沃vo 乌u 西si 希khi 谢se 雅ya 亚ya 叶ye 伊i 约yo 扎za 兹z 泽ze 佐zo"
    ).split()
}

_LETTERS = _CYRILLIC | _SOUNDS


def romanised(text: str) -> str:
    """Return a folded name in Latin letters, as far as its letters are known."""
    return in_latin(fold(text))


def in_latin(folded: str) -> str:
    """Return a text that is folded already in Latin letters."""
    return folded if folded.isascii() else "".join(map(_latin, folded))


def _latin(character: str) -> str:
    code = ord(character)
    if code < 0x400:
        return character
    if _FIRST_SYLLABLE <= code <= _LAST_SYLLABLE:
        rest, end = divmod(code - _FIRST_SYLLABLE, len(_ENDS))
        initial, vowel = divmod(rest, len(_VOWELS))
        return _INITIALS[initial] + _VOWELS[vowel] + _ENDS[end]
    return _LETTERS.get(character, character)
