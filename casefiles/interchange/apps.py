from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class InterchangeConfig(AppConfig):
    name = "casefiles.interchange"
    default_auto_field = "django.db.models.BigAutoField"
    default = True


class CasefilesAdminConfig(admin_apps.AdminConfig):
    """Django's admin, with our site in the place of its own."""

    default_site = "casefiles.interchange.site.Site"
    default = False
