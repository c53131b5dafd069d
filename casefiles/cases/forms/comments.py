"""What people type to each other about a case."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from casefiles.cases.forms.fields import area
from casefiles.cases.models import Case
from casefiles.cases.selectors.naming import name_of, record_named
from casefiles.core.forms import Form


class WordsForm(Form):
    """The words of a comment."""

    body = forms.CharField(
        label=_("Comment"),
        max_length=10_000,
        widget=area(4),
        help_text=_("Markdown. @ and the user name of somebody in the team tells them; [[C-01]] cites."),
    )


class CommentForm(WordsForm):
    """A comment on the record that `about` names; on the case where it names none."""

    about = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case

    def clean_about(self) -> Any:
        typed = self.cleaned_data["about"]
        if not typed:
            return self.case
        name = name_of(typed)
        record = record_named(self.case, name, self.user) if name else None
        if record is None:
            raise ValidationError(_("There is no such record in this case."))
        return record
