"""Cases and what is bound to them in the admin. Every save goes through the guard of a closed case."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.http import HttpRequest

from casefiles.access.admin import CasefilesAdmin, ReadOnlyAdmin, RecordAdmin, VoidedAssertionFilter
from casefiles.access.rules import Act
from casefiles.cases import actions
from casefiles.cases.models import (
    Case,
    CaseStatement,
    Claim,
    Comment,
    Dependence,
    Duty,
    ElementFinding,
    Exhibit,
    Hypothesis,
    LookedAt,
    Lookup,
    PlannedClaim,
    Rating,
    RatingSheet,
    ReplyAttempt,
    ReplyRequest,
    Review,
    Stance,
    Subject,
    Task,
    Verdict,
    WeighedClaim,
)
from casefiles.evidence.admin import CitationAdmin
from casefiles.evidence.models import Citation


@admin.register(Case)
class CaseAdmin(RecordAdmin):
    add_action = staticmethod(actions.open_case)
    change_action = staticmethod(actions.change_case)
    # A case is closed or archived, which is a change; its circle and its record stay.
    void_action = None
    restore_action = None
    add_fields = ("title", "question", "handling", "opened_on", "summary")
    change_fields = ("title", "question", "status", "handling", "opened_on", "summary")
    shown_fields = ("reference",)
    list_display = ("reference", "title", "status", "handling", "opened_on")
    list_filter = ("status", "handling")
    search_fields = ("title_key", "reference")
    ordering = ("title_key", "pk")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.may_open_cases)


class InACase(CasefilesAdmin):
    """What a case holds: it is added to a case in which the person may edit."""

    void_action = staticmethod(actions.void_in_case)
    restore_action = staticmethod(actions.restore_in_case)
    list_select_related: Any = ("case",)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "case":
            field.queryset = Case.objects.visible_to(request.user, Act.EDIT)
        return field


def several(page: CasefilesAdmin, column: Any, request: HttpRequest, obj: Any) -> forms.Field:
    """Return the field for records beside a row's own columns: those that the person may see, picked by typing."""
    return forms.ModelMultipleChoiceField(
        label=str(column.verbose_name).capitalize(),
        required=False,
        queryset=column.related_model.objects.visible_to(request.user),
        widget=AutocompleteSelectMultiple(column, page.admin_site),
        initial=[one.pk for one in getattr(obj, column.name).visible_to(request.user)] if obj else None,
    )


class CaseBoundAdmin(InACase):
    list_filter: Any = RecordAdmin.list_filter
    ordering: Any = ("-created_at", "pk")


@admin.register(Subject)
class SubjectAdmin(CaseBoundAdmin):
    add_action = staticmethod(actions.add_subject)
    change_action = staticmethod(actions.change_subject)
    void_action = staticmethod(actions.remove_subject)
    add_fields = ("case", "vessel", "organisation", "person", "place", "role", "is_main", "note")
    change_fields = ("role", "is_main", "note")
    shown_fields = ("case", "vessel", "organisation", "person", "place")
    list_display = ("__str__", "role", "is_main", "case")
    list_select_related = ("case", "vessel", "organisation", "person", "place")
    list_filter = ("is_main", *CaseBoundAdmin.list_filter)
    search_fields = ("case__title_key",)


@admin.register(Exhibit)
class ExhibitAdmin(CaseBoundAdmin):
    add_action = staticmethod(actions.add_exhibit)
    change_action = staticmethod(actions.change_exhibit)
    void_action = staticmethod(actions.remove_exhibit)
    add_fields = ("case", "item", "note")
    change_fields = ("note",)
    shown_fields = ("case", "label", "item")
    list_display = ("label", "item", "case")
    list_select_related = ("case", "item")
    search_fields = ("item__title_key", "case__title_key")


@admin.register(CaseStatement)
class CaseStatementAdmin(CaseBoundAdmin):
    add_action = staticmethod(actions.add_case_statement)
    void_action = staticmethod(actions.remove_case_statement)
    add_fields = ("case", "statement")
    shown_fields = ("case", "label", "statement")
    list_display = ("label", "statement", "case")
    list_select_related = ("case", "statement__speaker", "statement__organisation")
    search_fields = ("statement__text_key", "case__title_key")


@admin.register(Claim)
class ClaimAdmin(InACase):
    add_action = staticmethod(actions.add_claim)
    change_action = staticmethod(actions.change_claim)
    void_action = staticmethod(actions.void_claim)
    restore_action = staticmethod(actions.restore_claim)
    change_fields = (
        "text", "kind", "occurred", "place", "likelihood", "confidence", "rationale", "gaps", "is_key", "subjects",
    )  # fmt: skip
    add_fields = ("case", *change_fields)
    shown_fields = ("case", "label", "position", "outcome", "outcome_reason", "merged_into")
    list_display = ("label", "text", "kind", "outcome", "case")
    list_select_related = ("case", "assertion")
    list_filter = ("kind", "outcome", "is_key", VoidedAssertionFilter)
    search_fields = ("text_key", "case__title_key")
    ordering = ("case__title_key", "number", "pk")

    def declared_field(self, name: str, request: HttpRequest, obj: Any) -> forms.Field | None:
        if name != "subjects":
            return super().declared_field(name, request, obj)
        return several(self, Claim._meta.get_field("subjects"), request, obj)


@admin.register(PlannedClaim)
class PlannedClaimAdmin(CaseBoundAdmin):
    add_action = staticmethod(actions.plan_claim)
    change_action = staticmethod(actions.change_planned_claim)
    change_fields = ("asks",)
    add_fields = ("case", *change_fields)
    shown_fields = ("case", "written_as")
    list_display = ("asks", "case")
    search_fields = ("case__title_key",)


@admin.register(Lookup)
class LookupAdmin(CaseBoundAdmin):
    add_action = staticmethod(actions.add_lookup)
    change_action = staticmethod(actions.change_lookup)
    change_fields = ("searched", "period_start", "period_end", "result", "looked", "looked_by", "claims", "note")
    add_fields = ("case", *change_fields)
    shown_fields = ("case", "label")
    list_display = ("label", "searched", "result", "case")
    list_filter = ("result", *CaseBoundAdmin.list_filter)
    search_fields = ("searched_key", "case__title_key")

    def declared_field(self, name: str, request: HttpRequest, obj: Any) -> forms.Field | None:
        if name != "claims":
            return super().declared_field(name, request, obj)
        return several(self, Lookup._meta.get_field("claims"), request, obj)


@admin.register(Dependence)
class DependenceAdmin(CaseBoundAdmin):
    add_action = staticmethod(actions.add_dependence)
    restore_action = staticmethod(actions.restore_dependence)
    add_fields = ("claim", "rests_on", "note")
    shown_fields = ("case", *add_fields)
    list_display = ("__str__", "case")
    list_select_related = ("case", "claim", "rests_on")
    search_fields = ("claim__text_key", "case__title_key")


@admin.register(Stance)
class StanceAdmin(CaseBoundAdmin):
    add_action = staticmethod(actions.set_stance)
    add_fields = ("claim", "case_statement", "stance", "note")
    shown_fields = ("case", *add_fields)
    list_display = ("__str__", "case")
    list_select_related = ("case", "claim", "case_statement")
    list_filter = ("stance", *CaseBoundAdmin.list_filter)
    search_fields = ("claim__text_key", "case__title_key")


@admin.register(Task)
class TaskAdmin(CaseBoundAdmin):
    add_action = staticmethod(actions.add_task)
    change_action = staticmethod(actions.change_task)
    add_fields = ("case", "title", "body", "checklist", "assignee", "due_on")
    change_fields = ("title", "body", "checklist", "assignee", "due_on", "status")
    shown_fields = ("case", "label")
    list_display = ("label", "title", "status", "due_on", "case")
    list_filter = ("status", *CaseBoundAdmin.list_filter)
    search_fields = ("title_key", "case__title_key")


@admin.register(Duty)
class DutyAdmin(CaseBoundAdmin):
    add_action = staticmethod(actions.add_duty)
    void_action = staticmethod(actions.remove_duty)
    add_fields = ("case", "provision", "country", "organisation")
    shown_fields = add_fields
    list_display = ("__str__", "case")
    list_select_related = ("case", "provision__instrument", "organisation")
    search_fields = ("provision__title_key", "case__title_key")


@admin.register(ElementFinding)
class ElementFindingAdmin(InACase):
    add_action = staticmethod(actions.add_finding)
    change_action = staticmethod(actions.change_finding)
    change_fields = ("finding", "claims", "note")
    add_fields = ("duty", "element", *change_fields)
    shown_fields = ("case", "duty", "element", "element_text")
    list_display = ("element_text", "finding", "case")
    list_select_related = ("case", "assertion")
    list_filter = ("finding", VoidedAssertionFilter)
    search_fields = ("element_text", "case__title_key")
    ordering = ("case__title_key", "pk")

    def declared_field(self, name: str, request: HttpRequest, obj: Any) -> forms.Field | None:
        if name != "claims":
            return super().declared_field(name, request, obj)
        return several(self, ElementFinding._meta.get_field("claims"), request, obj)


@admin.register(ReplyRequest)
class ReplyRequestAdmin(InACase):
    add_action = staticmethod(actions.draft_request)
    change_action = staticmethod(actions.change_request)
    void_action = staticmethod(actions.withdraw_request)
    change_fields = (
        "organisation", "person", "party_text", "claims", "channel", "deadline_at", "zone", "introduction", "signature",
        "note",
    )  # fmt: skip
    add_fields = ("case", *change_fields)
    shown_fields = ("case", "label", "sent_at", "silent_at", "response")
    list_display = ("label", "party_name", "sent_at", "deadline_at", "case")
    list_select_related = ("case", "organisation", "person")
    list_filter = ("channel", *RecordAdmin.list_filter)
    search_fields = ("organisation__name_key", "person__name_key", "party_text", "case__title_key")
    ordering = ("-created_at", "pk")

    def declared_field(self, name: str, request: HttpRequest, obj: Any) -> forms.Field | None:
        if name != "claims":
            return super().declared_field(name, request, obj)
        return several(self, ReplyRequest._meta.get_field("claims"), request, obj)


@admin.register(ReplyAttempt)
class ReplyAttemptAdmin(CaseBoundAdmin):
    add_action = staticmethod(actions.add_attempt)
    change_action = staticmethod(actions.change_attempt)
    void_action = staticmethod(actions.void_attempt)
    change_fields = ("outcome", "note")
    add_fields = ("request", "made_at", "zone", "channel", "made_by", *change_fields)
    shown_fields = ("case", "request", "number", "made_at", "zone", "channel", "made_by")
    list_display = ("__str__", "made_at", "outcome", "case")
    list_select_related = ("case", "request__organisation", "request__person")
    list_filter = ("outcome", *CaseBoundAdmin.list_filter)
    search_fields = ("request__organisation__name_key", "request__party_text", "case__title_key")


@admin.register(Hypothesis)
class HypothesisAdmin(CaseBoundAdmin):
    add_action = staticmethod(actions.add_hypothesis)
    change_action = staticmethod(actions.change_hypothesis)
    void_action = staticmethod(actions.void_hypothesis)
    add_fields = ("case", "text", "note")
    change_fields = ("text", "note")
    shown_fields = ("case", "label")
    list_display = ("label", "text", "case")
    search_fields = ("text_key", "case__title_key")


@admin.register(WeighedClaim)
class WeighedClaimAdmin(CaseBoundAdmin):
    add_action = staticmethod(actions.weigh_claim)
    add_fields = ("case", "claim")
    shown_fields = add_fields
    list_display = ("claim", "case")
    list_select_related = ("case", "claim")
    search_fields = ("claim__text_key", "case__title_key")


@admin.register(RatingSheet)
class RatingSheetAdmin(ReadOnlyAdmin):
    """Each analyst rates by themselves, on the page of the matrix."""

    shown_fields = ("case", "analyst")
    list_display = ("analyst", "case")
    list_select_related = ("analyst", "case")
    search_fields = ("case__title_key",)
    ordering = ("-created_at", "pk")


@admin.register(Rating)
class RatingAdmin(ReadOnlyAdmin):
    has_version = False
    shown_fields = ("sheet", "claim", "hypothesis", "fit", "strength", "rationale")
    list_display = ("claim", "hypothesis", "fit", "strength", "sheet")
    list_select_related = ("sheet__analyst", "claim", "hypothesis")
    list_filter = ("fit", "strength")
    search_fields = ("claim__text_key", "hypothesis__text_key")
    ordering = ("pk",)


@admin.register(Comment)
class CommentAdmin(CaseBoundAdmin):
    """Comments are written where what they are about is seen; here one's own are reworded, and any is withdrawn."""

    change_action = staticmethod(actions.change_comment)
    void_action = staticmethod(actions.void_comment)
    restore_action = staticmethod(actions.restore_comment)
    edit_act = Act.COMMENT
    change_fields = ("body",)
    shown_fields = ("case", "about_kind", "created_by", "resolved_at")
    list_display = ("__str__", "about_kind", "created_by", "resolved_at", "case")
    list_select_related = ("case", "created_by")
    search_fields = ("case__title_key",)


@admin.register(LookedAt)
class LookedAtAdmin(ReadOnlyAdmin):
    """One's own alone: whoever administers accounts reads nobody else's."""

    has_version = False
    shown_fields = ("case", "seen_at")
    list_display = shown_fields
    list_select_related = ("case",)
    ordering = ("-seen_at", "pk")


@admin.register(Review)
class ReviewAdmin(CaseBoundAdmin):
    add_action = staticmethod(actions.ask_for_review)
    void_action = staticmethod(actions.withdraw_review)
    # Its claims may be in another review by then: it is asked for anew.
    restore_action = None
    add_fields = ("case", "claims", "note", "is_blind")
    shown_fields = ("case", "label", "note", "is_blind")
    list_display = ("label", "is_blind", "case")
    list_filter = ("is_blind", *CaseBoundAdmin.list_filter)
    search_fields = ("case__title_key",)

    def declared_field(self, name: str, request: HttpRequest, obj: Any) -> forms.Field | None:
        if name != "claims":
            return super().declared_field(name, request, obj)
        return several(self, Review._meta.get_field("claims"), request, obj)


@admin.register(Verdict)
class VerdictAdmin(CaseBoundAdmin):
    """A verdict is given once, by an editor who wrote none of the claim; it is taken back by nobody else."""

    edit_act = Act.REVIEW
    add_action = staticmethod(actions.give_verdict)
    void_action = staticmethod(actions.withdraw_verdict)
    restore_action = None
    add_fields = ("review", "claim", "verdict", "remark")
    shown_fields = ("case", *add_fields, "claim_version", "answer", "answered_at", "answered_by")
    list_display = ("__str__", "created_by", "case")
    list_select_related = ("case", "review", "claim", "created_by")
    list_filter = ("verdict", *CaseBoundAdmin.list_filter)
    search_fields = ("claim__text_key", "case__title_key")


@admin.register(Citation)
class CitationInCaseAdmin(CitationAdmin):
    """A citation on a claim stands under the guard of the claim's case."""

    restore_action = None

    def perform_change(self, request: HttpRequest, form: Any, values: dict[str, Any]) -> None:
        case = _case_argued(form.instance, request)
        if case is None:
            super().perform_change(request, form, values)
            return
        actions.change_citation(form.instance, case=case, by=request.user, version=form.base[0], **values)

    def perform_void(self, request: HttpRequest, record: Any, reason: str) -> None:
        case = _case_argued(record, request)
        if case is None:
            super().perform_void(request, record, reason)
            return
        actions.void_citation(record, case=case, by=request.user, reason=reason)


def _case_argued(citation: Citation, request: HttpRequest) -> Case | None:
    claim = Claim.objects.visible_to(request.user).select_related("case").filter(pk=citation.assertion_id).first()
    return claim.case if claim else None
