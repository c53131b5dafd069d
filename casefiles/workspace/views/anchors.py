"""The pages of vessels, organisations, people and places: what every app below knows of one of them."""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.access.actions import holds_role_anywhere
from casefiles.access.pages import HistoryPage
from casefiles.access.rules import Act, Visibility
from casefiles.cases.actions import add_subject
from casefiles.core.identifiers import show_imo, show_unlocode
from casefiles.core.moments import Moment
from casefiles.core.pages import ActionPage, DetailPage
from casefiles.particulars import selectors as particulars
from casefiles.registry.models import Organisation, Person, Place, Verdict, Vessel
from casefiles.registry.selectors import AnchorGroup, group_of, judgement_keys, judgements_on, point_text
from casefiles.registry.views.judgements import judged_url
from casefiles.voyages.charts import CARD_WIDTH, PortChart, chart_of_port_calls
from casefiles.workspace.forms import AsAtForm, ToCaseForm
from casefiles.workspace.selectors import anchors
from casefiles.workspace.selectors.fleets import fleet_of
from casefiles.workspace.selectors.look_alikes import look_alikes_of
from casefiles.workspace.selectors.watching import news_of

NUMBERS: dict[type[Any], str] = {
    Vessel: "imo_number",
    Organisation: "imo_company_number",
    Person: "",
    Place: "unlocode",
}
# What can be recorded from each page: the word after the kind's own in the URL name, and the menu's label.
ADDITIONS: dict[type[Any], tuple[tuple[str, Any], ...]] = {
    Vessel: (
        ("particulars:vessel_name_add", gettext_lazy("Name")),
        ("particulars:vessel_flag_add", gettext_lazy("Flag")),
        ("particulars:vessel_number_add", gettext_lazy("Number or sign")),
        ("particulars:vessel_role_add", gettext_lazy("Organisation's role")),
        ("particulars:vessel_measure_add", gettext_lazy("Measure")),
        ("particulars:vessel_practice_add", gettext_lazy("Deceptive practice")),
    ),
    Organisation: (
        ("particulars:organisation_name_add", gettext_lazy("Name")),
        ("particulars:organisation_number_add", gettext_lazy("Number")),
        ("particulars:organisation_address_add", gettext_lazy("Address")),
    ),
    Person: (("particulars:person_name_add", gettext_lazy("Name")),),
    Place: (("registry:place_name_add", gettext_lazy("Other name")),),
}


class OfOneAnchor:
    """What the record page and the history page of an anchor share."""

    record: Any
    record_model: ClassVar[Any]
    section: ClassVar[str]

    @property
    def word(self) -> str:
        return str(self.record_model._meta.model_name)

    @property
    def is_numbered(self) -> bool:
        field = NUMBERS[self.record_model]
        return bool(field and getattr(self.record, field))

    def pages(self) -> list[tuple[str, Any]]:
        """Return the tabs: the name of each page and its label."""
        own = {
            Vessel: [("vessel_movements", _("Movements")), ("vessel_look_alikes", _("Look-alikes"))],
            Organisation: [
                ("organisation_fleet", _("Fleet")),
                ("organisation_said", _("Said")),
                ("organisation_judgements", _("Same or not")),
            ],
            Person: [("person_said", _("Said")), ("person_judgements", _("Same or not"))],
            Place: [("place_judgements", _("Same or not"))],
        }
        return [(self.word, _("File")), *own.get(self.record_model, []), (f"{self.word}_history", _("History"))]

    def anchor_context(self, *, current: str) -> dict[str, Any]:
        return {
            "list_url": reverse(f"registry:{self.section}"),
            "list_label": str(self.record._meta.verbose_name_plural).capitalize(),
            "tabs": [
                {
                    "label": label,
                    "url": reverse(f"workspace:{name}", args=[self.record.pk]),
                    "is_current": name == current,
                }
                for name, label in self.pages()
            ],
        }


class AsAtPage(OfOneAnchor, DetailPage):
    """A page that can be read for another day."""

    visibility = "record:read"

    @cached_property
    def as_at_form(self) -> AsAtForm:
        return AsAtForm(self.request.GET if "as_at" in self.request.GET else None, user=self.user)

    @cached_property
    def as_at(self) -> Moment | None:
        form = self.as_at_form
        return form.cleaned_data["as_at"] if form.is_bound and form.is_valid() else None


class AnchorPage(AsAtPage):
    sections: ClassVar[Callable[..., Any]]

    @cached_property
    def group(self) -> AnchorGroup:
        """The anchor with those judged to be the same."""
        return group_of(self.record, self.user)

    def file(self) -> particulars.AnchorFile | None:
        """Return the dated values of the record, where its kind has any."""
        return None

    def sections_of(self, file: Any) -> Any:
        return type(self).sections(self.group, self.user, as_at=self.as_at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        record, file, may_edit = self.record, self.file(), self.may("edit")
        return {
            **context,
            **self.anchor_context(current=self.word),
            "file": file,
            "group": self.group,
            "judged_url": judged_url(self.record),
            "sections": self.sections_of(file),
            "as_at": self.as_at,
            "as_at_form": self.as_at_form,
            "is_restricted": record.visibility != Visibility.OPEN,
            "may_edit": may_edit,
            "additions": self._additions() if may_edit and not record.is_voided else (),
            "edit_url": reverse(f"registry:{self.word}_edit", args=[record.pk]),
            "case_url": reverse(f"workspace:{self.word}_to_case", args=[record.pk]),
            "void_url": reverse(f"registry:{self.word}_void", args=[record.pk]),
            "restore_url": reverse(f"registry:{self.word}_restore", args=[record.pk]),
            "voided": {"reason": record.void_reason, "at": record.voided_at} if record.is_voided else None,
        }

    def _additions(self) -> list[tuple[str, Any]]:
        return [(reverse(name, args=[self.record.pk]), label) for name, label in ADDITIONS[self.record_model]]


class VesselPage(AnchorPage):
    template_name = "workspace/vessel.html"
    section = "vessels"
    record_model = Vessel

    def file(self) -> particulars.AnchorFile:
        return particulars.vessel_file(self.record, self.user, self.as_at, group=self.group)

    def sections_of(self, file: Any) -> Any:
        return anchors.vessel_sections(self.record, self.user, file=file, as_at=self.as_at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Before anything is read: what comes while the page is drawn was not seen on it.
        drawn_at = timezone.now()
        context = super().get_context_data(**kwargs)
        file = context["file"]
        return {
            **context,
            "number": show_imo(self.record.imo_number or ""),
            "flags": file.holding("flag"),
            "radio_numbers": file.holding("identifier:mmsi"),
            "port_chart": self._chart(context["sections"]),
            "news": news_of(self.user, group=self.group).get(self.record.pk),
            "drawn_at": drawn_at,
        }

    def _chart(self, sections: Any) -> PortChart:
        """Return the map of the port calls and voyages that the page lists."""
        return chart_of_port_calls(sections.port_calls.rows, sections.voyages.rows, width=CARD_WIDTH)


class VesselLookAlikes(OfOneAnchor, DetailPage):
    """Ships that may be taken for this one, each with why."""

    template_name = "workspace/look_alikes.html"
    visibility = "record:read"
    section = "vessels"
    record_model = Vessel

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        judged = judgements_on(self.record, self.user)
        may_judge = holds_role_anywhere(self.user, Act.EDIT)
        judge_url = reverse("registry:vessel_judge", args=[self.record.pk])
        return {
            **super().get_context_data(**kwargs),
            **self.anchor_context(current="vessel_look_alikes"),
            "found": look_alikes_of(self.record, self.user, judged=judged),
            "judged": judged,
            "may_judge": may_judge,
            "verdicts": Verdict.choices,
            "judge_link": judge_url if may_judge else "",
            "judge_url": judge_url,
        }


class AnchorJudgements(OfOneAnchor, DetailPage):
    """What was judged of an anchor and others: the same, different, unsure."""

    template_name = "workspace/judgements.html"
    visibility = "record:read"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_judge = holds_role_anywhere(self.user, Act.EDIT)
        return {
            **super().get_context_data(**kwargs),
            **self.anchor_context(current=f"{self.word}_judgements"),
            "judged": judgements_on(self.record, self.user),
            "judge_link": reverse(f"registry:{self.word}_judge", args=[self.record.pk]) if may_judge else "",
        }


class OrganisationJudgements(AnchorJudgements):
    section = "organisations"
    record_model = Organisation


class PersonJudgements(AnchorJudgements):
    section = "people"
    record_model = Person


class PlaceJudgements(AnchorJudgements):
    section = "places"
    record_model = Place


class OrganisationPage(AnchorPage):
    template_name = "workspace/organisation.html"
    section = "organisations"
    record_model = Organisation
    sections = staticmethod(anchors.organisation_sections)

    def file(self) -> particulars.AnchorFile:
        return particulars.organisation_file(self.record, self.user, self.as_at, group=self.group)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(number=show_imo(self.record.imo_company_number or ""), **kwargs)


class OrganisationFleet(AsAtPage):
    """The ships of an organisation by role, who else is on them, and who stands behind which."""

    template_name = "workspace/fleet.html"
    section = "organisations"
    record_model = Organisation

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            **self.anchor_context(current="organisation_fleet"),
            "fleet": fleet_of(self.record, self.user, as_at=self.as_at),
            "as_at": self.as_at,
            "as_at_form": self.as_at_form,
        }


class PersonPage(AnchorPage):
    template_name = "workspace/person.html"
    section = "people"
    record_model = Person
    sections = staticmethod(anchors.person_sections)

    def file(self) -> particulars.AnchorFile:
        return particulars.person_file(self.record, self.user, self.as_at, group=self.group)


class PlacePage(AnchorPage):
    template_name = "workspace/place.html"
    section = "places"
    record_model = Place
    sections = staticmethod(anchors.place_sections)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        code = show_unlocode(self.record.unlocode or "")
        return super().get_context_data(number=code, point=point_text(self.record), **kwargs)


class AnchorHistory(OfOneAnchor, HistoryPage):
    """Who changed an anchor, and what was judged of it; of one with an official number, never who added it."""

    def history_ids(self) -> Iterable[Any]:
        return [self.record.pk, *judgement_keys(self.record, self.user)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), **self.anchor_context(current=f"{self.word}_history")}


class VesselHistory(AnchorHistory):
    section = "vessels"
    record_model = Vessel


class OrganisationHistory(AnchorHistory):
    section = "organisations"
    record_model = Organisation


class PersonHistory(AnchorHistory):
    section = "people"
    record_model = Person


class PlaceHistory(AnchorHistory):
    section = "places"
    record_model = Place

    def history_ids(self) -> Iterable[Any]:
        return [*super().history_ids(), *(name.pk for name in self.record.other_names.visible_to(self.user))]


class AnchorToCase(OfOneAnchor, ActionPage):
    """Makes an anchor a subject of one of the reader's cases."""

    template_name = "registry/form.html"
    visibility = "record:read"
    form_class = ToCaseForm
    title = gettext_lazy("Add to a case")
    submit_label = gettext_lazy("Add")

    def perform(self, form: Any, *, version: int) -> Any:
        values = {self.word: self.record, "role": form.cleaned_data["role"], "is_main": form.cleaned_data["is_main"]}
        return add_subject(form.cleaned_data["case"], by=self.user, **values)

    def success_url(self, saved: Any) -> str:
        return str(self.record.get_absolute_url())

    def success_message(self, saved: Any) -> str:
        return _("Added to %(case)s.") % {"case": saved.case}

    def undo_for(self, saved: Any) -> dict[str, Any]:
        return {"kind": saved._meta.label_lower, "id": str(saved.pk), "act": "void"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(cancel_url=self.record.get_absolute_url(), **kwargs)


class VesselToCase(AnchorToCase):
    section = "vessels"
    record_model = Vessel


class OrganisationToCase(AnchorToCase):
    section = "organisations"
    record_model = Organisation


class PersonToCase(AnchorToCase):
    section = "people"
    record_model = Person


class PlaceToCase(AnchorToCase):
    section = "places"
    record_model = Place
