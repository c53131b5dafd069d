"""What a case is about, and what is still to be done."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.cases import actions, selectors
from casefiles.cases.forms import SubjectEditForm, SubjectForm, TaskForm
from casefiles.cases.models import Subject, Task, TaskStatus
from casefiles.cases.views.base import CaseForm, CasePage, PartForm, RemovePart, undo
from casefiles.core.forms import Form, ReasonForm


class Subjects(CasePage):
    template_name = "cases/subjects.html"
    tab = "subjects"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            lines=selectors.subjects(self.case, self.user), subject_prefix=self.address("subjects"), **kwargs
        )


class AddSubject(CaseForm):
    form_class = SubjectForm
    title = gettext_lazy("Add a subject")
    back = "subjects"
    crumb = gettext_lazy("Subjects")

    def form_kwargs(self) -> dict[str, Any]:
        return {"case": self.case}

    def perform(self, form: Any, *, version: int) -> Subject:
        return actions.add_subject(self.case, by=self.user, **form.cleaned_data)

    def success_message(self, saved: Subject) -> str:
        return _("%(name)s is a subject now.") % {"name": saved}

    def undo_for(self, saved: Subject) -> dict[str, Any]:
        return undo(saved)


class SubjectPart(PartForm):
    record_model = Subject
    back = "subjects"
    crumb = gettext_lazy("Subjects")

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("case__compartment", "vessel", "organisation", "person", "place")


class EditSubject(SubjectPart):
    form_class = SubjectEditForm
    is_edit = True
    title = gettext_lazy("Edit the subject")

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.record, name) for name in ("role", "is_main", "note")}

    def perform(self, form: Any, *, version: int) -> Subject:
        actions.change_subject(self.record, by=self.user, version=version, **form.cleaned_data)
        return self.record  # type: ignore[no-any-return]

    def success_message(self, saved: Subject) -> str:
        return _("The subject was changed.")

    def undo_for(self, saved: Subject) -> dict[str, Any]:
        return undo(saved, "undo")


class RemoveSubject(SubjectPart, RemovePart):
    form_class = ReasonForm
    title = gettext_lazy("Remove the subject")
    submit_label = gettext_lazy("Remove it")

    def consequences(self) -> list[str]:
        return [_("“%(name)s” is no subject of this case any more; its own page stays.") % {"name": self.record}]

    def perform(self, form: Any, *, version: int) -> Subject:
        actions.remove_subject(self.record, by=self.user, reason=form.cleaned_data["reason"])
        return self.record  # type: ignore[no-any-return]


class Tasks(CasePage):
    template_name = "cases/tasks.html"
    tab = "tasks"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = list(selectors.tasks(self.case, self.user))
        return super().get_context_data(
            open_tasks=[task for task in rows if task.status == TaskStatus.OPEN],
            done_tasks=[task for task in rows if task.status != TaskStatus.OPEN],
            today=timezone.now().date(),
            task_prefix=self.address("tasks"),
            **kwargs,
        )


class TaskForms(CaseForm):
    form_class = TaskForm
    back = "tasks"
    crumb = gettext_lazy("Tasks")

    def form_kwargs(self) -> dict[str, Any]:
        return {"members": selectors.accounts_on(self.case, self.user)}

    def success_url(self, saved: Task) -> str:
        return saved.get_absolute_url()


class AddTask(TaskForms):
    title = gettext_lazy("Add a task")

    def perform(self, form: Any, *, version: int) -> Task:
        return actions.add_task(self.case, by=self.user, **form.cleaned_data)

    def success_message(self, saved: Task) -> str:
        return _("%(label)s was added.") % {"label": saved.label}

    def undo_for(self, saved: Task) -> dict[str, Any]:
        return undo(saved)


class EditTask(PartForm, TaskForms):
    record_model = Task
    is_edit = True
    title = gettext_lazy("Edit the task")

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("case__compartment", "assignee")

    def get_initial(self) -> dict[str, Any]:
        task = self.record
        assignee = str(task.assignee_id or "")
        return {"title": task.title, "body": task.body, "assignee": assignee, "due_on": task.due_on}

    def perform(self, form: Any, *, version: int) -> Task:
        actions.change_task(self.record, by=self.user, version=version, **form.cleaned_data)
        return self.record  # type: ignore[no-any-return]

    def success_message(self, saved: Task) -> str:
        return _("%(label)s was changed.") % {"label": saved.label}

    def undo_for(self, saved: Task) -> dict[str, Any]:
        return undo(saved, "undo")


class FinishTask(PartForm):
    """Finishes a task, or opens it again: a button in the list, or a page of its own without it."""

    record_model = Task
    template_name = "cases/confirm.html"
    form_class = Form
    title = gettext_lazy("Finish the task")
    submit_label = gettext_lazy("Finish")
    back = "tasks"
    crumb = gettext_lazy("Tasks")

    def perform(self, form: Any, *, version: int) -> Task:
        actions.finish_task(self.record, by=self.user)
        return self.record  # type: ignore[no-any-return]

    def success_message(self, saved: Task) -> str:
        return _("%(label)s is done.") % {"label": saved.label}

    def undo_for(self, saved: Task) -> dict[str, Any]:
        return undo(saved, "undo")


class ReopenTask(FinishTask):
    title = gettext_lazy("Open the task again")
    submit_label = gettext_lazy("Open again")

    def perform(self, form: Any, *, version: int) -> Task:
        actions.reopen_task(self.record, by=self.user)
        return self.record  # type: ignore[no-any-return]

    def success_message(self, saved: Task) -> str:
        return _("%(label)s is open again.") % {"label": saved.label}
