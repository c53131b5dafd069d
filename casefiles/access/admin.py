"""The base of every admin class: rows are read through the chokepoint, and every save is one of the app's actions.

A subclass names its actions and the fields that each of them takes. Whatever names no action is read-only. Being a
superuser adds nothing: what a person does not read as a member, they do not read here.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AdminTextInputWidget, RelatedFieldWidgetWrapper
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from casefiles.access.actions import NotAllowed, NotVisible, holds_role_anywhere, restore_record, void_record
from casefiles.access.forms import CircleField
from casefiles.access.models import Compartment, Membership, Restricted
from casefiles.access.pages import step_of
from casefiles.access.rules import Act
from casefiles.access.selectors import shown_history
from casefiles.accounts.proof import is_fresh
from casefiles.accounts.views.signing_in import ask_for_password
from casefiles.audit import actions as audit
from casefiles.audit.selectors import UnknownEvent
from casefiles.core.fields import MomentField as MomentColumns
from casefiles.core.folding import UnsafeText, clean_text, fold
from casefiles.core.forms import MomentField, PeriodEndField, ReasonForm, refuse_unsafe_text
from casefiles.core.moments import EndBeforeStart, Period
from casefiles.core.pages import add_refusal
from casefiles.core.refusals import Refused
from casefiles.core.versions import StaleVersion

COUNTED_AT_MOST = 10_000
BASE_SALT = "casefiles.admin.base"


class CappedPaginator(Paginator):
    """Counts to a limit: an exact count of a large table costs more than the page is worth."""

    @cached_property
    def count(self) -> int:
        return int(self.object_list[:COUNTED_AT_MOST].count())  # type: ignore[union-attr]


class ActionForm(forms.ModelForm):
    """A form whose action does the validating: it saves nothing, and shows what the action refused.

    On a change it carries, signed, which version it showed and how each field read then.
    """

    request: ClassVar[HttpRequest]
    is_edit: ClassVar[bool] = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.CharField):
                field.validators = [*field.validators, refuse_unsafe_text]
            if isinstance(field, MomentField) and self.is_edit:
                self.initial[name] = self._moment_of(name)
        if "circle" in self.fields:
            self._offer_circles()
        if "base" in self.fields and not self.is_bound:
            self.initial["base"] = self._token()

    def _moment_of(self, name: str) -> Any:
        # How an end is known is part of it: “ongoing” is not a moment.
        return self.instance.period if name == "period_end" else getattr(self.instance, name)

    def _offer_circles(self) -> None:
        rows = Compartment.objects.visible_to(self.request.user, Act.EDIT).current().order_by("name", "pk")
        self.fields["circle"].offer(list(rows))

    # The version that the form showed -----------------------------------------------------------------------------
    @property
    def _salt(self) -> str:
        return f"{BASE_SALT}:{self.request.user.pk}"

    def _token(self) -> str:
        values = {name: self.words_of(name) for name in self.fields if name != "base"}
        return signing.dumps([str(self.instance.pk), self.instance.version, values], salt=self._salt, compress=True)

    @property
    def base(self) -> tuple[int, dict[str, str]] | None:
        """Return the version and the words that the form showed; None where the token is not for this record."""
        try:
            key, version, values = signing.loads(self.cleaned_data.get("base") or "", salt=self._salt)
        except (signing.BadSignature, ValueError, TypeError):
            return None
        return (version, values) if key == str(self.instance.pk) else None

    def words_of(self, name: str) -> str:
        """Return a field's value as its reader sees it; a record that they may not see has no words."""
        bound, field = self[name], self.fields[name]
        value = bound.value()
        keys = [one for one in (value if isinstance(value, list | tuple) else [value]) if one not in (None, "")]
        if isinstance(field, forms.ModelChoiceField):
            rows = field.queryset.filter(pk__in=[getattr(key, "pk", key) for key in keys])
            return ", ".join(sorted(str(row) for row in rows))
        if isinstance(field, forms.ChoiceField):
            labels = {str(key): str(label) for key, label in field.choices}
            keys = [labels.get(str(key), key) for key in keys]
        return ", ".join(str(key) for key in keys)

    # Checking -----------------------------------------------------------------------------------------------------
    def _post_clean(self) -> None:
        """Leave the record as it is: the action validates and saves it."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if {"period_start", "period_end"} <= cleaned.keys():
            self._join_period(cleaned)
        if self.is_edit and "base" in self.fields and self.base is None:
            self.add_error(
                None, _("This form was opened too long ago, or for another record. Check it and save again.")
            )
            self._renew_base()
        self._show_refusal(getattr(self.request, "refusal", None))
        if "resume" in self.data:
            # It waited while its writer signed in or gave their password: saving it is still theirs to do.
            self.add_error(None, _("This form was not saved yet. Check it, type passwords again, and save."))
        return cleaned

    def _join_period(self, cleaned: dict[str, Any]) -> None:
        start, (end, kind) = cleaned.pop("period_start"), cleaned.pop("period_end")
        try:
            cleaned["period"] = Period(start=start, end=end, end_kind=kind)
        except EndBeforeStart:
            self.add_error("period_end", _("The end is before the start. Check both dates."))

    def _show_refusal(self, refusal: Exception | None) -> None:
        if isinstance(refusal, StaleVersion):
            self.add_error(None, self._what_changed(refusal.record))
            self._renew_base()
        elif isinstance(refusal, NotAllowed):
            self.add_error(None, _("You may read this, but not change it. Nothing was saved."))
        elif isinstance(refusal, Refused | ValidationError):
            add_refusal(self, refusal)

    def _what_changed(self, record: Any) -> str:
        shown = self.base[1] if self.base else {}
        now = type(self)(instance=record)
        changes = [
            _("%(field)s is now “%(now)s”, and was “%(then)s”")
            % {"field": now[name].label, "now": now.words_of(name), "then": then}
            for name, then in shown.items()
            if name in now.fields and now.words_of(name) != then
        ]
        said = _("Somebody else saved this while you were editing. Nothing of yours was saved yet.")
        also = "; ".join(changes) or _("What they changed is not on this form")
        return _("%(said)s %(also)s. Check your input below: saving again keeps yours.") % {"said": said, "also": also}

    def _renew_base(self) -> None:
        current = type(self.instance).objects.visible_to(self.request.user).filter(pk=self.instance.pk).first()
        if current is not None:
            self.data = self.data.copy()
            self.data[self.add_prefix("base")] = type(self)(instance=current).initial["base"]

    # What the action takes ----------------------------------------------------------------------------------------
    def values(self) -> dict[str, Any]:
        values = {name: value for name, value in self.cleaned_data.items() if name != "base"}
        if not self.is_edit:
            return values
        changed = set(self.changed_data)
        if changed & {"period_start", "period_end"}:
            changed.add("period")
        return {name: value for name, value in values.items() if name in changed}


class VoidedFilter(admin.SimpleListFilter):
    """What counts, or what was voided, by the column that says so."""

    title = gettext_lazy("state")
    parameter_name = "state"
    column = "voided_at"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("current", _("current")), ("voided", _("voided"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() not in {"current", "voided"}:
            return queryset
        return queryset.filter(**{f"{self.column}__isnull": self.value() == "current"})


class VoidedAssertionFilter(VoidedFilter):
    column = "assertion__voided_at"


class CasefilesAdmin(admin.ModelAdmin):
    """Serves the rows that somebody may see, and saves through the actions named here.

    `add_action(by=…, **add_fields)`, with `circle` where `has_circle`; `change_action(record, by=, version=,
    **change_fields)`; `void_action` and `restore_action(record, by=, reason=)`. Give them as static methods.
    """

    add_action: ClassVar[Callable[..., Any] | None] = None
    change_action: ClassVar[Callable[..., Any] | None] = None
    void_action: ClassVar[Callable[..., Any] | None] = None
    restore_action: ClassVar[Callable[..., Any] | None] = None
    add_fields: ClassVar[tuple[str, ...]] = ()
    change_fields: ClassVar[tuple[str, ...]] = ()
    shown_fields: ClassVar[tuple[str, ...]] = ()
    has_circle: ClassVar[bool] = False
    has_version: ClassVar[bool] = True
    number_field: ClassVar[str] = ""
    edit_act: ClassVar[Act] = Act.EDIT
    # Whether its forms ask for a password that was given within ten minutes (M18); its lists never do.
    asks_password: ClassVar[bool] = False

    # Django's own widget links outside; whoever follows an address does so from the record's page, which warns.
    formfield_overrides = {models.URLField: {"widget": AdminTextInputWidget, "assume_scheme": "https"}}
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    save_as = False
    actions = ("void_selected", "restore_selected")
    change_form_template = "interchange/change_form.html"
    change_list_template = "interchange/change_list.html"
    object_history_template = "interchange/history.html"
    delete_confirmation_template = "interchange/void.html"

    # Who may see and do what --------------------------------------------------------------------------------------
    def get_queryset(self, request: HttpRequest) -> Any:
        rows = self.model.objects.visible_to(request.user)
        related = self.get_list_select_related(request)
        rows = rows.select_related(*related) if isinstance(related, list | tuple) and related else rows
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the record.

        Raises:
            Http404: there is none, or none for this person: the two answer alike.
        """
        record = super().get_object(request, object_id, from_field)
        if record is None:
            raise Http404
        return record

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(self.admin_site.has_permission(request))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not self.has_module_permission(request):
            return False
        return obj is None or self.get_queryset(request).filter(pk=obj.pk).exists()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.add_action is not None and self.edits_somewhere(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.change_action is not None and self._may_edit(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.void_action is not None and self._may_edit(request, obj)

    def has_restore_permission(self, request: HttpRequest) -> bool:
        return self.restore_action is not None and self._may_edit(request, None)

    def _may_edit(self, request: HttpRequest, record: Any) -> bool:
        if record is None:
            return self.edits_somewhere(request)
        rows = self.model.objects.visible_to(request.user, self.edit_act)
        return bool(rows.filter(pk=record.pk).exists())

    def edits_somewhere(self, request: HttpRequest) -> bool:
        """Say whether the person may edit in any circle; asked once a request, for the index shows every model."""
        known = request.__dict__.setdefault("admin_roles", {})
        if self.edit_act not in known:
            known[self.edit_act] = holds_role_anywhere(request.user, self.edit_act)
        return bool(known[self.edit_act])

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Allow what the filters of the list ask for, and nothing else: a filter over a link would be an oracle."""
        columns = [name for name in self.list_filter if isinstance(name, str)]
        own = {one.parameter_name for one in self.list_filter if not isinstance(one, str)}
        return lookup in own or any(lookup == name or lookup.startswith(f"{name}__") for name in columns)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        try:
            term = fold(clean_text(search_term[:200]))
        except UnsafeText:
            return queryset.none(), False
        return super().get_search_results(request, queryset, term)

    # The form -----------------------------------------------------------------------------------------------------
    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None:
            return [*self.add_fields, *(["circle"] if self.has_circle else [])]
        if not self.has_change_permission(request, obj):
            return [*self.change_fields, *self.get_shown_fields(request, obj)]
        base = ["base"] if self.has_version else []
        return [*self.get_change_fields(request, obj), *self.get_shown_fields(request, obj), *base]

    def get_change_fields(self, request: HttpRequest, obj: Any) -> list[str]:
        return list(self.change_fields)

    def get_shown_fields(self, request: HttpRequest, obj: Any) -> list[str]:
        voiding = ["voiding"] if self.void_action else []
        return [*(name for name in self.shown_fields if name not in self.change_fields), *voiding]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None:
            return []
        return self.get_shown_fields(request, obj)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [(None, {"fields": self.get_fields(request, obj)})]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        names = set(self.get_fields(request, obj)) - set(self.get_readonly_fields(request, obj))
        if obj is not None and not self.has_change_permission(request, obj):
            names = set()
        declared = {name: field for name in names if (field := self.declared_field(name, request, obj)) is not None}
        attributes = {**declared, "request": request, "is_edit": obj is not None}
        form = type(f"{self.opts.object_name}ActionForm", (ActionForm,), attributes)
        return forms.modelform_factory(
            self.model,
            form=form,
            fields=[name for name in self._ordered(request, obj) if name in names and name not in declared],
            formfield_callback=lambda field, **given: self.formfield_for_dbfield(field, request=request, **given),
        )

    def _ordered(self, request: HttpRequest, obj: Any) -> list[str]:
        return self.get_fields(request, obj)

    def declared_field(self, name: str, request: HttpRequest, obj: Any) -> forms.Field | None:
        """Return the field for what is not one column of the model; None for what is."""
        if name == "base":
            return forms.CharField(widget=forms.HiddenInput, required=False)
        if name == "circle":
            return CircleField()
        if name == "period_end":
            return PeriodEndField(label=_("Until"), required=False, widget=AdminTextInputWidget())
        columns = getattr(self.model, name, None)
        if isinstance(columns, MomentColumns):
            return MomentField(label=capfirst(columns.verbose_name), required=False, widget=AdminTextInputWidget())
        return None

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        return [field.name for field in self.opts.get_fields() if self._is_link(field)]

    @staticmethod
    def _is_link(field: Any) -> bool:
        target = getattr(field, "related_model", None)
        return bool(field.concrete and isinstance(target, type) and hasattr(target, "visibility_rules"))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        target = db_field.related_model
        if hasattr(target, "visibility_rules"):
            kwargs["queryset"] = target.objects.visible_to(request.user)
            return super().formfield_for_foreignkey(db_field, request, **kwargs)
        # People: those of one's own circles. A list of every account would tell who else works here.
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        known = Membership.objects.visible_to(request.user).values("user_id")
        field.queryset = field.queryset.filter(pk__in=known).order_by("username")
        return field

    # Saving -------------------------------------------------------------------------------------------------------
    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if self.asks_password and not is_fresh(request.session):
            return ask_for_password(request)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (Refused, ValidationError, StaleVersion, NotAllowed) as refusal:
            # From a save there is no way back to the form but a second pass, which shows the refusal on it.
            request.refusal = refusal  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        """Perform the action and return what it saved, with which the admin goes on."""
        if not change:
            return self.perform_add(request, form)
        values = form.values()
        if values:
            self.perform_change(request, form, values)
        return form.instance

    def perform_add(self, request: HttpRequest, form: Any) -> Any:
        return type(self).add_action(by=request.user, **form.values())  # type: ignore[misc]

    def perform_change(self, request: HttpRequest, form: Any, values: dict[str, Any]) -> None:
        version = {"version": form.base[0]} if self.has_version else {}
        type(self).change_action(form.instance, by=request.user, **version, **values)  # type: ignore[misc]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Do nothing: `save_form` performed the action."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Do nothing: `save_form` performed the action."""

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        raise NotAllowed

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        raise NotAllowed

    # The record of what was done is ours, in the same transaction; Django's log would keep names of hidden records.
    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        return None

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        return None

    # Voiding ------------------------------------------------------------------------------------------------------
    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Withdraw one record with a reason; nothing is deleted."""
        if self.asks_password and not is_fresh(request.session):
            return ask_for_password(request)
        record = self.get_object(request, object_id)
        if not self.has_delete_permission(request, record):
            raise NotAllowed
        form = ReasonForm(request.POST or None, user=request.user)
        if request.method == "POST" and form.is_valid() and self._voided(request, form, [record]):
            messages.success(request, _("Voided: %(record)s. It stays, marked as such.") % {"record": record})
            return HttpResponseRedirect(self._list_url())
        return self._ask_why(request, form, [record])

    @admin.action(description=gettext_lazy("Void selected, with a reason"), permissions=["delete"])
    def void_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Withdraw several records, all or none."""
        editable = self.model.objects.visible_to(request.user, self.edit_act).filter(pk__in=queryset.values("pk"))
        records = list(editable[: self.list_per_page * 4])
        form = ReasonForm(request.POST if "reason" in request.POST else None, user=request.user)
        if form.is_bound and form.is_valid() and self._voided(request, form, records):
            self._say_how_many(request, len(records), ngettext("%d record voided.", "%d records voided.", len(records)))
            return None
        return self._ask_why(request, form, records, is_selection=True)

    @admin.action(description=gettext_lazy("Restore selected"), permissions=["restore"])
    def restore_selected(self, request: HttpRequest, queryset: Any) -> None:
        editable = self.model.objects.visible_to(request.user, self.edit_act).filter(pk__in=queryset.values("pk"))
        records = [record for record in editable if record.is_voided]
        try:
            with audit.unit():
                for record in records:
                    type(self).restore_action(record, by=request.user)  # type: ignore[misc]
        except (Refused, ValidationError) as refusal:
            messages.error(request, str(getattr(refusal, "message", refusal)))
            return
        self._say_how_many(request, len(records), ngettext("%d record restored.", "%d records restored.", len(records)))

    def _voided(self, request: HttpRequest, form: Any, records: list[Any]) -> bool:
        try:
            with audit.unit():
                for record in records:
                    self.perform_void(request, record, form.cleaned_data["reason"])
        except (Refused, ValidationError) as refusal:
            add_refusal(form, refusal)
            return False
        return True

    def perform_void(self, request: HttpRequest, record: Any, reason: str) -> None:
        type(self).void_action(record, by=request.user, reason=reason)  # type: ignore[misc]

    def _say_how_many(self, request: HttpRequest, count: int, text: str) -> None:
        messages.success(request, text % count)

    def _ask_why(
        self, request: HttpRequest, form: Any, records: list[Any], *, is_selection: bool = False
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Void, with a reason"),
            "opts": self.opts,
            "form": form,
            "records": records,
            "is_selection": is_selection,
            "selected_name": ACTION_CHECKBOX_NAME,
            "list_url": self._list_url(),
        }
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        return TemplateResponse(request, self.delete_confirmation_template, context)

    def _list_url(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    # What is shown ------------------------------------------------------------------------------------------------
    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Show what was done to the record, as our own history tells it to this person."""
        record = self.get_object(request, object_id)
        is_open_anchor = bool(self.number_field and getattr(record, self.number_field))
        step = step_of(request.GET)
        try:
            page = shown_history([record.pk], step, user=request.user, is_open_anchor=is_open_anchor)
        except UnknownEvent as error:
            raise NotVisible from error
        context = {
            **self.admin_site.each_context(request),
            "title": _("History"),
            "opts": self.opts,
            "object": record,
            "history": page,
        }
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        return TemplateResponse(request, self.object_history_template, context)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        record = kwargs.get("obj")
        context["void_url"] = self._void_url(request, record)
        return super().render_change_form(request, context, *args, **kwargs)

    def _void_url(self, request: HttpRequest, record: Any) -> str:
        if record is None or getattr(record, "is_voided", False) or not self.has_delete_permission(request, record):
            return ""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_delete", args=[record.pk])

    def view_on_site(self, obj: Any) -> str | None:
        address = getattr(obj, "get_absolute_url", None)
        return address() if address else None

    @admin.display(description=gettext_lazy("state"))
    def voiding(self, record: Any) -> str:
        holder = record.version_holder
        if holder.voided_at is None:
            return _("current")
        return _("voided: %(reason)s") % {"reason": holder.void_reason}


class RecordAdmin(CasefilesAdmin):
    """A record that is voided, and restored, by the usual actions unless others are named."""

    void_action = staticmethod(void_record)
    restore_action = staticmethod(restore_record)
    list_filter = (VoidedFilter,)


class AnchorAdmin(RecordAdmin):
    """Something in the world with a circle of its own. Giving it an official number opens it, which is asked about."""

    has_circle = True

    def get_change_fields(self, request: HttpRequest, obj: Any) -> list[str]:
        fields = super().get_change_fields(request, obj)
        return [*fields, "is_opening_agreed"] if self._is_asked_to_open(obj) else fields

    def _is_asked_to_open(self, record: Any) -> bool:
        return bool(self.number_field) and isinstance(record, Restricted) and record.visibility != "open"

    def declared_field(self, name: str, request: HttpRequest, obj: Any) -> forms.Field | None:
        if name == "is_opening_agreed":
            return forms.BooleanField(
                label=_("Make it visible to every member"),
                required=False,
                help_text=_("What bears an official number is visible to every member, with its name and note."),
            )
        return super().declared_field(name, request, obj)


class AssertedAdmin(CasefilesAdmin):
    """A record anchored to an assertion, which carries its version and voiding."""

    has_circle = True
    void_action = staticmethod(void_record)
    restore_action = staticmethod(restore_record)
    list_select_related = ("assertion",)
    list_filter = (VoidedAssertionFilter,)
    ordering = ("-assertion__created_at", "pk")


class ReadOnlyAdmin(CasefilesAdmin):
    """Rows that are only ever written by actions, beside something else."""

    actions = ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return list(self.shown_fields)


class VerifierAdmin(ReadOnlyAdmin):
    """The chain as those see it who may verify it: order, kinds and hashes, and no content.

    Administering accounts gives no reading of it: how much was done, and to what, tells of cases.
    """

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = admin.ModelAdmin.get_queryset(self, request)
        return rows if request.user.may_verify else rows.none()

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        raise Http404
