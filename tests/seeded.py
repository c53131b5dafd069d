"""The seeded cases with their canaries, made once for the tests of a module."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings


@pytest.fixture(scope="module")
def matrix(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Seeded once a module: each test works in a savepoint of its own, and none may be marked as transactional."""
    from casefiles.search.actions import catch_up
    from casefiles.workspace.demo.matrix import seed_matrix

    folder: Path = tmp_path_factory.mktemp("matrix")
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(DATA_DIR=folder, EVIDENCE_ROOT=folder / "evidence"):
            made = seed_matrix(password="a long enough passphrase")
            catch_up()
        yield made
        transaction.set_rollback(True)
