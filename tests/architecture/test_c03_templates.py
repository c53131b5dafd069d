"""C03: templates hold no script, style, handler, outside address or unescaped text of their own."""

import re

import pytest

from tests.architecture.source import ROOT, TEMPLATES

FORBIDDEN = {
    "inline style": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "inline script": re.compile(
        r"<script(?![^>]*\b(?:src=|type=\"(?:importmap|application/json)\"))[^>]*>", re.IGNORECASE
    ),
    "script address": re.compile(r"javascript:", re.IGNORECASE),
    "unescaped text": re.compile(r"\|\s*safe\b|autoescape\s+off"),
    "outside address": re.compile(r"(?:src|href|action)\s*=\s*[\"']?(?:https?:)?//", re.IGNORECASE),
}
# The self-contained dossier carries its style with it: it is a file to keep, not a page.
# The gallery shows that a script address is not made a link.
ALLOWED = {
    ("ui/gallery.html", "script address"),
    ("dossiers/download.html", "unescaped text"),
    ("dossiers/download.html", "inline style"),
}
FILES = sorted(TEMPLATES.rglob("*.html"))


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(TEMPLATES)) for path in FILES])
def test_c03_a_template_brings_nothing_that_the_policy_forbids(path):
    text = re.sub(r"{% comment %}.*?{% endcomment %}", "", path.read_text("utf-8"), flags=re.DOTALL)

    found = {name for name, pattern in FORBIDDEN.items() if pattern.search(text)}

    assert {name for name in found if (str(path.relative_to(TEMPLATES)), name) not in ALLOWED} == set()


@pytest.mark.parametrize(
    ("planted", "name"),
    [
        ('<p style="color:red">', "inline style"),
        ('<img src=x onerror="x()">', "inline handler"),
        ("<script>alert(1)</script>", "inline script"),
        ('<a href="javascript:x">', "script address"),
        ("{{ text|safe }}", "unescaped text"),
        ('<script src="https://example.org/x.js">', "outside address"),
    ],
)
def test_c03_a_planted_breach_is_caught(planted, name):
    assert FORBIDDEN[name].search(planted)


def test_c15_scripts_build_no_markup_from_text_and_evaluate_nothing():
    forbidden = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setTimeout\(\s*[\"']"
    )

    found = [str(path) for path in (ROOT / "static" / "js").rglob("*.js") if forbidden.search(path.read_text("utf-8"))]

    assert found == []
