"""Which sentences of a summary assert something and cite nothing, and which references lead nowhere.

Pure: text in, findings out. A reference is `[[E-03 p.4]]`, or `[E-03]`, as `core.markdown` renders it; one that stands
behind a full stop belongs to the sentence before. Headings, questions, code, and lines that only lead to what follows
(they end in a colon) assert nothing. Sentences end at . ! ? …, and at their full-width forms in Chinese, which need no
space behind them; a full stop after an initial, a number or a known abbreviation ends none.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from casefiles.core.markdown import CITATION

# Behind these a full stop ends nothing where a number follows, or where a name does.
BEFORE_NUMBERS = frozenset(
    "no nos art para paras p pp vol fig nr abs sec approx ca cf jan feb mar apr jun jul aug sep sept oct nov dec "
    "п пп стр рис ст ч".split()
)
BEFORE_NAMES = frozenset("mr mrs ms dr prof st gen col capt adm vs г д ул им др".split())
YEARS = re.compile(r"\d\s*гг?$")
CODE = re.compile(r"^(`{3,}|~{3,}).*?(?:^\1[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^ {0,3}#{1,6}(?:\s|$)")
UNDERLINE = re.compile(r"^ {0,3}(?:=+|-{2,})\s*$")
# What begins a line and is no word of it: bullets, numbers, quotes, cells.
MARKER = re.compile(r"^\s*(?:(?:[-*+]|\d{1,9}[.)])\s+|>\s?)+")
# What the line under the head of a table is made of.
TABLE_RULE = frozenset(":|-")
REFERENCES = rf"(?:\s*(?:{re.sub(r'P<[a-z]+>', ':', CITATION.pattern)}))*"
# So much of what stands around a full stop is looked at.
AROUND = 40
CLOSING = "[\"'”’»」』）)\\]*_]*"
END = re.compile(rf"(?:[。！？｡]+{CLOSING}|(?<![.!?…؟।])[.!?…؟।]++{CLOSING}(?=\s|$|\[)){REFERENCES}")
IN_A_QUESTION = re.compile(rf"[?？؟]{CLOSING}{REFERENCES}\s*$")
WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
WORD = re.compile(r"[^\W\d_]+")
FEWEST_WORDS, FEWEST_WIDE = 2, 4


class Fault(StrEnum):
    """What is wrong with a sentence, or with a reference in it."""

    UNCITED = "uncited"
    UNKNOWN = "unknown"  # the case has given no such number
    VOIDED = "voided"  # what had the number was taken out


@dataclass(frozen=True)
class Finding:
    """One thing to look at: a sentence that cites nothing, or a label in it."""

    fault: Fault
    sentence: str
    label: str = ""


def check_references(text: str, held: Mapping[str, bool]) -> list[Finding]:
    """Return what to look at in a summary, in its order. `held` has each label of the case, and whether it stands."""
    return [finding for sentence in sentences(text) for finding in _findings(sentence, held)]


def labels_in(text: str) -> list[str]:
    """Return the labels that a text cites, each once, in its order."""
    return list(dict.fromkeys(found["cited"] or found["label"] for found in CITATION.finditer(text)))


def sentences(text: str) -> list[str]:
    """Return the sentences of a Markdown text with their references, without headings and code."""
    return [sentence for block in _blocks(CODE.sub("\n\n", text)) for sentence in _split(block)]


def is_assertion(sentence: str) -> bool:
    """Say whether a sentence asserts something: no question, no lead-in, and more than a few words."""
    bare = CITATION.sub("", sentence).strip().rstrip("*_")
    if IN_A_QUESTION.search(sentence) or bare.endswith((":", "：")):
        return False
    return len(WORD.findall(bare)) >= FEWEST_WORDS or len(WIDE.findall(bare)) >= FEWEST_WIDE


def _findings(sentence: str, held: Mapping[str, bool]) -> Iterator[Finding]:
    labels = labels_in(sentence)
    for label in labels:
        if label not in held:
            yield Finding(Fault.UNKNOWN, sentence, label)
        elif not held[label]:
            yield Finding(Fault.VOIDED, sentence, label)
    if not labels and is_assertion(sentence):
        yield Finding(Fault.UNCITED, sentence)


def _blocks(text: str) -> Iterator[str]:
    """Yield runs of lines that belong together: paragraphs, items of a list, rows of a table."""
    lines: list[str] = []
    for line in text.splitlines():
        if UNDERLINE.match(line):
            # It makes a heading of the lines above it, or is a rule between paragraphs.
            lines = []
        elif not line.strip() or HEADING.match(line) or _is_table_rule(line):
            yield from _joined(lines)
            lines = []
        else:
            if MARKER.match(line) or line.lstrip().startswith("|"):
                yield from _joined(lines)
                lines = []
            lines.append(MARKER.sub("", line).strip().strip("|"))
    yield from _joined(lines)


def _is_table_rule(line: str) -> bool:
    # Not by a pattern: one that lets spaces be of either end tries every way to share them.
    return TABLE_RULE.issuperset(character for character in line if not character.isspace())


def _joined(lines: Iterable[str]) -> Iterator[str]:
    block = " ".join(line for line in lines if line)
    if block:
        yield block


def _split(block: str) -> Iterator[str]:
    start = 0
    for found in END.finditer(block):
        if _ends(block, found):
            yield from _stripped(block[start : found.end()])
            start = found.end()
    yield from _stripped(block[start:])


def _stripped(sentence: str) -> Iterator[str]:
    if sentence.strip():
        yield sentence.strip()


def _ends(block: str, found: re.Match[str]) -> bool:
    """Say whether a sentence ends here: not after an abbreviation, nor before a word that goes on in small letters."""
    if found[0][0] not in ".…":
        return True
    prior = block[max(0, found.start() - AROUND) : found.start()]
    before = re.search(r"([^\W_]+)$", prior)
    word = before[1].lower() if before else ""
    after = block[found.end() : found.end() + AROUND].lstrip()[:1]
    if not after or YEARS.search(prior):
        return not after.islower()
    if word in BEFORE_NUMBERS:
        return not after.isdecimal()
    is_initial = len(word) == 1 and word.isalpha() and word.isascii()
    return not (after.islower() or word in BEFORE_NAMES or is_initial)
