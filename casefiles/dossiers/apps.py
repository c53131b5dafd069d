from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "casefiles.dossiers"
    default_auto_field = "django.db.models.BigAutoField"
