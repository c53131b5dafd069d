"""The one renderer of Markdown: parsed without raw HTML, then cleaned by an allow-list (R26).

Pictures become their description, links outside go through the interstitial, and `[[E-02 p.4]]` or `[E-02]` becomes a
citation chip where the caller says which address the label has.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from casefiles.core.folding import visible_controls
from casefiles.core.outside_links import is_inside_path, leave_address

# Longer text is shown as it was typed: parsing time grows faster than length for hostile nesting.
LONGEST_PARSED: Final = 100_000
_LABEL = r"(?:C|E|S|V)-\d{2,6}"
# [[E-03 p.4]] with a locator, or [E-03]; of the first, an unknown label is marked, since it was meant as a citation.
CITATION = re.compile(rf"\[\[(?P<cited>{_LABEL})(?P<locator>(?: [^\[\]]{{1,60}})?)\]\]|\[(?P<label>{_LABEL})\]")
# A user name as accounts may have it, wherever no address of mail goes on from the left.
MENTION = re.compile(r"(?<![\w.@+-])@(?P<name>[\w.@+-]{1,150})")
ENDINGS: Final = ".@+-"
TAGS: Final = frozenset(
    "a blockquote br code del em h3 h4 h5 h6 hr li ol p pre s span strong table tbody td th thead tr ul".split()
)
ATTRIBUTES: Final = {"a": {"href"}, "ol": {"start"}}
HEADINGS: Final = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6", "h6": "h6"}

_parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def render_markdown(
    text: str, citations: Mapping[str, str] | None = None, mentioned: Collection[str] = frozenset()
) -> str:
    """Return clean HTML for what somebody wrote.

    Args:
        text: Markdown as typed; control and direction characters come out visible.
        citations: the addresses of the labels that may become chips, such as `{"E-02": "/cases/…"}`.
        mentioned: the user names that `@` marks as people; any other stays as it was typed.
    """
    if len(text) > LONGEST_PARSED:
        return f"<p>{nh3.clean_text(visible_controls(text))}</p>"
    tokens = _parser.parse(visible_controls(text))
    for token in tokens:
        token.tag = HEADINGS.get(token.tag, token.tag)
        if token.children:
            token.children = list(_inline(token.children, citations or {}, mentioned))
    html = _parser.renderer.render(tokens, _parser.options, {})
    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        allowed_classes={"a": {"citation-chip"}, "span": {"citation-chip", "unknown", "mention"}},
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer",
    )


def mentionable_names(text: str) -> set[str]:
    """Return every user name that `@` may mean in what somebody wrote, also without the punctuation behind it.

    Nobody is meant in code, in a link, or by an address of mail.
    """
    if len(text) > LONGEST_PARSED:
        return set()
    children = [child for token in _parser.parse(visible_controls(text)) for child in token.children or ()]
    found = [match["name"] for words in _outside_links(children) for match in MENTION.finditer(words)]
    return {name for typed in found for name in _readings(typed)}


def _outside_links(children: list[Token]) -> Iterator[str]:
    depth = 0
    for child in children:
        depth += child.nesting if child.type.startswith("link_") else 0
        if child.type == "text" and depth == 0:
            yield child.content


def _readings(typed: str) -> Iterator[str]:
    """Yield a name as it was typed, then without what may be the end of a sentence."""
    name = typed
    yield name
    while name[-1:] and name[-1] in ENDINGS:
        name = name[:-1]
        yield name


def _inline(children: list[Token], citations: Mapping[str, str], mentioned: Collection[str]) -> Iterator[Token]:
    depth = 0
    for child in children:
        depth += child.nesting if child.type.startswith("link_") else 0
        if child.type == "image":
            yield _words(child.content)
        elif child.type == "link_open":
            yield _through_interstitial(child)
        elif child.type == "text" and depth == 0:
            for piece in _with_chips(child.content, citations):
                yield from _with_mentions(piece, mentioned) if piece.type == "text" else (piece,)
        else:
            yield child


def _words(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _through_interstitial(link: Token) -> Token:
    address = str(link.attrGet("href") or "")
    target = address if is_inside_path(address) else leave_address(address)
    link.attrs = {"href": target} if target else {}
    return link


def _with_chips(content: str, citations: Mapping[str, str]) -> Iterator[Token]:
    end = 0
    for found in CITATION.finditer(content):
        if found.start() > end:
            yield _words(content[end : found.start()])
        yield from _chip(found, citations)
        end = found.end()
    if end < len(content):
        yield _words(content[end:])


def _with_mentions(words: Token, mentioned: Collection[str]) -> Iterator[Token]:
    content, end = words.content, 0
    for found in MENTION.finditer(content) if mentioned else ():
        name = next((one for one in _readings(found["name"]) if one in mentioned), "")
        if name:
            yield _words(content[end : found.start()])
            yield Token("span_open", "span", 1, attrs={"class": "mention"})
            end = found.start() + len(name) + 1
            yield _words(content[found.start() : end])
            yield Token("span_close", "span", -1)
    yield _words(content[end:])


def _chip(found: re.Match[str], citations: Mapping[str, str]) -> Iterator[Token]:
    label = found["cited"] or found["label"]
    if label in citations:
        yield Token("link_open", "a", 1, attrs={"href": citations[label], "class": "citation-chip"})
        yield _words(label + (found["locator"] or ""))
        yield Token("link_close", "a", -1)
    elif found["cited"] and citations:
        yield Token("span_open", "span", 1, attrs={"class": "citation-chip unknown"})
        yield _words(f"{label}?")
        yield Token("span_close", "span", -1)
    else:
        yield _words(found[0])
