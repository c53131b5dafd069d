"""What `manage.py check`, and every start, says of a replay that is turned on and cannot work."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning

from casefiles.evidence import replaying


def replay_is_whole(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Name the files of ReplayWeb.page that are missing where replay is turned on."""
    missing = replaying.missing() if settings.REPLAY_HOST else []
    if not missing:
        return []
    text = f"CASEFILES_REPLAY is on, but {settings.REPLAY_FOLDER} lacks {', '.join(missing)}: nothing is replayed."
    return [Warning(text, hint="Run python -m tools.install_replay.", id="evidence.W001")]
