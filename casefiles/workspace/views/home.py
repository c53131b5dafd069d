"""The first page, and the tasks of all one's cases."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone

from casefiles.cases.models import Task
from casefiles.core.keyset import KeysetPage, Order
from casefiles.core.pages import ListPage, Page
from casefiles.workspace.filters import TaskFilter
from casefiles.workspace.selectors.home import due_tasks, home, task_line


class HomePage(Page):
    template_name = "workspace/home.html"
    visibility = "member"
    section = "home"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            home=home(self.user, now=timezone.now()), may_open=self.user.may_open_cases, **kwargs
        )


class TaskList(ListPage):
    template_name = "workspace/tasks.html"
    visibility = "member"
    section = "tasks"
    model = Task
    filterset_class = TaskFilter
    orders: ClassVar = {
        "-added": Order("created_at", is_descending=True),
        "added": Order("created_at"),
        "title": Order("title_key"),
        "-title": Order("title_key", is_descending=True),
    }

    def get_queryset(self) -> QuerySet[Any]:
        return Task.objects.visible_to(self.user).current().select_related("case", "assignee")

    def rows(self, page: KeysetPage) -> Iterable[Any]:
        today = timezone.now().date()
        return [task_line(task, today) for task in page.rows]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(due=due_tasks(self.user, today=timezone.now().date()), **kwargs)
