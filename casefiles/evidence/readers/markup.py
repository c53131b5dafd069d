"""What a web page says, taken apart into blocks of words, links and pictures. No markup of the page survives.

Whoever shows it writes the words as words. Styles and scripts do not run here, so what they hide or add is not known:
hidden words are among the blocks, and words that a script would have fetched are not.
"""

import re
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urljoin

import webencodings
from lxml import etree

from casefiles.evidence.readers.findings import Plain, plain_text

MOST_CHARACTERS = 2_000_000
MOST_BLOCKS = 20_000
MOST_PICTURES = 400
ADDRESS_LENGTH = 2_000

_LEFT_OUT = {
    "script", "style", "noscript", "template", "svg", "math", "iframe", "frame", "object", "embed", "canvas", "audio",
    "video", "map", "title", "meta", "link", "base", "datalist",
}  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = {
    "address", "article", "aside", "body", "blockquote", "center", "dd", "details", "dialog", "dir", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "html", "legend", "li", "main",
    "menu", "nav", "ol", "option", "p", "pre", "search", "section", "select", "summary", "table", "tbody", "td",
    "textarea", "tfoot", "th", "thead", "tr", "ul", "caption", *_HEADINGS,
}  # fmt: skip
# A table with any of these inside arranges the page; it has no rows to read across.
_NOT_IN_ROWS = ("table", "form", "ul", "ol", "article", "section", "nav", *_HEADINGS)
_SPACE = re.compile(r"[ \t\n\r\f\u00a0]+")
_AROUND_LINES = re.compile(r" ?\n ?")
_SPACE_BUT_LINES = re.compile(r"[ \t\r\f\u00a0]+")
_META_CHARSET = re.compile(rb"<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)


@dataclass(frozen=True)
class Run:
    """Words that stand together, and the address they lead to, if any."""

    text: str
    address: str = ""


@dataclass(frozen=True)
class Block:
    """A part of a page. `kind` is heading, paragraph, item, quote, preformatted, row or picture.

    A row has `cells`; a picture has `address`, and its description in `runs`; `level` is the rank of a heading or the
    depth of an item in a list.
    """

    kind: str
    runs: tuple[Run, ...] = ()
    level: int = 0
    cells: tuple[tuple[Run, ...], ...] = ()
    address: str = ""

    @property
    def text(self) -> str:
        if self.kind == "row":
            return "\t".join("".join(run.text for run in cell) for cell in self.cells)
        return "".join(run.text for run in self.runs)

    def plain(self) -> dict[str, Plain]:
        """Return this as it leaves the cage."""

        def listed(runs: tuple[Run, ...]) -> list[Plain]:
            return [{"text": run.text, "address": run.address} for run in runs]

        return {
            "kind": self.kind, "level": self.level, "runs": listed(self.runs),
            "cells": [listed(cell) for cell in self.cells], "address": self.address,
        }  # fmt: skip


@dataclass(frozen=True)
class WebPage:
    """A page: its title and language as its markup has them, and its blocks."""

    title: str
    language: str
    blocks: tuple[Block, ...]
    is_cut: bool = False

    @property
    def text(self) -> str:
        """The words of the page, one block a line."""
        return "\n".join(block.text for block in self.blocks if block.kind != "picture")


def read_page(content: bytes, *, charset: str, address: str) -> WebPage:
    """Take a page apart; `address` is where it came from, so that its links and pictures can be told."""
    text = decoded(content, charset)
    if not text.strip():
        return WebPage("", "", ())
    parser = etree.HTMLParser(encoding="utf-8", remove_pis=True)
    root = etree.fromstring(text.encode("utf-8"), parser)
    if root is None:
        return WebPage("", "", ())
    title = root.find(".//title")
    base = root.find(".//base[@href]")
    builder = _Builder(urljoin(address, str(base.get("href"))) if base is not None else address)
    builder.walk(root)
    return WebPage(
        title=_line("".join(title.itertext()) if title is not None else "")[:500],
        language=_line(str(root.get("lang") or ""))[:35],
        blocks=tuple(builder.blocks),
        is_cut=builder.is_full or any("depth" in error.message for error in parser.error_log),
    )


def decoded(content: bytes, charset: str) -> str:
    """Return a page as text: by its mark, else as it was sent, else as it says itself, else UTF-8 or Windows-1252."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return plain_text(content.decode(name, "replace"))
    declared = _META_CHARSET.search(content[:4096])
    for label in (charset, declared[1].decode() if declared else ""):
        encoding = webencodings.lookup(label)
        if encoding is not None and encoding.name != "replacement":
            return plain_text(encoding.codec_info.decode(content, "replace")[0])
    try:
        return plain_text(content.decode("utf-8"))
    except UnicodeDecodeError:
        return plain_text(content.decode("cp1252", "replace"))


class _Builder:
    """Walks a tree of elements once, without recursion, and gathers words until a block begins or ends."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.blocks: list[Block] = []
        self._runs: list[Run] = []
        self._inside: list[str] = []
        self._link = ""
        self._row: list[tuple[Run, ...]] | None = None
        self._in_table: list[bool] = []
        self._characters = 0
        self._pictures = 0

    @property
    def is_full(self) -> bool:
        return self._characters > MOST_CHARACTERS or len(self.blocks) >= MOST_BLOCKS

    def walk(self, root: Any) -> None:
        walker = etree.iterwalk(root, events=("start", "end", "comment"))
        for event, element in walker:
            if self.is_full:
                break
            if event == "start":
                self._start(element, walker)
            else:
                if event == "end":
                    self._end(element)
                self._add(element.tail)
        self._flush()

    def _start(self, element: Any, walker: Any) -> None:
        tag = element.tag
        if tag in _LEFT_OUT or tag == "head":
            walker.skip_subtree()
            return
        if tag in _BLOCKS:
            self._flush(is_inside_cell=self._row is not None)
            self._inside.append(tag)
        if tag == "table":
            self._in_table.append(next(element.iterdescendants(*_NOT_IN_ROWS), None) is None)
        elif tag == "tr" and self._in_table and self._in_table[-1]:
            self._row = []
        elif tag == "a":
            self._link = _joined(self._address, element.get("href"))
        elif tag == "br":
            self._runs.append(Run("\n"))
        elif tag == "img":
            self._picture(element)
        self._add(element.text)

    def _end(self, element: Any) -> None:
        tag = element.tag
        if tag == "a":
            self._link = ""
        if tag not in _BLOCKS or not self._inside:
            return
        if self._row is not None:
            self._end_in_row(tag)
        else:
            self._flush()
        self._inside.pop()
        if tag == "table" and self._in_table:
            self._in_table.pop()

    def _end_in_row(self, tag: str) -> None:
        """Keep a cell, or the row when it ends; other blocks inside a cell only part its words."""
        assert self._row is not None
        if tag in {"td", "th"}:
            self._row.append(_trimmed(self._runs))
            self._runs = []
        elif tag == "tr":
            self._runs = []
            if any(cell for cell in self._row):
                self.blocks.append(Block("row", cells=tuple(self._row)))
            self._row = None
        else:
            self._runs.append(Run(" "))

    def _add(self, text: str | None) -> None:
        if not text:
            return
        is_kept = "pre" in self._inside[-3:] or "textarea" in self._inside[-1:]
        words = text if is_kept else _SPACE.sub(" ", text)
        self._characters += len(words)
        self._runs.append(Run(words, self._link))

    def _picture(self, element: Any) -> None:
        address = _joined(self._address, element.get("src") or element.get("data-src"))
        if not address or self._pictures >= MOST_PICTURES or self._row is not None:
            return
        self._pictures += 1
        self._flush()
        described = _line(str(element.get("alt") or ""))[:500]
        self.blocks.append(Block("picture", runs=(Run(described),) if described else (), address=address))

    def _flush(self, *, is_inside_cell: bool = False) -> None:
        if is_inside_cell:
            self._runs.append(Run(" "))
            return
        kind, level = self._kind()
        runs = tuple(self._runs) if kind == "preformatted" else _trimmed(self._runs)
        self._runs = []
        if any(run.text.strip() for run in runs):
            self.blocks.append(Block(kind, runs=runs, level=level))

    def _kind(self) -> tuple[str, int]:
        for tag in reversed(self._inside):
            if tag in _HEADINGS:
                return "heading", _HEADINGS[tag]
            if tag in {"li", "dd", "dt"}:
                return "item", min(8, sum(outer in {"ul", "ol", "menu", "dir", "dl"} for outer in self._inside))
            if tag in {"pre", "blockquote"}:
                return {"pre": "preformatted", "blockquote": "quote"}[tag], 0
        return "paragraph", 0


def _trimmed(runs: list[Run]) -> tuple[Run, ...]:
    """Return runs with single spaces between words and none at the ends; neighbours of one address become one."""
    spaced: list[Run] = []
    is_space = True
    for address, neighbours in groupby(runs, key=lambda run: run.address):
        words = "".join(run.text for run in neighbours)
        text = _AROUND_LINES.sub("\n", _SPACE_BUT_LINES.sub(" ", words))
        text = text.lstrip(" \n") if is_space else text
        if text:
            spaced.append(Run(text, address))
            is_space = text[-1] in " \n"
    while spaced and not spaced[-1].text.rstrip():
        spaced.pop()
    if spaced:
        spaced[-1] = Run(spaced[-1].text.rstrip(), spaced[-1].address)
    return tuple(spaced)


def _joined(base: str, address: Any) -> str:
    """Return where a link of the page leads; nothing where it is no address of the web."""
    try:
        joined = urljoin(base, _line(str(address or "")))
    except ValueError:
        return ""
    return joined if joined.startswith(("http://", "https://")) and len(joined) <= ADDRESS_LENGTH else ""


def _line(text: str) -> str:
    return " ".join(text.split())
