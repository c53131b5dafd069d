"""Evidence in the admin.

Items are registered in `interchange`, with import and export; citations in `cases`, which knows whether the case that
they argue is closed. Files and custody events are only ever written beside the bytes.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.http import HttpRequest

from casefiles.access.admin import AnchorAdmin, ReadOnlyAdmin, RecordAdmin, VerifierAdmin, VoidedFilter
from casefiles.access.rules import Act
from casefiles.evidence.actions import (
    annotations,
    citations,
    derivations,
    dismissals,
    grades,
    holds,
    items,
    preservation,
    sheets,
    sources,
)
from casefiles.evidence.models import (
    Annotation,
    Assertion,
    CustodyEvent,
    Derivation,
    Dismissal,
    File,
    Fingerprint,
    FixityRun,
    Grade,
    Hold,
    ImageObservation,
    ImageSheet,
    Independence,
    PreservationMark,
    ProtectedIdentity,
    Reading,
    Recognition,
    Rendering,
    Source,
    SourceReliability,
    Unmasking,
)
from casefiles.registry.models import Vessel


@admin.register(Source)
class SourceAdmin(AnchorAdmin):
    add_action = staticmethod(sources.add_source)
    change_action = staticmethod(sources.change_source)
    void_action = staticmethod(sources.void_source)
    add_fields = change_fields = ("name", "kind", "organisation", "country", "url", "note")
    shown_fields = ("visibility",)
    list_display = ("name", "kind", "country", "visibility")
    list_filter = ("kind", "visibility", *AnchorAdmin.list_filter)
    search_fields = ("name_key",)
    ordering = ("name_key", "pk")


@admin.register(SourceReliability)
class SourceReliabilityAdmin(RecordAdmin):
    add_action = staticmethod(sources.judge_source)
    void_action = staticmethod(sources.void_judgement)
    add_fields = ("source", "reliability", "judged_on", "rationale")
    shown_fields = add_fields
    list_display = ("source", "reliability", "judged_on")
    list_select_related = ("source",)
    list_filter = ("reliability", *RecordAdmin.list_filter)
    search_fields = ("source__name_key",)
    ordering = ("-judged_on", "pk")


class ItemAdmin(AnchorAdmin):
    add_action = staticmethod(items.add_item)
    change_action = staticmethod(items.change_item)
    void_action = staticmethod(items.void_item)
    restore_action = staticmethod(items.restore_item)
    change_fields = (
        "title", "kind", "source", "author", "language", "published", "occurred", "collected", "url", "archived_urls",
        "place", "summary", "handling", "licence", "rights_holder", "credit_line", "collection_method",
    )  # fmt: skip
    add_fields = change_fields
    shown_fields = (
        "lineage",
        "lineage_reason",
        "status",
        "status_reason",
        "status_said",
        "status_source",
        "visibility",
    )
    list_display = ("title", "kind", "source", "published_wording", "handling", "status")
    list_select_related = ("source",)
    list_filter = ("kind", "handling", "lineage", "status", "visibility", *AnchorAdmin.list_filter)
    search_fields = ("title_key",)
    ordering = ("title_key", "pk")


@admin.register(Derivation)
class DerivationAdmin(RecordAdmin):
    add_action = staticmethod(derivations.add_derivation)
    void_action = staticmethod(derivations.void_derivation)
    # Restoring would have to look for circles again: it is recorded anew.
    restore_action = None
    add_fields = ("child", "parent", "kind", "passage")
    shown_fields = add_fields
    list_display = ("child", "kind", "parent")
    list_select_related = ("child", "parent")
    list_filter = ("kind", *RecordAdmin.list_filter)
    search_fields = ("child__title_key", "parent__title_key")
    ordering = ("-created_at", "pk")


@admin.register(Independence)
class IndependenceAdmin(RecordAdmin):
    add_action = staticmethod(derivations.sign_independence)
    void_action = staticmethod(derivations.void_independence)
    restore_action = None
    add_fields = ("first", "second", "reason")
    shown_fields = add_fields
    list_display = ("first", "second")
    list_select_related = ("first", "second")
    search_fields = ("first__title_key", "second__title_key")
    ordering = ("-created_at", "pk")


@admin.register(Dismissal)
class DismissalAdmin(RecordAdmin):
    add_action = staticmethod(dismissals.dismiss_suggestion)
    void_action = staticmethod(dismissals.void_dismissal)
    restore_action = None
    add_fields = ("first", "second", "reason")
    shown_fields = add_fields
    list_display = ("first", "second")
    list_select_related = ("first", "second")
    search_fields = ("first__title_key", "second__title_key")
    ordering = ("-created_at", "pk")


@admin.register(Grade)
class GradeAdmin(RecordAdmin):
    add_action = staticmethod(grades.grade)
    void_action = staticmethod(grades.void_grade)
    add_fields = ("item", "reliability", "credibility", "rationale")
    shown_fields = add_fields
    list_display = ("item", "reliability", "credibility")
    list_select_related = ("item",)
    list_filter = ("reliability", "credibility", *RecordAdmin.list_filter)
    search_fields = ("item__title_key",)
    ordering = ("-created_at", "pk")


@admin.register(PreservationMark)
class PreservationMarkAdmin(RecordAdmin):
    add_action = staticmethod(preservation.mark_part)
    change_action = staticmethod(preservation.change_mark)
    void_action = staticmethod(preservation.void_mark)
    add_fields = ("item", "part", "state", "reason")
    change_fields = ("state", "reason")
    shown_fields = ("item", "part")
    list_display = ("item", "part", "state")
    list_select_related = ("item",)
    list_filter = ("part", "state", *RecordAdmin.list_filter)
    search_fields = ("item__title_key",)
    ordering = ("-created_at", "pk")


class CitationAdmin(RecordAdmin):
    change_action = staticmethod(citations.change_citation)
    void_action = staticmethod(citations.void_citation)
    change_fields = (
        "stance", "locator_kind", "locator", "quote", "quote_language", "translation", "about",
    )  # fmt: skip
    shown_fields = ("item", "assertion", "quote_check")
    list_display = ("item", "stance", "locator", "quote_check")
    list_select_related = ("item", "assertion")
    list_filter = ("stance", "quote_check", *RecordAdmin.list_filter)
    search_fields = ("item__title_key",)
    ordering = ("-created_at", "pk")


@admin.register(Hold)
class HoldAdmin(RecordAdmin):
    add_action = staticmethod(holds.place_hold)
    void_action = staticmethod(holds.lift_hold)
    # Whoever holds the item again says why.
    restore_action = None
    edit_act = Act.REVIEW
    add_fields = ("item", "kind", "until", "ordered_by", "reason")
    shown_fields = add_fields
    list_display = ("item", "kind", "until", "ordered_by")
    list_select_related = ("item",)
    list_filter = ("kind", *RecordAdmin.list_filter)


@admin.register(Annotation)
class AnnotationAdmin(RecordAdmin):
    """Annotations are made where the image is looked at."""

    change_action = staticmethod(annotations.change_annotation)
    void_action = staticmethod(annotations.void_annotation)
    change_fields = ("selector_kind", "selector", "prefix", "suffix", "body", "purpose")
    shown_fields = ("item", "file")
    list_display = ("item", "file", "purpose", "selector")
    list_select_related = ("item", "file")
    list_filter = ("purpose", "selector_kind", *RecordAdmin.list_filter)
    search_fields = ("item__title_key",)
    ordering = ("-created_at", "pk")


@admin.register(File)
class FileAdmin(ReadOnlyAdmin):
    shown_fields = (
        "item", "role", "name", "sha256", "size_bytes", "media_type", "claimed_media_type", "parent", "transformation",
        "created_at",
    )  # fmt: skip
    list_display = ("name", "item", "role", "media_type", "size_bytes", "sha256")
    list_select_related = ("item",)
    list_filter = ("role",)
    search_fields = ("sha256", "item__title_key")
    ordering = ("-created_at", "pk")


@admin.register(CustodyEvent)
class CustodyEventAdmin(ReadOnlyAdmin):
    shown_fields = ("item", "file", "act", "at", "purpose", "sha256_before", "sha256_after")
    list_display = ("at", "act", "item", "file")
    list_select_related = ("item", "file")
    list_filter = ("act",)
    search_fields = ("item__title_key", "sha256_after")
    ordering = ("-at", "pk")


@admin.register(ImageSheet)
class ImageSheetAdmin(RecordAdmin):
    add_action = staticmethod(sheets.add_sheet)
    change_action = staticmethod(sheets.change_sheet)
    change_fields = (
        "provider", "platform", "sensor", "scene_id", "acquired", "delivered", "published", "gsd_m", "off_nadir_deg",
        "cloud_fraction", "sun_elevation_deg", "sun_azimuth_deg", "footprint", "stac_item",
    )  # fmt: skip
    add_fields = ("item", *change_fields)
    shown_fields = ("item",)
    list_display = ("item", "provider", "platform", "acquired_wording", "gsd_m")
    list_select_related = ("item",)
    search_fields = ("item__title_key",)
    ordering = ("-created_at", "pk")


@admin.register(ImageObservation)
class ImageObservationAdmin(RecordAdmin):
    add_action = staticmethod(sheets.add_observation)
    change_action = staticmethod(sheets.change_observation)
    change_fields = (
        "seen", "level", "matching_features", "differing_features", "look_alikes", "look_alike_vessels", "measured_m",
        "measured_error_m", "length_m",
    )  # fmt: skip
    add_fields = ("sheet", *change_fields)
    shown_fields = ("sheet",)
    list_display = ("seen", "level", "sheet")
    list_select_related = ("sheet__item",)
    list_filter = ("level", *RecordAdmin.list_filter)
    search_fields = ("sheet__item__title_key",)
    ordering = ("-created_at", "pk")

    def declared_field(self, name: str, request: HttpRequest, obj: Any) -> forms.Field | None:
        if name != "look_alike_vessels":
            return super().declared_field(name, request, obj)
        column = ImageObservation._meta.get_field("look_alike_vessels")
        return forms.ModelMultipleChoiceField(
            label=column.verbose_name,
            queryset=Vessel.objects.visible_to(request.user),
            required=False,
            widget=AutocompleteSelectMultiple(column, self.admin_site),
            initial=[vessel.pk for vessel in obj.look_alike_vessels.visible_to(request.user)] if obj else None,
        )


@admin.register(Reading)
class ReadingAdmin(ReadOnlyAdmin):
    """Made from the file's bytes, and made anew by a newer reader: nothing here is entered by hand."""

    shown_fields = ("item", "file", "state", "reason", "reader", "version", "findings", "text", "at")
    list_display = ("at", "state", "reader", "item", "file")
    list_select_related = ("item", "file")
    list_filter = ("state", "reader")
    search_fields = ("item__title_key", "file__sha256")
    ordering = ("-at", "pk")


@admin.register(Recognition)
class RecognitionAdmin(ReadOnlyAdmin):
    """Made from the file's pictures, and made anew: nothing here is entered by hand."""

    shown_fields = ("item", "file", "state", "reason", "made_by", "languages", "version", "findings", "text", "at")
    list_display = ("at", "state", "made_by", "item", "file")
    list_select_related = ("item", "file")
    list_filter = ("state", "languages")
    search_fields = ("item__title_key", "file__sha256")
    ordering = ("-at", "pk")


@admin.register(Rendering)
class RenderingAdmin(ReadOnlyAdmin):
    """Made from the file, and made anew: nothing here is entered by hand."""

    shown_fields = ("item", "file", "state", "reason", "made_by", "version", "findings", "document", "at")
    list_display = ("at", "state", "made_by", "item", "file")
    list_select_related = ("item", "file")
    list_filter = ("state",)
    search_fields = ("item__title_key", "file__sha256")
    ordering = ("-at", "pk")


@admin.register(FixityRun)
class FixityRunAdmin(VerifierAdmin):
    shown_fields = ("started_at", "finished_at", "digests_checked", "bytes_checked", "bytes_total")
    list_display = ("started_at", "finished_at", "digests_checked")
    ordering = ("-started_at", "pk")


@admin.register(Fingerprint)
class FingerprintAdmin(ReadOnlyAdmin):
    """An index of likeness, made anew with each reading."""

    shown_fields = ("item", "file", "kind", "band", "value", "whole")
    list_display = ("kind", "band", "item", "file")
    list_select_related = ("item", "file")
    list_filter = ("kind",)
    ordering = ("kind", "band", "pk")


@admin.register(ProtectedIdentity)
class ProtectedIdentityAdmin(ReadOnlyAdmin):
    """That it is there, for those who have the right; what is sealed is read on its page only."""

    shown_fields = ("source", "created_at", "voided_at")
    list_display = ("source", "created_at")
    list_select_related = ("source",)
    ordering = ("-created_at", "pk")


@admin.register(Unmasking)
class UnmaskingAdmin(ReadOnlyAdmin):
    shown_fields = ("identity", "source", "reason", "created_by", "created_at", "granted_by", "granted_at")
    list_display = ("source", "created_by", "created_at", "granted_at")
    list_select_related = ("source", "created_by")
    ordering = ("-created_at", "pk")


@admin.register(Assertion)
class AssertionAdmin(ReadOnlyAdmin):
    """The anchor is made, changed and voided with its record."""

    shown_fields = ("kind", "visibility", "created_at", "voided_at", "void_reason")
    list_display = ("kind", "pk", "visibility", "created_at")
    list_filter = ("visibility", VoidedFilter)
    search_fields = ("kind",)
    ordering = ("-created_at", "pk")
