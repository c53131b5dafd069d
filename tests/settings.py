"""The project's settings as the tests want them: a data folder of their own, gone when they end, and test values.

A module rather than a fixture because pytest-django reads settings before any conftest is loaded.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ["CASEFILES_TEST"] = "1"
if "CASEFILES_TEST_FOLDER" not in os.environ:
    # Memory where the machine offers it: the tests keep the durable settings of SQLite, which cost a disk dearly.
    parent = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    os.environ["CASEFILES_TEST_FOLDER"] = tempfile.mkdtemp(prefix="casefiles-tests-", dir=parent)
    atexit.register(shutil.rmtree, os.environ["CASEFILES_TEST_FOLDER"], ignore_errors=True)
folder = Path(os.environ["CASEFILES_TEST_FOLDER"])
os.environ["DATA_DIR"] = str(folder)

from casefiles.settings import *  # noqa: E402,F403  the environment above must be set first
from casefiles.settings import DATABASES, STATIC_ROOT  # noqa: E402

# Static files come from their sources in tests, but WhiteNoise warns where there is no folder of collected ones.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not ":memory:": connections of several threads then lock each other as they do in service.
    DATABASES["default"].setdefault("TEST", {})["NAME"] = str(folder / "test.sqlite3")
