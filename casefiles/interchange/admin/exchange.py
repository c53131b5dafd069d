"""Importing and exporting vessels and what is known about items.

An import is looked at first. What was seen is kept as a plan, bound to the file, the person and the kind of record, and
carried out at most once, whole or not at all.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from import_export.admin import ImportExportMixin
from import_export.forms import ExportForm, ImportForm
from import_export.results import Result, RowResult

from casefiles.access.actions import NotAllowed
from casefiles.accounts.proof import is_fresh
from casefiles.accounts.views.signing_in import ask_for_password
from casefiles.cases.actions import void_item
from casefiles.evidence.admin import ItemAdmin
from casefiles.evidence.models import Item
from casefiles.evidence.resources import ItemResource
from casefiles.interchange import plans
from casefiles.interchange.formats import FORMATS
from casefiles.interchange.reading import MAX_BYTES, MAX_ROWS, Unreadable
from casefiles.registry.admin import VesselAdmin
from casefiles.registry.models import Vessel
from casefiles.registry.resources import VesselResource


class FileForm(ImportForm):
    """The file, and what it is."""

    @property
    def media(self) -> forms.Media:
        return forms.Media()

    def clean_import_file(self) -> Any:
        file = self.cleaned_data["import_file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 10 MB. Split it."))
        return file


class PlanForm(forms.Form):
    plan = forms.CharField(widget=forms.HiddenInput, max_length=100)


class _InMemory:
    """The uploaded file, for the dry run: nothing of it is stored before it has been looked at."""

    name = ""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def read(self) -> bytes:
        return self.content


class _NotCarriedOut(Exception):
    """Ends the transaction of an import, so that its plan is there again."""

    def __init__(self, result: Result | None = None) -> None:
        super().__init__()
        self.result = result


class ExchangeMixin(ImportExportMixin):
    """Adds import and export to an admin class whose resource goes through the actions."""

    import_formats = FORMATS
    export_formats = FORMATS
    import_form_class = FileForm
    export_form_class = ExportForm
    confirm_form_class = PlanForm
    import_export_change_list_template = "interchange/exchange_list.html"
    import_template_name = "interchange/import.html"
    export_template_name = "interchange/export.html"
    skip_import_confirm = False
    skip_admin_log = True

    def has_import_permission(self, request: HttpRequest) -> bool:
        return bool(self.has_add_permission(request))

    def has_export_permission(self, request: HttpRequest) -> bool:
        return bool(self.has_view_permission(request))

    def get_resource_kwargs(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {"user": request.user}

    def get_valid_export_item_pks(self, request: HttpRequest) -> Any:
        return self.get_queryset(request).values_list("pk", flat=True)

    def export_action(self, request: HttpRequest) -> HttpResponse:
        if not is_fresh(request.session):
            return ask_for_password(request)
        return super().export_action(request)

    # Looking first ------------------------------------------------------------------------------------------------
    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not self.has_import_permission(request):
            raise NotAllowed
        return super().import_action(request, **kwargs)

    def write_to_tmp_storage(self, import_file: Any, input_format: Any) -> _InMemory:
        import_file.seek(0)
        return _InMemory(import_file.read())

    def add_data_read_fail_error_to_form(self, form: Any, e: Exception) -> None:
        if not isinstance(e, Unreadable):
            raise e
        form.add_error("import_file", str(e))

    def get_confirm_form_initial(self, request: HttpRequest, import_form: Any) -> dict[str, Any]:
        if import_form is None:
            return {}
        file = import_form.cleaned_data["import_file"]
        file.seek(0)
        token = plans.keep(
            content=file.read(),
            name=file.name,
            format=int(import_form.cleaned_data["format"]),
            kind=self.opts.label_lower,
            user=request.user,
        )
        return {"plan": token}

    def get_import_context_data(self, **kwargs: Any) -> dict[str, Any]:
        resource = self.resource_classes[0]
        return {
            "columns": [(name, name in resource.shown) for name in resource.columns],
            "most_rows": f"{MAX_ROWS:,}",
        }

    # Carrying it out ----------------------------------------------------------------------------------------------
    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Carry out the plan whose dry run was confirmed."""
        if not self.has_import_permission(request):
            raise NotAllowed
        try:
            with transaction.atomic():
                result = self._carry_out(request)
        except _NotCarriedOut as refusal:
            return self._refused(request, refusal.result)
        self._say_what_was_done(request, result)
        return HttpResponseRedirect(self._list_url())

    def _carry_out(self, request: HttpRequest) -> Result:
        form = PlanForm(request.POST)
        token = form.cleaned_data["plan"] if form.is_valid() else ""
        plan = plans.take(token, kind=self.opts.label_lower, user=request.user) if token else None
        if plan is None:
            raise _NotCarriedOut
        dataset = FORMATS[plan.format]().create_dataset(plan.content)
        result = self.resource_classes[0](user=request.user).import_data(dataset, dry_run=False)
        if result.has_errors() or result.has_validation_errors():
            raise _NotCarriedOut(result)
        return result

    def _refused(self, request: HttpRequest, result: Result | None) -> HttpResponse:
        if result is None:
            said = _(
                "There is no such plan: it was carried out already, or is older than an hour. Choose the file again."
            )
        else:
            said = _("Since you looked, something changed. Nothing was imported. Choose the file again.")
        messages.error(request, said)
        context = {
            **self.admin_site.each_context(request),
            **self.get_import_context_data(),
            "title": _("Import"),
            "opts": self.opts,
            "form": FileForm(FORMATS, self.resource_classes),
            "result": result,
        }
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        return TemplateResponse(request, [self.import_template_name], context, status=409)

    def _say_what_was_done(self, request: HttpRequest, result: Result) -> None:
        counts = {
            "new": result.totals[RowResult.IMPORT_TYPE_NEW],
            "changed": result.totals[RowResult.IMPORT_TYPE_UPDATE],
            "same": result.totals[RowResult.IMPORT_TYPE_SKIP],
        }
        messages.success(
            request, _("Imported: %(new)d added, %(changed)d changed, %(same)d were the same already.") % counts
        )


@admin.register(Vessel)
class VesselExchangeAdmin(ExchangeMixin, VesselAdmin):
    resource_classes = (VesselResource,)


@admin.register(Item)
class ItemExchangeAdmin(ExchangeMixin, ItemAdmin):
    # The cases that rest on it are told.
    void_action = staticmethod(void_item)
    resource_classes = (ItemResource,)
