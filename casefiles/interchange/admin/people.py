"""Accounts and circles in the admin. Whoever manages accounts learns nothing here of who is on which case."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _

from casefiles.access import actions as access
from casefiles.access.admin import CasefilesAdmin, ReadOnlyAdmin
from casefiles.access.models import Compartment, Membership
from casefiles.access.rules import Act
from casefiles.accounts import actions as accounts
from casefiles.accounts.models import User

FLAGS = ("is_active", "may_open_cases", "may_verify", "may_manage_accounts", "is_staff", "is_superuser")


@admin.register(User)
class UserAdmin(CasefilesAdmin):
    add_action = staticmethod(accounts.add_user)
    change_action = staticmethod(accounts.change_user)
    has_version = False
    asks_password = True
    actions = ()
    add_fields = ("username", "password", "display_name", "email", "may_open_cases")
    change_fields = ("display_name", "email", *FLAGS, "password", "reset_second_factor")
    shown_fields = ("username",)
    list_display = ("username", "display_name", "is_active", "is_staff", "may_open_cases", "may_verify")
    list_filter = ("is_active", "is_staff")
    search_fields = ("username", "display_name")
    ordering = ("username", "pk")

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = admin.ModelAdmin.get_queryset(self, request)
        return rows if self.has_module_permission(request) else rows.none()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return super().has_module_permission(request) and accounts.manages_accounts(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request) and (obj is None or accounts.may_manage(request.user, obj))

    def declared_field(self, name: str, request: HttpRequest, obj: Any) -> forms.Field | None:
        if name == "password":
            return forms.CharField(
                label=_("Password") if obj is None else _("New password"),
                widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
                required=obj is None,
                strip=False,
                help_text="" if obj is None else _("Empty keeps the one there is. A new one ends every session."),
            )
        if name == "reset_second_factor":
            return forms.BooleanField(
                label=_("Take the second factor away"),
                required=False,
                help_text=_("For somebody who lost it, and whom you know by more than a message. Ends every session."),
            )
        return super().declared_field(name, request, obj)

    def get_shown_fields(self, request: HttpRequest, obj: Any) -> list[str]:
        return [name for name in self.shown_fields if obj is not None]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fields = super().get_fields(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fields
        return [name for name in fields if name not in {"password", "reset_second_factor"}]


@admin.register(Compartment)
class CompartmentAdmin(ReadOnlyAdmin):
    """A circle is opened with its case."""

    shown_fields = ("name", "created_at")
    list_display = ("name", "created_at")
    search_fields = ("name",)
    ordering = ("name", "pk")


@admin.register(Membership)
class MembershipAdmin(CasefilesAdmin):
    """The teams of one's own cases. A lead types the user name of somebody they know: names are not offered."""

    add_action = staticmethod(access.set_role)
    change_action = staticmethod(access.set_role)
    void_action = staticmethod(access.remove_member)
    has_version = False
    asks_password = True
    edit_act = Act.MANAGE
    actions = ()
    add_fields = ("compartment", "username", "role")
    change_fields = ("role",)
    shown_fields = ("compartment", "user")
    list_display = ("user", "role", "compartment")
    list_select_related = ("user", "compartment")
    list_filter = ("role",)
    search_fields = ("compartment__name",)
    ordering = ("compartment__name", "pk")

    def get_shown_fields(self, request: HttpRequest, obj: Any) -> list[str]:
        return list(self.shown_fields)

    def declared_field(self, name: str, request: HttpRequest, obj: Any) -> forms.Field | None:
        if name == "username":
            return UsernameField(label=_("User name"), max_length=150)
        return super().declared_field(name, request, obj)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "compartment":
            field.queryset = Compartment.objects.visible_to(request.user, Act.MANAGE)
        return field

    def perform_add(self, request: HttpRequest, form: Any) -> Any:
        values = form.values()
        return access.set_role(
            compartment=values["compartment"], user=values["username"], role=values["role"], by=request.user
        )

    def perform_change(self, request: HttpRequest, form: Any, values: dict[str, Any]) -> None:
        record = form.instance
        access.set_role(compartment=record.compartment, user=record.user, role=values["role"], by=request.user)

    def perform_void(self, request: HttpRequest, record: Any, reason: str) -> None:
        access.remove_member(compartment=record.compartment, user=record.user, by=request.user)


class UsernameField(forms.CharField):
    """The account with exactly this user name."""

    def clean(self, value: Any) -> Any:
        user = accounts.active_user_named(super().clean(value))
        if user is None:
            raise forms.ValidationError(_("No account has exactly this user name. Ask the person for it."))
        return user
