"""Set-up takes the newest Python that works, and says plainly what to install where none does."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "tools" / "make_environment.sh"
# Stand-ins for interpreters: what matters is how they answer, not what they are.
SHIM_OF_NOTHING = "echo 'command not found' >&2; exit 127"
TOO_OLD = "exit 1"
WITHOUT_VENV = f'case "$2" in *ensurepip*) exit 1;; *) exec {sys.executable} "$@";; esac'
USABLE = f'case "$1" in -m) echo "made by $0";; *) exec {sys.executable} "$@";; esac'


@pytest.fixture
def make_environment(tmp_path: Path):
    def run(**interpreters: str) -> subprocess.CompletedProcess[str]:
        programs = tmp_path / "programs"
        programs.mkdir()
        for name, body in interpreters.items():
            (programs / name).write_text(f"#!/bin/sh\n{body}\n")
            (programs / name).chmod(0o755)
        names = " ".join(str(programs / name) for name in interpreters)
        command = ["/bin/sh", str(SCRIPT), str(tmp_path / "environment")]
        return subprocess.run(command, env={**os.environ, "PYTHON": names}, capture_output=True, text=True)

    return run


def test_the_first_usable_interpreter_makes_the_environment(make_environment):
    finished = make_environment(newest=USABLE, older=USABLE)

    assert finished.returncode == 0
    assert finished.stdout.splitlines()[-1].endswith("/newest")


@pytest.mark.parametrize("unusable", [SHIM_OF_NOTHING, TOO_OLD, WITHOUT_VENV])
def test_an_interpreter_that_does_not_work_is_passed_over(make_environment, unusable):
    finished = make_environment(newest=unusable, older=USABLE)

    assert finished.returncode == 0
    assert finished.stdout.splitlines()[-1].endswith("/older")


def test_a_python_without_venv_gets_the_line_that_installs_it(make_environment):
    finished = make_environment(only=WITHOUT_VENV)

    assert finished.returncode == 1
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert f"apt-get install python{version}-venv" in finished.stderr


def test_a_machine_without_python_gets_the_line_that_installs_it(make_environment):
    finished = make_environment(only=SHIM_OF_NOTHING)

    assert finished.returncode == 1
    assert "Casefiles needs Python 3.11, 3.12 or 3.13" in finished.stderr
    assert "apt-get install python3 python3-venv" in finished.stderr
