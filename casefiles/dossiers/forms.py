"""What people type about a version of a dossier."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casefiles.core.forms import Form


class PrepareForm(Form):
    """Why there is a new version; the first one needs no reason."""

    supersedes_reason = forms.CharField(
        label=_("Why a new version"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: object, is_first: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if is_first:
            del self.fields["supersedes_reason"]
