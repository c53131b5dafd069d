"""What people type about who is on a case."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casefiles.access.rules import Role
from casefiles.core.forms import Form


class MemberForm(Form):
    """Adds somebody whose user name the lead knows; nobody is suggested."""

    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        help_text=_("Exactly as the person signs in."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.RESEARCHER)


class RoleForm(Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    may_unmask = forms.BooleanField(
        label=_("May see protected identities of sources"),
        required=False,
        help_text=_("No role brings this right. To read one also takes the word of a second person who has it."),
    )


class SuccessorForm(Form):
    """Who takes over the open tasks of somebody; `members` are those who may, as accounts by key."""

    successor = forms.ChoiceField(label=_("Who takes over their open tasks"), required=False)
    is_needed = False

    def __init__(self, *args: Any, members: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = members
        named = sorted(((key, str(account)) for key, account in members.items()), key=lambda pair: pair[1].casefold())
        nobody = ("", _("choose somebody")) if self.is_needed else ("", _("nobody yet: they stand without a name"))
        self.fields["successor"].choices = [nobody, *named]  # type: ignore[attr-defined]
        self.fields["successor"].required = self.is_needed

    def clean_successor(self) -> Any:
        return self.members.get(self.cleaned_data["successor"])


class HandOverForm(SuccessorForm):
    is_needed = True
