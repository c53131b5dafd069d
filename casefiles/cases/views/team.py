"""Who is on a case, and what was done in it."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.access.models import Membership
from casefiles.access.pages import step_of
from casefiles.audit.selectors import UnknownEvent
from casefiles.cases import actions, selectors
from casefiles.cases.forms.team import MemberForm, RoleForm
from casefiles.cases.views.base import CaseForm, CasePage, address_in
from casefiles.core.forms import Form


class Team(CasePage):
    template_name = "cases/team.html"
    tab = "team"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            lines=selectors.team(self.case, self.user),
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


class RemoveMember(TeamForm):
    template_name = "cases/confirm.html"
    form_class = Form
    title = gettext_lazy("Take somebody off the case")
    submit_label = gettext_lazy("Take off the case")

    def perform(self, form: Any, *, version: int) -> Membership:
        member = self.member
        actions.remove_member(self.case, by=self.user, member=member)
        return member

    def success_message(self, saved: Membership) -> str:
        return _("%(name)s is no longer on the case.") % {"name": saved.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = _("“%(name)s” no longer sees this case, from their next request on.") % {"name": self.member.user}
        return super().get_context_data(consequences=[words], is_grave=True, **kwargs)


class History(CasePage):
    template_name = "cases/history.html"
    tab = "history"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        try:
            page = selectors.history_of_case(self.case, self.user, step_of(self.request.GET))
        except UnknownEvent as error:
            raise Http404 from error
        compared_url = address_in("workspace:changes", self.case)
        return super().get_context_data(changes=page.lines, page=page, compared_url=compared_url, **kwargs)
