"""J26: a process that forks shares no connection."""

import os
import subprocess
import sys

import pytest

from casefiles.accounts.models import User
from tests.served import ROOT, database_url

pytestmark = pytest.mark.django_db(transaction=True)

# As a server does it, with a pool where there is one: asked before the fork, and by somebody who never left.
FORKING = """
import os, sys
import casefiles.wsgi
from casefiles.accounts.models import User
from casefiles.core.forks import leave_database
from django.db import connection, transaction

User.objects.count()
leave_database()
assert connection.connection is None and not getattr(connection, "_connection_pools", None)
with transaction.atomic():
    User.objects.create(username="before")
    child = os.fork()
    if not child:
        from django.db import connection
        os._exit(User.objects.count() + 10 * connection.in_atomic_block)
    _pid, status = os.waitpid(child, 0)
    User.objects.create(username="after")
sys.exit(os.waitstatus_to_exitcode(status))
"""


def test_j26_what_was_forked_has_no_connection_of_another_process() -> None:
    """Breaks if a child goes on in its parent's transaction: it would see an account that nobody committed."""
    known = {
        **os.environ,
        "CASEFILES_TEST": "1",
        "CASEFILES_DATABASE_CONNECTIONS": "2",
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "casefiles.settings",
    }

    done = subprocess.run([sys.executable, "-c", FORKING], cwd=ROOT, env=known, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert set(User.objects.values_list("username", flat=True)) == {"before", "after"}
