from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "casefiles.cases"
    default_auto_field = "django.db.models.BigAutoField"
