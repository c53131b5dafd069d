"""Who is on a case, and what was done in it."""

import uuid
from typing import Any, ClassVar

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from casefiles.access.models import Membership
from casefiles.access.pages import step_of
from casefiles.audit.selectors import Narrowed, UnknownEvent
from casefiles.cases import actions, selectors
from casefiles.cases.forms.history import HistoryFilterForm
from casefiles.cases.forms.team import HandOverForm, MemberForm, RoleForm, SuccessorForm
from casefiles.cases.models import Task
from casefiles.cases.views.base import CaseForm, CasePage, address_in

TASKS_NAMED = 10


class Team(CasePage):
    template_name = "cases/team.html"
    tab = "team"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lines = self.people
        tasks = selectors.open_tasks_by_person(self.case, self.user)
        return super().get_context_data(
            lines=[(line, tasks.get(line.user_id, 0)) for line in lines],
            former=selectors.former_members(self.case),
            roles=selectors.role_lines(),
            may_manage=self.may("manage"),
            form=MemberForm(user=self.user),
            team_prefix=self.address("team"),
            **kwargs,
        )


class TeamForm(CaseForm):
    visibility = "case:manage"
    asks_password = True
    back = "team"
    crumb = gettext_lazy("Team")

    @property
    def member(self) -> Membership:
        rows = Membership.objects.visible_to(self.user).filter(compartment=self.case.compartment_id)
        found = rows.filter(pk=self.kwargs["pk"]).select_related("user").first()
        if found is None:
            raise Http404
        return found  # type: ignore[no-any-return]


class AddMember(TeamForm):
    form_class = MemberForm
    title = gettext_lazy("Add somebody to the team")
    submit_label = gettext_lazy("Add")

    def perform(self, form: Any, *, version: int) -> Membership:
        return actions.add_member(self.case, by=self.user, **form.cleaned_data)

    def success_message(self, saved: Membership) -> str:
        return _("%(name)s is on the case now.") % {"name": saved.user}


class ChangeRole(TeamForm):
    form_class = RoleForm
    title = gettext_lazy("Change a role")

    def get_initial(self) -> dict[str, Any]:
        return {"role": self.member.role, "may_unmask": self.member.may_unmask}

    def perform(self, form: Any, *, version: int) -> Membership:
        return actions.change_role(self.case, by=self.user, member=self.member, **form.cleaned_data)

    def success_message(self, saved: Membership) -> str:
        return _("%(name)s is %(role)s now.") % {"name": saved.user, "role": saved.get_role_display()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(about=self.member.user, **kwargs)


class HandingOver(TeamForm):
    """A step that gives the open tasks of somebody to somebody else. What moves is said first."""

    template_name = "cases/confirm.html"
    form_class: ClassVar[Any] = SuccessorForm
    is_grave = True

    @cached_property
    def leaving(self) -> Membership:
        return self.member

    @cached_property
    def tasks(self) -> list[Task]:
        return list(actions.open_tasks_of(self.case, self.leaving.user)) if self.case.is_writable else []

    def form_kwargs(self) -> dict[str, Any]:
        others = selectors.accounts_on(self.case, self.user)
        others.pop(str(self.leaving.user_id), None)
        return {"members": others}

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(*args, **kwargs)
        if not self.tasks:
            del form.fields["successor"]
        return form

    def consequences(self) -> list[str]:
        return [
            ngettext("%(count)d open task moves: %(tasks)s", "%(count)d open tasks move: %(tasks)s", len(self.tasks))
            % {"count": len(self.tasks), "tasks": "; ".join(str(task) for task in self.tasks[:TASKS_NAMED])}
        ] if self.tasks else []  # fmt: skip

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(consequences=self.consequences(), is_grave=self.is_grave, **kwargs)


class RemoveMember(HandingOver):
    title = gettext_lazy("Take somebody off the case")
    submit_label = gettext_lazy("Take off the case")

    def perform(self, form: Any, *, version: int) -> Membership:
        member = self.leaving
        actions.remove_member(self.case, by=self.user, member=member, **form.cleaned_data)
        return member

    def success_message(self, saved: Membership) -> str:
        return _("%(name)s is no longer on the case.") % {"name": saved.user}

    def consequences(self) -> list[str]:
        words = _(
            "“%(name)s” no longer sees this case, from their next request on. What they did stays under their name."
        )
        return [words % {"name": self.leaving.user}, *super().consequences()]


class LeaveCase(RemoveMember):
    """Takes oneself off the case; the last lead names another one first."""

    visibility = "case:read"
    title = gettext_lazy("Leave the case")
    submit_label = gettext_lazy("Leave it")

    @property
    def member(self) -> Membership:
        rows = Membership.objects.visible_to(self.user).filter(compartment=self.case.compartment_id, user=self.user)
        return rows.select_related("user").get()  # type: ignore[no-any-return]

    def success_url(self, saved: Membership) -> str:
        return reverse("cases:list")

    def success_message(self, saved: Membership) -> str:
        return _("You left the case.")

    def consequences(self) -> list[str]:
        words = _("You no longer see this case, from your next request on. What you did stays under your name.")
        return [words, *HandingOver.consequences(self)]


class HandOver(HandingOver):
    visibility = "case:edit"
    form_class = HandOverForm
    title = gettext_lazy("Hand over the open tasks")
    submit_label = gettext_lazy("Hand over")
    is_grave = False

    def perform(self, form: Any, *, version: int) -> int:
        return actions.hand_over(
            self.case, by=self.user, member=self.leaving, successor=form.cleaned_data.get("successor")
        )

    def success_message(self, saved: int) -> str:
        return ngettext("%(count)d task was handed over.", "%(count)d tasks were handed over.", saved) % {
            "count": saved
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(about=self.leaving.user, **kwargs)


class History(CasePage):
    """What was done in the case, by day and by what one person did in a row; `?who=` and `?what=` narrow it."""

    template_name = "cases/history.html"
    tab = "history"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = HistoryFilterForm(
            self.request.GET,
            user=self.user,
            people=selectors.people_of(self.case, self.user),
            kinds=selectors.KINDS,
        )
        try:
            page = selectors.history_of_case(self.case, self.user, step_of(self.request.GET), _narrowed(form))
        except UnknownEvent as error:
            raise Http404 from error
        kept = {name: value for name, value in form.data.items() if name in form.fields and value}
        return super().get_context_data(
            days=selectors.by_day(page.lines),
            page=page,
            filter_form=form,
            is_filtered=bool(kept),
            kept=urlencode(kept),
            compared_url=address_in("workspace:changes", self.case),
            **kwargs,
        )


def _narrowed(form: HistoryFilterForm) -> Narrowed:
    """Return what the form asks for; where it asks for somebody or something unknown, that is nothing.

    Raises:
        UnknownEvent: a person or a kind is none of those that are offered.
    """
    if not form.is_valid():
        raise UnknownEvent
    who, what = form.cleaned_data["who"], form.cleaned_data["what"]
    kinds = selectors.KINDS[what][1] if what else ()
    return Narrowed(actor_id=uuid.UUID(who) if who else None, kinds=kinds)
