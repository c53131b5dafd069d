from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "casefiles.core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the lookups known to every model."""
        from casefiles.core import lookups  # noqa: F401
