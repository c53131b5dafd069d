"""What a case is about, and what is still to be done."""

import uuid
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from casefiles.cases import actions, selectors
from casefiles.cases.forms.subjects import SubjectEditForm, SubjectForm
from casefiles.cases.forms.tasks import AddTaskForm, StepForm, TaskForm
from casefiles.cases.models import Subject, Task, TaskStatus
from casefiles.cases.views.base import CaseForm, PartForm, RemovePart, undo
from casefiles.cases.views.parts import PartPlace, PartsPage
from casefiles.core.forms import Form, ReasonForm
from casefiles.core.keyset import KeysetPage, Order


class Subjects(PartsPage):
    template_name = "cases/subjects.html"
    tab = "subjects"
    talk_kind = "cases.subject"

    orders: ClassVar[dict[str, Order]] = {
        "main": Order("is_main", is_descending=True, then=Order("created_at")),
    }

    def get_queryset(self) -> QuerySet[Subject]:
        return selectors.subjects_of(self.case, self.user)

    def named(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Subjects have no numbers: the address has the key (`?near=…`)."""
        try:
            return rows.filter(pk=uuid.UUID(self.request.GET.get("near", "")))
        except ValueError:
            return rows.none()

    def rows(self, page: KeysetPage) -> list[selectors.SubjectLine]:
        return [selectors.subject_line(subject) for subject in page.rows]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(subject_prefix=self.address("subjects"), **kwargs)
        context["lines"] = context["rows"]
        return context


class SubjectForms(CaseForm):
    back = "subjects"
    crumb = gettext_lazy("Subjects")

    def success_url(self, saved: Subject) -> str:
        return f"{self.address('subjects')}?{urlencode({'near': saved.pk})}#subject-{saved.pk}"


class AddSubject(SubjectForms):
    form_class = SubjectForm
    title = gettext_lazy("Add a subject")

    def form_kwargs(self) -> dict[str, Any]:
        return {"case": self.case}

    def perform(self, form: Any, *, version: int) -> Subject:
        return actions.add_subject(self.case, by=self.user, **form.cleaned_data)

    def success_message(self, saved: Subject) -> str:
        return _("%(name)s is a subject now.") % {"name": saved}

    def undo_for(self, saved: Subject) -> dict[str, Any]:
        return undo(saved)


class SubjectPart(PartForm, SubjectForms):
    record_model = Subject

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


class Tasks(PartsPage):
    """Open ones come first, then by date; those that are done follow on the last pages."""

    template_name = "cases/tasks.html"
    tab = "tasks"
    talk_kind = "cases.task"
    # "open" sorts after "dropped" and "done".
    orders: ClassVar[dict[str, Order]] = {
        "due": Order("status", is_descending=True, then=Order("due_last", then=Order("number"))),
    }

    def get_queryset(self) -> QuerySet[Task]:
        return selectors.tasks(self.case, self.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(today=timezone.now().date(), task_prefix=self.address("tasks"), **kwargs)
        rows = context["rows"]
        named = selectors.named_records(self.case, [task.about for task in rows if task.about], self.user)
        told = [(task, named.get(task.about)) for task in rows]
        context["open_tasks"] = [pair for pair in told if pair[0].status == TaskStatus.OPEN]
        context["done_tasks"] = [pair for pair in told if pair[0].status != TaskStatus.OPEN]
        return context


class TaskPlace(PartPlace):
    part_model = Task
    list_name = "tasks"

    def row_of(self, part: Task) -> str:
        """A task's number does not say on which page it stands."""
        return f"{self.address('tasks')}?{urlencode({'near': part.label})}#task-{part.label}"


class TaskForms(CaseForm):
    form_class = TaskForm
    back = "tasks"
    crumb = gettext_lazy("Tasks")

    def form_kwargs(self) -> dict[str, Any]:
        return {"members": selectors.accounts_on(self.case, self.user)}

    def success_url(self, saved: Task) -> str:
        return saved.get_absolute_url()


class AddTask(TaskForms):
    """Adds a task about the case, or about the record that `?about=` names."""

    form_class = AddTaskForm
    title = gettext_lazy("Add a task")

    def form_kwargs(self) -> dict[str, Any]:
        return {**super().form_kwargs(), "case": self.case}

    def get_initial(self) -> dict[str, Any]:
        return {"about": self.request.GET.get("about", "")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        name = selectors.name_of(self.request.POST.get("about") or self.request.GET.get("about", ""))
        record = selectors.record_named(self.case, name, self.user) if name else None
        about = "" if record is None else _("About: %(record)s") % {"record": record}
        return super().get_context_data(about=about, **kwargs)

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
        typed = {name: getattr(task, name) for name in ("title", "body", "checklist", "due_on")}
        return {**typed, "assignee": assignee}

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
        words = _("%(label)s is done.") % {"label": saved.label}
        if open_steps := saved.open_steps_count:
            words += " " + ngettext(
                "%(steps)d step of its checklist is open.", "%(steps)d steps of its checklist are open.", open_steps
            ) % {"steps": open_steps}
        return words

    def undo_for(self, saved: Task) -> dict[str, Any]:
        return undo(saved, "undo")


class TickStep(PartForm):
    """Ticks a step of a task's checklist, or opens it again: each step is a button with its words."""

    record_model = Task
    http_method_names = ("post", "options")  # type: ignore[assignment]
    template_name = "cases/confirm.html"
    form_class = StepForm
    title = gettext_lazy("Tick a step")
    back = "tasks"
    crumb = gettext_lazy("Tasks")

    def perform(self, form: Any, *, version: int) -> Task:
        done, again = form.cleaned_data["done"], form.cleaned_data["open"]
        return actions.tick_step(self.record, by=self.user, text=done or again, is_done=bool(done))

    def success_url(self, saved: Task) -> str:
        return f"{self.address('tasks')}?{urlencode({'near': saved.label})}#task-{saved.label}"


class ReopenTask(FinishTask):
    title = gettext_lazy("Open the task again")
    submit_label = gettext_lazy("Open again")

    def perform(self, form: Any, *, version: int) -> Task:
        actions.reopen_task(self.record, by=self.user)
        return self.record  # type: ignore[no-any-return]

    def success_message(self, saved: Task) -> str:
        return _("%(label)s is open again.") % {"label": saved.label}
