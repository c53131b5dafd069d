from django.apps import AppConfig
from django.core import checks

from casefiles.evidence.replaying.checks import replay_is_whole


class EvidenceConfig(AppConfig):
    name = "casefiles.evidence"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        checks.register(replay_is_whole)
