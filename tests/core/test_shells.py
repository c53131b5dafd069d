"""The shells of the pages: what they show with the least and what they never say."""

import re
from types import SimpleNamespace

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory

from casefiles.core.forms import ReasonForm

SECRET = "Angara and a case that nobody may read of"


def render(template: str, address: str = "/", **context: object) -> str:
    request = RequestFactory().get(address)
    request.user = AnonymousUser()
    return render_to_string(template, context, request)


class Filters(forms.Form):
    q = forms.CharField(label="Name", required=False)


LIST = {
    "section": "vessels",
    "rows": [],
    "page": {"previous_url": None, "next_url": None, "total_text": "0 records"},
    "filter": SimpleNamespace(form=Filters({})),
}


@pytest.mark.parametrize(
    ("template", "context"),
    [
        ("pages/list.html", LIST),
        ("pages/detail.html", {"section": "vessels"}),
        ("pages/form.html", {"form": ReasonForm(user=None), "title": "Edit"}),
        ("pages/confirm.html", {"form": ReasonForm(user=None), "title": "Void", "consequences": ["It stays visible."]}),
        ("pages/conflict.html", {"conflict": {"rows": []}, "title": "Edit"}),
        ("pages/error.html", {"error_title": "Nothing here", "error_text": "There is no such page."}),
        ("ui/gallery.html", {}),
        ("ui/gallery.html", {"form": ReasonForm({}, user=None)}),
        ("base_signed_out.html", {}),
    ],
)
def test_a_shell_renders_with_the_least_it_is_given(template: str, context: dict[str, object]) -> None:
    html = render(template, **context)

    assert html.startswith("<!doctype html>")
    assert html.count("<main") == html.count("<h1") == 1


@pytest.mark.parametrize("template", ["pages/detail.html", "pages/form.html", "pages/confirm.html"])
def test_the_title_of_the_window_names_the_section_and_nothing_more(template: str) -> None:
    html = render(template, section="cases", title=SECRET, record=SECRET, form=ReasonForm(user=None))

    assert re.search(r"<title>(.*?)</title>", html)[1] == "Cases · Casefiles"


def test_an_empty_list_says_so_and_a_filtered_one_offers_to_clear() -> None:
    assert "Nothing here yet" in render("pages/list.html", **LIST)
    assert "Clear the filters" in render("pages/list.html", "/?q=a", **LIST, is_filtered=True)


def test_a_list_works_without_a_script() -> None:
    html = render("pages/list.html", "/vessels/?sort=-name", **LIST, sort="-name")

    assert '<form class="filters" method="get" action="/vessels/"' in html
    assert '<input type="hidden" name="sort" value="-name">' in html
    assert '<button class="button apply" type="submit">' in html


def test_a_conflict_sends_the_whole_form_again_and_asks_where_texts_differ() -> None:
    rows = [
        conflict_row("flag", base="Togo", theirs="Russia", yours="Россия", keep="yours"),
        conflict_row("note", base="a", theirs="b", yours="b", keep="yours"),
    ]
    html = render("pages/conflict.html", conflict={"rows": rows}, title="Edit", base_token="token")

    assert '<input type="hidden" name="flag" value="Россия">' in html
    assert '<input type="hidden" name="note" value="b">' in html
    assert '<input type="hidden" name="base" value="token">' in html
    assert re.search(r'name="keep-flag" value="yours"[^>]* checked', html)
    assert "keep-note" not in html


def conflict_row(name: str, *, base: str, theirs: str, yours: str, keep: str) -> SimpleNamespace:
    return SimpleNamespace(
        name=name,
        label=name.title(),
        base=base,
        theirs=theirs,
        yours=yours,
        keep=keep,
        is_both_changed=True,
        inputs=((name, yours),),
    )


def test_the_current_entry_of_the_navigation_is_marked() -> None:
    html = render("pages/detail.html", section="home")

    assert html.count('aria-current="page"') <= 1


def test_htmx_may_neither_evaluate_nor_ask_others_nor_remember_pages() -> None:
    html = render("pages/detail.html")

    for rule in ('"allowEval":false', '"selfRequestsOnly":true', '"historyCacheSize":0', '"allowScriptTags":false'):
        assert rule in html
