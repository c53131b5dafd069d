"""What people type about who is on a case."""

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
