"""The tags and filters that pages are made of."""

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.forms.renderers import DjangoTemplates
from django.template import engines
from django.test import RequestFactory
from django.test.html import parse_html
from django.urls import set_urlconf
from django.utils import translation

from casefiles.core.forms import MomentField
from casefiles.core.moments import Moment
from casefiles.core.templatetags import ui

HOSTILE = '"><script>alert(1)</script>'


def render(source: str, **context: object) -> str:
    request = RequestFactory().get("/?sort=name&after=x&q=a")
    return engines["django"].from_string("{% load ui %}" + source).render(context, request)


@pytest.mark.parametrize(
    "source",
    [
        "{% pill x %}",
        "{% pill x x %}",
        "{% citation_chip x x x %}",
        "{% standing x %}",
        "{% likelihood x %}",
        "{% person x True %}",
        "{% external_link x x %}",
        "{% hash x %}",
        "{% moment x %}",
        "{% icon 'lock' x %}",
        "{% dot x x %}",
        "{% record_link x x is_restricted=x is_voided=x %}",
        "{{ x|shortened:20 }}",
        "{% key_values x x %}",
        "{% sort_link 'name' x x %}",
        "{% card x aside=x note=x id=x %}{{ x }}{% endcard %}",
        "{% table_region x %}{{ x }}{% endtable_region %}",
        "{% note x role=x %}{{ x }}{% endnote %}",
        "{% menu x %}{{ x }}{% endmenu %}",
        "{{ x|visible_controls }}",
        "{{ x|markdown }}",
        "{{ x|show_moment }}",
        "{{ x|initials }}",
        '{% include "ui/empty.html" with title=x text=x action_url=x action_text=x only %}',
    ],
)
def test_no_component_lets_text_become_markup(source: str) -> None:
    html = render(source, x=HOSTILE, sorts=["name"], sort="name")

    assert HOSTILE not in html
    assert "<script" not in html


@pytest.mark.parametrize(
    ("value", "label", "tone"),
    [
        ("corroborated", "Corroborated", "pill ok"),
        ("single_origin", "Single origin", "pill"),
        ("disputed", "Disputed", "pill warn"),
        ("lineage not recorded", "Lineage not recorded", "pill"),
        ("unsupported", "Unsupported", "pill"),
        ("refuted", "Refuted", "pill bad"),
        ("withdrawn", "Withdrawn", "pill bad"),
    ],
)
def test_a_standing_has_its_word_and_its_tone(value: str, label: str, tone: str) -> None:
    assert render("{% standing x %}", x=value) == f'<span class="{tone}">{label}</span>'


def test_a_likelihood_shows_its_band_as_word_and_per_cent() -> None:
    html = render("{% likelihood 'very_likely' %}")

    assert 'title="80–95 %"' in html
    assert 'x="80" width="15"' in html
    assert "very likely" in html


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("", ""),
        (Moment.from_edtf("2024-02~"), "2024-02~"),
        (date(2024, 4, 25), "2024-04-25"),
        (datetime(2024, 4, 25, 7, 45, tzinfo=UTC), "2024-04-25 07:45 UTC"),
    ],
)
def test_time_is_shown_no_sharper_than_it_is_known(value: object, text: str) -> None:
    assert ui.show_moment(value) == text


def test_a_moment_carries_the_wording_it_was_given_in() -> None:
    html = render("{% moment x %}", x=Moment.from_edtf("2024-02-01/2024-02-10", "early February 2024"))

    assert 'title="early February 2024"' in html


@pytest.mark.parametrize(
    ("name", "letters"),
    [("lead researcher", "LR"), ("Researcher 1", "R1"), ("editor", "ED"), ("김", "김"), ("", "?")],
)
def test_initials_are_two_letters(name: str, letters: str) -> None:
    assert ui.initials(name) == letters


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [
        (None, ""),
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1_000, "1.0 kB"),
        (1_800_000, "1.8 MB"),
        (999_960, "1.0 MB"),
        (5 * 10**15, "5000.0 TB"),
    ],
)
def test_sizes_are_decimal(size_bytes: int | None, text: str) -> None:
    assert ui.filesize(size_bytes) == text


def test_a_sorted_column_offers_the_other_direction_and_starts_at_the_first_page() -> None:
    html = render("{% sort_link 'name' 'Name' %}", sorts=["name", "-name"], sort="name")

    assert 'aria-sort="ascending"' in html
    assert 'href="?sort=-name&amp;q=a"' in html


def test_a_column_that_cannot_be_sorted_is_no_link() -> None:
    assert "<a" not in render("{% sort_link 'secret' 'Secret' %}", sorts=["name"], sort="name")


def test_what_may_not_be_a_link_is_shown_as_text() -> None:
    assert "<a" not in render("{% external_link 'javascript:alert(1)' 'x' %}")


def test_navigation_leaves_out_what_has_no_page(request: pytest.FixtureRequest) -> None:
    request.addfinalizer(lambda: set_urlconf(None))
    set_urlconf("tests.core.elements_site")

    assert render("{% nav_link 'evidence' %}") == ""


@pytest.mark.parametrize(
    ("tags", "action"),
    [("", None), ("undo", None), ("undo:", None), ("undo:abc", ("Undo", "abc")), ("void:abc", ("Void it", "abc"))],
)
def test_a_message_offers_what_takes_it_back(tags: str, action: tuple[str, str] | None) -> None:
    assert ui.message_action(Message(constants.SUCCESS, "Image added.", extra_tags=tags)) == action


class EveryField(forms.Form):
    title = forms.CharField(label="Title", help_text="As printed.")
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    many = forms.MultipleChoiceField(
        label="Many", choices=[("a", "A")], widget=forms.CheckboxSelectMultiple, required=False
    )
    is_sealed = forms.BooleanField(label="Sealed", required=False)
    text = forms.CharField(label="Text", widget=forms.Textarea, required=False)
    occurred = MomentField(label="Occurred", required=False)
    file = forms.FileField(label="File", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


@pytest.mark.parametrize(
    ("name", "kind", "is_wide"),
    [
        ("title", "plain", True),
        ("kind", "segmented", True),
        ("many", "choices", True),
        ("is_sealed", "checkbox", True),
        ("text", "plain", True),
        ("occurred", "moment", False),
        ("file", "file", True),
        ("secret", "hidden", False),
    ],
)
def test_a_field_is_laid_out_by_its_widget(name: str, kind: str, is_wide: bool) -> None:
    bound = EveryField()[name]

    assert (ui.widget_kind(bound), ui.is_wide(bound)) == (kind, is_wide)


def test_every_label_points_to_a_control_and_every_description_is_there() -> None:
    html = render('{% include "ui/field_grid.html" %}', form=EveryField({"kind": "z"}))

    ids = set(ids_in(html, "id"))
    assert set(ids_in(html, "for")) <= ids
    assert {one for many in ids_in(html, "aria-describedby") for one in many.split()} <= ids


def test_the_error_summary_links_to_the_controls_that_need_attention() -> None:
    form = EveryField({"occurred": "some day"})
    html = render('{% include "ui/error_summary.html" %}{% include "ui/field_grid.html" %}', form=form)

    targets = {address[1:] for address in ids_in(html, "href")}
    assert targets == {"id_title", "id_kind_0", "id_occurred"}
    assert targets <= set(ids_in(html, "id"))


def test_a_moment_says_how_it_was_read() -> None:
    form = EveryField(initial={"occurred": Moment.from_edtf("2024-02-01/2024-02-10", "early February 2024")})

    assert "Read as 1 to 10 February 2024" in render("{% field form.occurred %}", form=form)


def test_empty_pairs_say_so() -> None:
    assert "not recorded" in render("{% key_values 'Built' x %}", x="")


def test_json_in_a_script_element_cannot_end_it() -> None:
    assert "</script>" not in ui.as_json({"a": "</script><!--"})


def test_an_address_is_itself_or_that_of_its_name() -> None:
    assert ui.address("/a/") == "/a/"
    assert ui.address("nowhere:at_all") == ""
    assert ui.address(None) == ""


def ids_in(html: str, attribute: str) -> list[str]:
    return [part.split('"', 1)[0] for part in html.split(f' {attribute}="')[1:]]


def test_a_colour_choice_of_the_reader_is_kept_only_when_it_is_one() -> None:
    request = RequestFactory().get("/")
    request.COOKIES["theme"] = HOSTILE
    html = engines["django"].get_template("pages/error.html").render({"error_title": "Nothing here"}, request)

    assert "data-theme" not in html
    assert HOSTILE not in html


# --- Words that are looked up once -----------------------------------------------------------------------------------


def test_words_of_a_template_follow_the_language_of_each_reader() -> None:
    """Catches words kept for whoever came first."""
    shown = engines["django"].from_string('{% translate "Yes" %}|{% translate "No" as no %}{{ no }}')
    languages = ("en-gb", "de", "en-gb", "fr")

    found = []
    for language in languages:
        with translation.override(language):
            found.append(shown.render({}))

    assert found == ["Yes|No", "Ja|Nein", "Yes|No", "Oui|Non"]


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("{% translate x %}", "&lt;b&gt;"),
        ('{% translate "Yes"|upper %}', "YES"),
        ('{% translate "Yes" noop %}', "Yes"),
        ('{% translate "May" context "month name" %}', "May"),
        ('{% trans "100% of <b>" %}', "100% of <b>"),
    ],
)
def test_anything_but_plain_words_is_translated_as_django_does(source: str, shown: str) -> None:
    assert render(source, x="<b>") == shown


# --- Selects ---------------------------------------------------------------------------------------------------------


class Choosing(forms.Form):
    plain = forms.ChoiceField(choices=[("", "any"), ("a", "<A> & a"), (2, "two")], initial="a")
    grouped = forms.ChoiceField(choices=[("Group <1>", [("a", "A"), ("b", "B")]), ("c", "C")], initial="b")
    several = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], initial=["a", "b"])


def test_a_select_offers_what_djangos_would() -> None:
    form = Choosing(renderer=DjangoTemplates())
    expected = {name: str(form[name]) for name in form.fields}

    shown = {name: str(Choosing()[name]) for name in form.fields}

    for name, html in expected.items():
        assert parse_html(shown[name]) == parse_html(html)


# --- Rows ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marks", "shown"),
    [
        ("", '<a class="strong row-link" href="/x/" dir="auto">Angara</a>'),
        (
            " is_voided=True",
            '<a class="strong row-link struck" href="/x/" dir="auto">Angara</a> <span class="pill bad">voided</span>',
        ),
    ],
)
def test_a_row_is_named_by_a_link_that_says_what_must_be_known(marks: str, shown: str) -> None:
    assert render(f"{{% record_link '/x/' 'Angara'{marks} %}}") == shown


def test_a_restricted_row_has_a_lock_with_words() -> None:
    assert 'role="img" aria-label="Restricted"' in render("{% record_link '/x/' 'Angara' is_restricted=True %}")


@pytest.mark.parametrize(
    ("text", "shown"), [("short", "short"), ("exactly ten", "exactly t…"), ("0123456789", "0123456789"), (7, "7")]
)
def test_a_long_text_is_cut_with_an_ellipsis(text: object, shown: str) -> None:
    assert render("{{ x|shortened:10 }}", x=text) == shown
