from django.apps import AppConfig


class ParticularsConfig(AppConfig):
    name = "casefiles.particulars"
    default_auto_field = "django.db.models.BigAutoField"
