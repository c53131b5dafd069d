"""The WSGI entry point: `gunicorn casefiles.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casefiles.settings")

application = get_wsgi_application()

# After Django is set up, and before anybody is served.
from casefiles.core.forks import fork_safely  # noqa: E402
from casefiles.workspace.selectors.health import warn_at_start  # noqa: E402

warn_at_start()
# The server may fork after this, and a connection is not for two processes.
fork_safely()

# The settings must be there first.
from casefiles.evidence.store import refuse_two_filesystems  # noqa: E402

refuse_two_filesystems()
