"""Signing in, and changing one's password."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm
from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from casefiles.core.forms import Form


class SignInForm(LoginForm):
    """django-allauth's form, with our words, and room for a form that waits to be sent again."""

    unsaved = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        self.fields["login"].label = _("User name")
        self.fields["login"].widget.attrs = {"autocomplete": "username", "autofocus": True, "maxlength": 150}
        self.fields["password"].widget.attrs = {"autocomplete": "current-password", "maxlength": 1000}
        self.fields["password"].help_text = ""
        # A limit before hashing: a megabyte of password must not cost a second of Argon2.
        self.fields["password"].max_length = 1000
        self.fields["password"].validators.append(MaxLengthValidator(1000))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        # A disabled account answers exactly like a wrong password.
        if self.user is not None and not self.user.is_active:
            raise get_adapter().validation_error("username_password_mismatch")
        return cleaned


class PasswordForm(Form):
    current = forms.CharField(
        label=_("Current password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        max_length=1000,
        strip=False,
        help_text=_("At least 12 characters. All your other sessions end."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_current(self) -> str:
        if not self.user.check_password(self.cleaned_data["current"]):
            raise forms.ValidationError(_("This is not your current password."))
        return str(self.cleaned_data["current"])
