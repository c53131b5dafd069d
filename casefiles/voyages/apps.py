from django.apps import AppConfig


class VoyagesConfig(AppConfig):
    name = "casefiles.voyages"
    default_auto_field = "django.db.models.BigAutoField"
