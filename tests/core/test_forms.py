"""What every form does with the text that somebody typed or pasted."""

import pytest
from django import forms

from casefiles.core.forms import Form, MomentField


class Sheet(Form):
    title = forms.CharField(max_length=10)
    body = forms.CharField(max_length=10, widget=forms.Textarea)
    seen = MomentField(required=False, max_length=10)


@pytest.mark.parametrize("name", ["title", "body", "seen"])
def test_a_browser_never_cuts_what_is_pasted(name):
    assert "maxlength" not in str(Sheet(user=None)[name])


def test_a_text_over_the_limit_is_said_and_comes_back_whole():
    form = Sheet({"title": "x" * 10_000, "body": "words"}, user=None)

    assert form.errors == {"title": ["Ensure this value has at most 10 characters (it has 10000)."]}
    assert "x" * 10_000 in str(form["title"])


def test_a_character_that_cannot_be_stored_is_said_once():
    form = Sheet({"title": "a\x00b", "body": "words"}, user=None)

    assert form.errors == {"title": ["Character 2 is a NUL (U+0000), which cannot be stored: remove it."]}
