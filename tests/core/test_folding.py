"""Folding for search and sorting, and what is shown or refused because it cannot be seen."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefiles.core.folding import UnsafeText, clean_line, clean_text, fold, search_tokens, visible_controls

FOLDED = [
    ("Ангара", "ангара"),
    ("АНГАРА", "ангара"),
    ("Находка́", "находка"),
    ("Łódź", "lodz"),
    ("Ærø", "æro"),
    ("STRASSE", "strasse"),
    ("Straße", "strasse"),
    ("İSTANBUL", "istanbul"),
    ("ISPARTA", "isparta"),
    ("ısparta", "isparta"),
    ("Ｒａｊｉｎ", "rajin"),
    ("ﬁxed", "fixed"),
    ("羅津", "羅津"),
    ("舟山市", "舟山市"),
    ("나진항", "나진항"),
    (unicodedata.normalize("NFD", "나진항"), "나진항"),
    ("がぎ", "がぎ"),
    ("ｶﾞ", "ガ"),
    ("Z\u0336a\u0336l\u0336g\u0336o", "zalgo"),
    ("Lady\u200bR", "ladyr"),
    ("Lady\u202eR", "ladyr"),
    ("Lady\x00R", "ladyr"),
    ("Lady\ud800R", "ladyr"),
    ("  Lady\t\n R\u00a0\u3000 ", "lady r"),
    ("ΐ", "ι"),
    ("", ""),
    (" \u200b ", ""),
]


@pytest.mark.parametrize(("text", "key"), FOLDED)
def test_folding_drops_case_accents_and_what_is_invisible(text, key):
    assert fold(text) == key


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_a_folded_key_is_one_clean_line(text):
    key = fold(text)

    assert key == clean_line(key) == unicodedata.normalize("NFC", key)
    assert visible_controls(key) == key


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Lady R, IMO-9161003", ["lady", "r", "imo", "9161003"]),
        ("나진항", ["나진", "진항"]),
        ("羅津港 Rajin", ["羅津", "津港", "rajin"]),
        ("Rajin羅津", ["rajin", "羅津"]),
        ("港", ["港"]),
        ("ラジン", ["ラジ", "ジン"]),
        ("«Ангара»", ["ангара"]),
        ("OR AND NOT * \" ' (((", ["or", "and", "not"]),
        ("", []),
    ],
)
def test_words_and_pairs_of_characters_are_searched(text, tokens):
    assert search_tokens(text) == tokens


@given(st.text(), st.text(alphabet="abcАБВ津羅나진 ", min_size=1))
def test_a_word_is_found_in_a_text_that_holds_it(around, word):
    assert set(search_tokens(word)) <= set(search_tokens(f"{around} {word} {around}"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("abc\u202egpj.exe", "abc⟨U+202E⟩gpj.exe"),
        ("\u2066a\u2069", "⟨U+2066⟩a⟨U+2069⟩"),
        ("a\u200bb\u200dc\ufeff", "a⟨U+200B⟩b⟨U+200D⟩c⟨U+FEFF⟩"),
        ("a\x00\x1b[31m\x85", "a⟨U+0000⟩⟨U+001B⟩[31m⟨U+0085⟩"),
        ("a\u2028b", "a⟨U+2028⟩b"),
        ("a\u3164b", "a⟨U+3164⟩b"),
        ("a\udc80b", "a⟨U+DC80⟩b"),
        ("tag\U000e0041", "tag⟨U+E0041⟩"),
        ("line\r\n\tnext", "line\r\n\tnext"),
        ("Ангара 羅津 عربي", "Ангара 羅津 عربي"),
    ],
)
def test_what_steers_or_hides_text_is_shown_as_a_marker(text, shown):
    assert visible_controls(text) == shown


def test_every_character_that_hides_is_marked_wherever_it_stands_and_no_other():
    """Catches a short cut for printable text that lets something through."""
    hides = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    for number in range(0x110000):
        character = chr(number)
        is_hidden = unicodedata.category(character) in hides or character in "\u115f\u1160\u3164\uffa0"
        is_kept = character in "\t\n\r"

        marked = visible_controls(f"a{character}") != f"a{character}"

        assert marked == (is_hidden and not is_kept), f"U+{number:04X}"


def test_a_line_is_trimmed_and_keeps_what_steers_direction():
    assert clean_line("  Lady \n R\u202e\u200b ") == "Lady R\u202e\u200b"


def test_a_text_keeps_its_lines():
    assert clean_text(" one\r\ntwo\rthree\n\n four ") == " one\ntwo\nthree\n\n four "


@pytest.mark.parametrize("clean", [clean_line, clean_text])
@pytest.mark.parametrize(("text", "words"), [("ab\x00", "Character 3 is a NUL"), ("\ud800", "U+D800")])
def test_what_the_database_cannot_keep_is_refused(clean, text, words):
    with pytest.raises(UnsafeText) as refusal:
        clean(text)

    assert words in refusal.value.reason
