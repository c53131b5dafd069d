"""Signing in, changing one's password, and second factors."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm
from django import forms
from django.contrib.auth.hashers import check_password
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from casefiles.accounts.factors import secret_of_setup
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
        # Not the method of the user, which may keep the hash anew: that would end this very session.
        if not check_password(self.cleaned_data["current"], self.user.password):
            raise forms.ValidationError(_("This is not your current password."))
        return str(self.cleaned_data["current"])


def _code_input() -> forms.TextInput:
    # No maxlength: codes are pasted with spaces between their groups.
    return forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "off", "spellcheck": "false"})


class CodeForm(forms.Form):
    """The second step of signing in."""

    # One sentence for a code that is wrong, was used, or came after too many: which it is, is nobody's business.
    not_accepted = _("This code was not accepted. Wait for the next one; after many tries, five minutes.")

    code = forms.CharField(
        label=_("Code"),
        max_length=64,
        required=False,
        help_text=_("The six digits that your authenticator shows now, or one of your recovery codes."),
        widget=_code_input(),
    )
    unsaved = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["autofocus"] = True


class SetUpForm(Form):
    """The code that shows that an authenticator has the secret; `secret` is the one this form was made with."""

    setup = forms.CharField(max_length=500, required=False, widget=forms.HiddenInput)
    code = forms.CharField(
        label=_("Code"), max_length=64, help_text=_("The six digits that it shows now."), widget=_code_input()
    )

    @property
    def secret(self) -> str | None:
        return secret_of_setup(self.user, str(self["setup"].value() or ""))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["secret"] = self.secret
        if cleaned["secret"] is None:
            raise forms.ValidationError(_("This was begun too long ago. Open the page again and scan the new picture."))
        return cleaned


class AgainForm(Form):
    """The password again, on the way to where one was going."""

    not_accepted = _("This password was not accepted. After many tries, wait five minutes.")

    password = forms.CharField(
        label=_("Password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)
    unsaved = forms.CharField(required=False, widget=forms.HiddenInput)
