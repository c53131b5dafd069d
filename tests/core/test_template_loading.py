"""Templates are read without their indentation, and what a reader sees is the same."""

import re

import pytest
from django.conf import settings
from django.template.loader import get_template

from casefiles.core.template_loading import without_indentation

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))


@pytest.mark.parametrize(
    ("source", "read"),
    [
        ("<ul>\n    <li>a</li>\n</ul>", "<ul>\n<li>a</li>\n</ul>"),
        ("\t{% if x %}\n\t\t{{ x }}\n\t{% endif %}", "{% if x %}\n{{ x }}\n{% endif %}"),
        ("<p>Some words\n   and more</p>", "<p>Some words\n   and more</p>"),
        ("a\n\n  <b>", "a\n\n<b>"),
        ("", ""),
    ],
)
def test_only_what_stands_before_a_tag_goes(source, read):
    assert without_indentation(source) == read


def test_the_templates_of_the_project_are_read_so():
    source = get_template("pages/list.html").template.source

    assert not re.search(r"^[ \t]+<", source, re.MULTILINE)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(settings.BASE_DIR).as_posix())
def test_no_template_has_lines_in_which_white_space_counts(path):
    """Fails where indentation would be text: in <pre>, or in words for translation that are not trimmed."""
    source = path.read_text("utf-8")

    assert not re.search(r"<pre[^>]*>[^<]*\n[ \t]+[<{]", source)
    assert not re.search(r"\{% blocktranslate (?![^%]*trimmed)[^%]*%\}[^%]*\n", source)
