"""A case at two points in time: since one last looked, since a release, or between two days."""

import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from casefiles.cases import actions
from casefiles.cases.models import Case
from casefiles.cases.selectors.compared import compare, seen_until, standing_moves
from casefiles.cases.views.base import CasePage
from casefiles.dossiers.models import Release
from casefiles.dossiers.selectors import releases_of
from casefiles.workspace.forms import ComparedForm
from casefiles.workspace.views.watching import moment_of


class ComparedPage(CasePage):
    """What changed from one point in time to another. `since` names the first: seen, a release, a day or an event."""

    template_name = "workspace/compared.html"
    tab = "history"

    @cached_property
    def releases(self) -> list[Release]:
        return releases_of(self.case, self.user)

    @cached_property
    def form(self) -> ComparedForm:
        given = self.request.GET if {"since", "after", "until"} & set(self.request.GET) else None
        return ComparedForm(given, user=self.user, releases=self.releases, initial={"since": "seen"})

    @property
    def asked(self) -> dict[str, Any]:
        if not self.form.is_bound:
            return {"since": "seen", "after": None, "until": None}
        return self.form.cleaned_data if self.form.is_valid() else {}

    @cached_property
    def release(self) -> Release | None:
        """The release from which the comparison starts, where it does."""
        return next((one for one in self.releases if f"release {one.number}" == self.asked.get("since")), None)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(form=self.form, drawn_at=timezone.now(), **kwargs)
        if not self.asked:
            return context
        after, until = self._after(), _end_of(self.asked["until"])
        context.update(
            after=after,
            until=until,
            is_since_seen=self.asked["since"] == "seen",
            found=compare(self.case, self.user, after=after, until=until),
        )
        if self.release and until is None:
            context.update(release=self.release, moves=self._moves(self.release))
        return context

    def _after(self) -> datetime.datetime | None:
        if self.release:
            return self.release.frozen_at
        if self.asked["since"] == "seen":
            return seen_until(self.case, self.user)
        return _start_of(self.asked["after"])

    def _moves(self, release: Release) -> list[Any]:
        frozen = Release.objects.visible_to(self.user).values_list("content", flat=True).get(pk=release.pk)
        before = {claim["label"]: claim["standing"] for claim in frozen.get("claims", ())}
        return standing_moves(self.case, self.user, before=before)


class MarkLookedAt(CasePage):
    """Takes what the page showed as seen. Looking at a page never does so by itself."""

    http_method_names = ("post", "options")  # type: ignore[assignment]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        case: Case = self.case
        actions.mark_looked_at(case, by=self.user, until=moment_of(request.POST.get("until", "")))
        messages.success(request, _("Marked as seen. Nobody else sees that you looked."))
        return HttpResponseRedirect(case.get_absolute_url())


def _start_of(day: datetime.date | None) -> datetime.datetime | None:
    """Return the beginning of a day in UTC, as all times here."""
    return datetime.datetime.combine(day, datetime.time.min, datetime.UTC) if day else None


def _end_of(day: datetime.date | None) -> datetime.datetime | None:
    return datetime.datetime.combine(day, datetime.time.max, datetime.UTC) if day else None
