"""The admin's site: for staff only, through our own sign-in, without a log of its own."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from casefiles.access.admin import CasefilesAdmin
from casefiles.evidence.arrivals import StoreUpload

# Signing in and out and changing a password are pages of ours; “view on site” would answer for any id of any kind.
LEFT_OUT = frozenset({"login", "logout", "password_change", "password_change_done", "view_on_site"})


class Site(admin.AdminSite):
    """Serves only classes that stand on `CasefilesAdmin`; the gate reads `visibility`."""

    visibility: ClassVar[str] = "system:administer"
    # For the files of imports.
    upload_handler: ClassVar[Any] = StoreUpload
    site_title = _("Casefiles administration")
    site_header = _("Casefiles administration")
    index_title = _("Records")
    index_template = "interchange/index.html"
    app_index_template = "interchange/app_index.html"
    enable_nav_sidebar = False
    empty_value_display = "—"

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.disable_action("delete_selected")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Register one of our classes; those that other packages bring are not served, for they know no chokepoint."""
        if admin_class is not None and issubclass(admin_class, CasefilesAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Wrap a view, and mark it as ours: packages add addresses without a mark for the gate."""
        inner = super().admin_view(view, cacheable)
        inner.admin_site = self
        return inner

    def get_urls(self) -> list[Any]:
        return [pattern for pattern in super().get_urls() if getattr(pattern, "name", None) not in LEFT_OUT]
