"""The locks hold what a careful installation needs, and nothing about the machine that wrote them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMPILED = ["requirements.txt", "requirements-dev.txt"]
LOCKS = [*COMPILED, "requirements-node.txt"]
PINNED = re.compile(r"^([a-z0-9._-]+)==(\S+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    return dict(PINNED.findall((ROOT / name).read_text()))


def asked_for(name: str) -> set[str]:
    lines = (ROOT / name).read_text().splitlines()
    names = (re.match(r"[A-Za-z0-9._-]+", line) for line in lines if not line.startswith("-"))
    return {match[0].lower() for match in names if match}


@pytest.mark.parametrize("name", LOCKS)
def test_every_pinned_package_has_hashes(name):
    entries = re.split(r"\n(?=[a-z0-9._-]+==)", (ROOT / name).read_text())[1:]

    assert entries
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("name", LOCKS)
def test_no_lock_names_a_package_index(name):
    text = (ROOT / name).read_text()

    assert "://" not in text
    assert "--index" not in text


@pytest.mark.parametrize("name", COMPILED)
def test_everything_asked_for_is_locked(name):
    assert asked_for(name.replace(".txt", ".in")) - pins(name).keys() == set()


def test_tests_run_against_the_versions_in_service():
    runtime, development = pins("requirements.txt"), pins("requirements-dev.txt")

    differing = {name for name in runtime.keys() & development.keys() if runtime[name] != development[name]}

    assert differing == set()


@pytest.mark.parametrize("name", ["requirements.in", "requirements-dev.in"])
def test_every_requirement_has_a_reason(name):
    lines = [line for line in (ROOT / name).read_text().splitlines() if line and line[0] not in "#-"]

    assert [line for line in lines if not re.search(r"\s# \S", line)] == []


@pytest.mark.parametrize("name", ["Makefile", "tools/install_browser_files.py"])
def test_installing_resolves_nothing_anew(name):
    """A lock is complete. Without --no-deps, pip 23 fails on the day after any locked package has a newer release."""
    installing = [part for part in (ROOT / name).read_text().split("--require-hashes")[1:]]

    assert installing
    assert [part for part in installing if "--no-deps" not in part[:60]] == []


def test_what_is_installed_fits_together():
    """Installed without resolving, so this asks what the resolver would have asked."""
    checked = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout
