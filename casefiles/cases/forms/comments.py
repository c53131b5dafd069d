"""What people type to each other about a case."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casefiles.cases.forms.fields import AboutForm, area
from casefiles.core.forms import Form


class WordsForm(Form):
    """The words of a comment."""

    body = forms.CharField(
        label=_("Comment"),
        max_length=10_000,
        widget=area(4),
        help_text=_("Markdown. @ and the user name of somebody in the team tells them; [[C-01]] cites."),
    )


class CommentForm(AboutForm, WordsForm):
    """A comment on a record of the case."""
