"""What every page of a case shows around its content: where one is, who is on the case, and what can be added.

Pages of other apps about a case (its timeline, its dossier) build on `CasePage` too, and extend `cases/_head.html`.
"""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.access.rules import Role
from casefiles.cases.models import Case, CaseStatus
from casefiles.cases.selectors import Counts, MemberLine, counts, team
from casefiles.core.pages import ActionPage, Page

# Key, label, address, and which count stands beside it.
TABS: tuple[tuple[str, Any, str, str], ...] = (
    ("overview", gettext_lazy("Overview"), "cases:case", ""),
    ("claims", gettext_lazy("Claims"), "cases:claims", "claims"),
    ("exhibits", gettext_lazy("Exhibits"), "cases:exhibits", "exhibits"),
    ("statements", gettext_lazy("Statements"), "cases:statements", "statements"),
    ("subjects", gettext_lazy("Subjects"), "cases:subjects", "subjects"),
    ("lookups", gettext_lazy("Lookups"), "cases:lookups", "lookups"),
    ("duties", gettext_lazy("Duties"), "cases:duties", "duties"),
    ("hypotheses", gettext_lazy("Hypotheses"), "cases:hypotheses", "hypotheses"),
    ("replies", gettext_lazy("Replies"), "cases:replies", "replies"),
    ("reviews", gettext_lazy("Reviews"), "cases:reviews", "reviews"),
    ("timeline", gettext_lazy("Timeline"), "workspace:timeline", ""),
    ("map", gettext_lazy("Map"), "workspace:map", ""),
    ("network", gettext_lazy("Network"), "workspace:network", ""),
    ("tasks", gettext_lazy("Tasks"), "cases:tasks", "tasks"),
    ("discussion", gettext_lazy("Discussion"), "cases:discussion", "discussion"),
    ("team", gettext_lazy("Team"), "cases:team", ""),
    ("history", gettext_lazy("History"), "cases:history", ""),
)
ADD_ENTRIES: tuple[tuple[str, Any], ...] = (
    ("cases:news_report_add", gettext_lazy("News report")),
    ("cases:bring_in", gettext_lazy("Files")),
    ("cases:exhibit_add", gettext_lazy("Other evidence")),
    ("cases:claim_add", gettext_lazy("Claim")),
    ("cases:statement_record", gettext_lazy("Statement")),
    ("cases:lookup_add", gettext_lazy("Lookup")),
    ("cases:subject_add", gettext_lazy("Subject")),
    ("cases:duty_add", gettext_lazy("Duty")),
    ("cases:hypothesis_add", gettext_lazy("Hypothesis")),
    ("cases:reply_add", gettext_lazy("Request for comment")),
    ("cases:task_add", gettext_lazy("Task")),
    ("cases:comment_add", gettext_lazy("Comment")),
    ("cases:template_use", gettext_lazy("What a template holds")),
)
STATUS_TONES = {CaseStatus.OPEN: "sea", CaseStatus.IN_REVIEW: "warn", CaseStatus.CLOSED: "", CaseStatus.ARCHIVED: ""}
HANDLING_TONES = {"TLP:RED": "bad", "TLP:AMBER+STRICT": "warn", "TLP:AMBER": "warn", "TLP:GREEN": "ok"}
AVATARS_AT_MOST = 6


def address_in(name: str, case: Case) -> str:
    """Return the address of a page of the case, or nothing where no app supplies it."""
    try:
        return reverse(name, args=[case.pk])
    except NoReverseMatch:
        return ""


class CasePage(Page):
    """A page about the case in the address. Subclasses say `visibility`, and `tab` where they are one."""

    section = "cases"
    visibility = "case:read"
    record_model = Case
    record_kwarg = "case_id"
    tab: ClassVar[str] = ""

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("compartment")

    @property
    def case(self) -> Case:
        return self.record  # type: ignore[no-any-return]

    @cached_property
    def people(self) -> list[MemberLine]:
        return team(self.case, self.user)

    def address(self, name: str, *args: Any) -> str:
        """Return the address of one of the case's own pages."""
        return reverse(f"cases:{name}", args=[self.case.pk, *args])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        case = self.case
        may_change = self.may("edit", case)
        may_edit = may_change and case.is_writable
        people = self.people
        context.update(
            case=case,
            tabs=self._tabs(counts(case, self.user)) if self.tab else [],
            tab_label=next((label for key, label, *_rest in TABS if key == self.tab and key != TABS[0][0]), ""),
            may_edit=may_edit,
            # Also a closed case: that is how it is reopened.
            edit_url=self.address("case_edit") if may_change else "",
            people=people[:AVATARS_AT_MOST],
            more_people=max(0, len(people) - AVATARS_AT_MOST),
            leads=[line.name for line in people if line.role == Role.LEAD],
            add_entries=self._add_entries() if may_edit else [],
            status_tone=STATUS_TONES.get(CaseStatus(case.status), ""),
            handling_tone=HANDLING_TONES.get(case.handling, ""),
            draft_url=address_in("dossiers:draft", case),
            **self.tab_addresses(),
        )
        return context

    def tab_addresses(self) -> dict[str, str]:
        """Return the address of each tab by its key, for links from inside a page."""
        return {f"{key}_url": address_in(name, self.case) for key, _label, name, _count in TABS}

    def _tabs(self, numbers: Counts) -> list[dict[str, Any]]:
        shown = [(key, label, address_in(name, self.case), count) for key, label, name, count in TABS]
        return [
            {
                "label": label,
                "url": url,
                "is_current": key == self.tab,
                "count": getattr(numbers, count) if count else 0,
            }
            for key, label, url, count in shown
            if url
        ]

    def _add_entries(self) -> list[dict[str, Any]]:
        return [{"label": label, "url": reverse(name, args=[self.case.pk])} for name, label in ADD_ENTRIES]


class CaseForm(CasePage, ActionPage):
    """A form about the case. `back` names the page to return to; `crumb` its words in the breadcrumbs."""

    template_name = "cases/form.html"
    visibility = "case:edit"
    back: ClassVar[str] = "case"
    crumb: ClassVar[Any] = ""

    def success_url(self, saved: Any) -> str:
        return self.address(self.back)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        back = self.address(self.back)
        return super().get_context_data(cancel_url=back, crumb=self.crumb, crumb_url=back, **kwargs)


class PartMixin(CasePage):
    """A page about something bound to a case. The address names both; a part of another case is not found."""

    record_kwarg = "pk"

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("case", "case__compartment")

    @property
    def case(self) -> Case:
        return self.record.case  # type: ignore[no-any-return]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.record.case_id != kwargs["case_id"]:
            raise Http404
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]


class PartForm(PartMixin, CaseForm):
    """A form about something bound to a case."""

    visibility = "record:edit"


class RemovePart(PartForm):
    """Withdraws something bound to a case, with a reason; what will happen is said first."""

    template_name = "cases/confirm.html"

    def consequences(self) -> list[str]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(consequences=self.consequences(), is_grave=True, **kwargs)

    def success_message(self, saved: Any) -> str:
        return _("%(record)s was withdrawn. It stays, with your reason.") % {"record": getattr(saved, "label", saved)}

    def undo_for(self, saved: Any) -> dict[str, Any]:
        return undo(saved, "undo")


def undo(record: Any, act: str = "void") -> dict[str, Any]:
    """Return what the message offers to take back a save."""
    return {"kind": record._meta.label_lower, "id": str(record.pk), "act": act}


def is_asked_by_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


def citation_addresses(case: Case) -> dict[str, str]:
    """Return where each label that a summary may cite leads: numbers are given without gaps, and for ever."""
    lists = {
        "E": ("cases:exhibits", case.last_exhibit),
        "S": ("cases:statements", case.last_statement),
        "C": ("cases:claims", case.last_claim),
    }
    return {
        f"{letter}-{number:02d}": f"{prefix}{letter}-{number:02d}"
        for letter, (name, last) in lists.items()
        for prefix in [address_in(name, case)]
        for number in range(1, last + 1)
    }
