"""What people type about tasks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casefiles.cases.checklists import STEP_AT_MOST
from casefiles.cases.forms.fields import AboutForm, area, line
from casefiles.core.forms import Form


class TaskForm(Form):
    """`members` are the people who may be given it, as (key, name)."""

    title = forms.CharField(label=_("Task"), max_length=300, widget=line(autofocus=True))
    body = forms.CharField(label=_("Details"), required=False, max_length=10_000, widget=area())
    checklist = forms.CharField(
        label=_("Checklist"),
        required=False,
        max_length=20_000,
        widget=area(5),
        help_text=_("One step a line. “[x]” before it means done."),
    )
    assignee = forms.ChoiceField(label=_("For"), required=False)
    due_on = forms.DateField(
        label=_("Due on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, members: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = members
        named = sorted(((key, str(account)) for key, account in members.items()), key=lambda pair: pair[1].casefold())
        self.fields["assignee"].choices = [("", _("nobody yet")), *named]  # type: ignore[attr-defined]

    def clean_assignee(self) -> Any:
        return self.members.get(self.cleaned_data["assignee"])


class AddTaskForm(AboutForm, TaskForm):
    """A task about the record from whose page it is added."""


class StepForm(Form):
    """The button of a step says its words, and what becomes of it."""

    done = forms.CharField(required=False, max_length=STEP_AT_MOST)
    open = forms.CharField(required=False, max_length=STEP_AT_MOST)
