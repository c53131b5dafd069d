"""What the environment may say: a wrong value stops the start with one sentence that names the variable."""

import stat

import pytest
from django.core.exceptions import ImproperlyConfigured

from casefiles import env

NAME = "CASEFILES_TRIED"


@pytest.mark.parametrize(
    ("read", "value", "sentence"),
    [
        (env.flag, "maybe", "CASEFILES_TRIED must be 1 or 0, not 'maybe'."),
        (env.flag, "2", "CASEFILES_TRIED must be 1 or 0, not '2'."),
        (lambda name: env.number(name, 7), "many", "CASEFILES_TRIED must be a whole number, not 'many'."),
        (lambda name: env.number(name, 7), "-1", "CASEFILES_TRIED must be a whole number, not '-1'."),
        (lambda name: env.number(name, 7), "1.5", "CASEFILES_TRIED must be a whole number, not '1.5'."),
        (lambda name: env.number(name, 7), "٣", "CASEFILES_TRIED must be a whole number, not '٣'."),
        (
            lambda name: env.database(name, ""),
            "mysql://localhost/casefiles",
            "CASEFILES_TRIED must be a sqlite:/// or postgresql:// address.",
        ),
        (
            lambda name: env.secret_key(name, made_at=None),
            "/nowhere/secret",
            "CASEFILES_TRIED names /nowhere/secret, which cannot be read: No such file or directory.",
        ),
        (
            lambda name: env.secret_key(name, made_at=None),
            "",
            "CASEFILES_TRIED is not set: point it at a file holding a random secret of at least 50 characters, "
            "or run `make demo` to try Casefiles.",
        ),
    ],
)
def test_a_wrong_value_is_told_in_a_sentence_that_names_the_variable(monkeypatch, read, value, sentence) -> None:
    monkeypatch.setenv(NAME, value)

    with pytest.raises(ImproperlyConfigured) as caught:
        read(NAME)

    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("read", "value", "meant"),
    [
        (env.flag, "", False),
        (lambda name: env.flag(name, default=True), " ", True),
        (env.flag, " Yes ", True),
        (env.flag, "on", True),
        (lambda name: env.flag(name, default=True), "off", False),
        (lambda name: env.number(name, 7), "", 7),
        (lambda name: env.number(name, 7), " 12 ", 12),
        (lambda name: env.words(name, ["default"]), " , ", ["default"]),
        (lambda name: env.words(name, []), "one.example, two.example,", ["one.example", "two.example"]),
        (lambda name: env.text(name, "default"), "said", "said"),
    ],
)
def test_a_value_is_read_as_it_is_meant(monkeypatch, read, value, meant) -> None:
    monkeypatch.setenv(NAME, value)

    assert read(NAME) == meant


@pytest.mark.parametrize(
    ("address", "engine"),
    [
        ("sqlite:////srv/casefiles.sqlite3", "django.db.backends.sqlite3"),
        ("postgresql://localhost/casefiles", "django.db.backends.postgresql"),
    ],
)
def test_the_two_databases_are_told_by_their_address(monkeypatch, address, engine) -> None:
    monkeypatch.setenv(NAME, address)

    assert env.database(NAME, "sqlite:///other")["ENGINE"] == engine


def test_a_short_secret_is_refused_and_not_repeated(monkeypatch, tmp_path) -> None:
    (tmp_path / "secret").write_text("x" * 49)
    monkeypatch.setenv(NAME, str(tmp_path / "secret"))

    with pytest.raises(ImproperlyConfigured) as caught:
        env.secret_key(NAME, made_at=None)

    assert str(caught.value) == f"{NAME} holds fewer than 50 characters: use a longer secret."


def test_a_secret_is_read_without_the_line_end_of_its_file(monkeypatch, tmp_path) -> None:
    (tmp_path / "secret").write_text("x" * 50 + "\n")
    monkeypatch.setenv(NAME, str(tmp_path / "secret"))

    assert env.secret_key(NAME, made_at=None) == "x" * 50


def test_the_demo_makes_its_secret_once_and_for_its_owner_alone(monkeypatch, tmp_path) -> None:
    monkeypatch.delenv(NAME, raising=False)
    place = tmp_path / "data" / "secret-key"

    first, second = (env.secret_key(NAME, made_at=place) for _start in range(2))

    assert first == second and len(first) >= 50
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert [path.name for path in place.parent.iterdir()] == ["secret-key"]


@pytest.mark.parametrize("value", ["replay.example.org", "replay.localhost:8000"])
def test_another_host_is_named_with_its_port_where_it_has_one(monkeypatch, value) -> None:
    monkeypatch.setenv(NAME, value)

    assert env.other_host(NAME, than=["casefiles.example.org"]) == value


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("", "must name a host"),
        ("https://replay.example.org", "must name a host"),
        ("*.example.org", "must name a host"),
        ("a.example; script-src *", "must name a host"),
        ("casefiles.example.org:444", "must be another host"),
    ],
)
def test_what_is_no_other_host_is_refused_by_name(monkeypatch, value, words) -> None:
    monkeypatch.setenv(NAME, value)

    with pytest.raises(ImproperlyConfigured, match=f"{NAME} {words}"):
        env.other_host(NAME, than=["casefiles.example.org"])
