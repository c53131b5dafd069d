"""What to warn about in the words of a claim. Warnings never stop anybody: the writer may know better.

Pure: text in, warnings out. The rules are those of analytic writing: one assertion a claim (so that one citation can
carry it), no word that leaves no room for doubt where evidence is partial, likelihood apart from confidence (ICD 203).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum


class WarningKind(Enum):
    COMPOUND = "compound"
    ABSOLUTE = "absolute"
    MIXED = "likelihood and confidence"


@dataclass(frozen=True)
class WordingWarning:
    """One thing to look at, and the words that gave rise to it."""

    kind: WarningKind
    words: str


ABSOLUTE_WORDS = (
    "prove", "proves", "proved", "proven", "proof", "undeniable", "undeniably", "undoubtedly", "certainly",
    "definitely", "clearly", "obviously", "irrefutable", "conclusive", "conclusively", "without doubt",
    "beyond doubt", "always", "never", "all of the", "dark", "went dark", "spoofed", "violated", "violates",
)  # fmt: skip
LIKELIHOOD_WORDS = (
    "almost no chance", "very unlikely", "unlikely", "roughly even chance", "likely", "very likely", "almost certain",
    "almost certainly", "probably", "probable",
)  # fmt: skip
CONFIDENCE = re.compile(r"\b(?:low|moderate|medium|high)\s+confidence\b|\bconfiden(?:t|tly)\b", re.IGNORECASE)

# A second clause with a verb of its own: "…, and was", "; it then", "but it". Two nouns ("Rajin and Dunai") are one.
COMPOUND = re.compile(
    r";\s+\w+"
    r"|\b(?:and|but|while|whereas)\s+(?:then|later|also|it|they|he|she|its\s+\w+|their\s+\w+|the\s+\w+|this|that)"
    r"\s+(?:\w+ly\s+)?(?:is|are|was|were|has|have|had|did|does|will|\w+ed)\b"
    r"|\b(?:and|but)\s+(?:(?:then|later|also)\s+)?(?:is|are|was|were|has|have|had|did|does)\b"
    # A full stop after a word, not after an initial or an abbreviation.
    r"|(?-i:[a-z]{4,}[.!?]\s+[A-Z])",
    re.IGNORECASE,
)


def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)


_ABSOLUTE = _any_of(ABSOLUTE_WORDS)
_LIKELIHOOD = _any_of(LIKELIHOOD_WORDS)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=\S)")


def check_claim(text: str) -> list[WordingWarning]:
    """Return what to warn about in the text of one claim."""
    found = COMPOUND.search(text.strip())
    compound = [WordingWarning(WarningKind.COMPOUND, found.group().strip())] if found else []
    return [*compound, *check_prose(text)]


def halves(text: str) -> tuple[str, str]:
    """Return what may be the two claims of a compound one, to be corrected by hand; the whole text where it is one."""
    whole = text.strip()
    found = COMPOUND.search(whole)
    if not found:
        return whole, ""
    at = found.start()
    # "… the yard. It left": the match begins within the last word of the first sentence.
    end = re.search(r"[.!?]\s", found.group())
    if end:
        return whole[: at + end.start() + 1], whole[at + end.end() :].strip()
    second = re.sub(r"^(?:;|and|but|while|whereas)\s+", "", whole[at:], flags=re.IGNORECASE).strip()
    return f"{whole[:at].strip().rstrip(',;')}.", second[:1].upper() + second[1:]


def check_prose(text: str) -> list[WordingWarning]:
    """Return what to warn about in a summary or rationale, where several sentences are as they should be."""
    warnings = [WordingWarning(WarningKind.ABSOLUTE, words) for words in _distinct(_ABSOLUTE.findall(text))]
    for sentence in _SENTENCE_END.split(text):
        likelihood, confidence = _LIKELIHOOD.search(sentence), CONFIDENCE.search(sentence)
        if likelihood and confidence:
            warnings.append(WordingWarning(WarningKind.MIXED, f"{likelihood.group()} … {confidence.group()}"))
    return warnings


def _distinct(found: list[str]) -> list[str]:
    return list(dict.fromkeys(words.lower() for words in found))
