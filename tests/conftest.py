"""What every test may ask for. Worlds are built with tests/make.py; databases and browsers are in modules beside."""

import os
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from hypothesis.configuration import set_hypothesis_home_dir

pytest_plugins = ["tests.engines", "tests.browsers", "tests.seeded"]

ROOT = Path(__file__).resolve().parent.parent
_numbers = count()
IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}

set_hypothesis_home_dir(str(ROOT / ".cache" / "hypothesis"))
# Two shared cores make timing of single examples meaningless.
hypothesis.settings.register_profile("local", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if IN_CI else "local")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of reference data that is not part of the repository."""
    folder = Path(os.environ.get("CASEFILES_SHARED") or ROOT.parent / "shared") / "data"
    if not folder.is_dir():
        reason = f"No reference data at {folder}: point CASEFILES_SHARED at the folder that holds data/."
        (pytest.fail if IN_CI else pytest.skip)(reason)
    return folder


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Files of one test never meet those of another.

    Most tests keep none: whoever keeps one makes the folder. The settings are set plainly, without the signal of
    `override_settings`, which nothing here listens for and which would be sent six times a test.
    """
    folder = tmp_path_factory.getbasetemp() / f"data-{next(_numbers)}"
    before = {name: getattr(settings, name) for name in ("DATA_DIR", "EVIDENCE_ROOT", "CHECKPOINT_DIR")}
    settings.DATA_DIR = folder
    settings.EVIDENCE_ROOT = folder / "evidence"
    settings.CHECKPOINT_DIR = folder / "checkpoints"
    yield
    for name, value in before.items():
        setattr(settings, name, value)
    if folder.exists():
        shutil.rmtree(folder)
