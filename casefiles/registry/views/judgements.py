"""Judging whether two anchors are the same, and changing, voiding and restoring that."""

import uuid
from typing import Any, ClassVar

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.access.actions import require_role_anywhere
from casefiles.access.forms import circle_to_start_from
from casefiles.access.pages import RestorePage, VoidPage
from casefiles.access.rules import Act
from casefiles.core.pages import ActionPage
from casefiles.registry import actions, forms
from casefiles.registry.models import OWN_NUMBERS, Judgement, Verdict, Vessel


class Judge(ActionPage):
    """Judges the anchor of the page and another one; `?other=` and `?verdict=` fill the form."""

    template_name = "registry/form.html"
    visibility = "record:read"
    form_class = forms.JudgementForm
    title = gettext_lazy("The same or not")
    submit_label = gettext_lazy("Record the judgement")

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        require_role_anywhere(request.user, Act.EDIT)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def other(self) -> Any:
        """The anchor that the address names, where the reader may see it; else nothing, as for an id that is none."""
        try:
            key = uuid.UUID(self.request.GET.get("other", ""))
        except ValueError:
            return None
        rows = self.record_model.objects.visible_to(self.user).current().exclude(pk=self.record.pk)
        return rows.filter(pk=key).first()

    def get_initial(self) -> dict[str, Any]:
        verdict = self.request.GET.get("verdict", "")
        circle = circle_to_start_from(self.request.GET.get("case", ""), self.user)
        return {
            "other": self.other,
            "verdict": verdict if verdict in Verdict.values else "",
            "standing": "other" if self._is_only_other_numbered() else "this",
            **({"circle": circle} if circle else {}),
        }

    def _is_only_other_numbered(self) -> bool:
        field = OWN_NUMBERS.get(self.record_model, "")
        return bool(getattr(self.other, field, None)) and not getattr(self.record, field, None)

    def form_kwargs(self) -> dict[str, Any]:
        return {"model": self.record_model, "anchor": self.record, "other": self.other}

    def perform(self, form: Any, *, version: int) -> Judgement:
        cleaned = dict(form.cleaned_data)
        other = cleaned.pop("other")
        standing = {"this": self.record, "other": other}.get(cleaned.pop("standing"))
        return actions.judge(self.record, other, by=self.user, standing=standing, **cleaned)

    def success_url(self, saved: Judgement) -> str:
        return judged_url(self.record)

    def success_message(self, saved: Judgement) -> str:
        return _("Judgement recorded: %(verdict)s.") % {"verdict": saved.get_verdict_display()}

    def undo_for(self, saved: Judgement) -> dict[str, Any]:
        return {"kind": saved._meta.label_lower, "id": str(saved.pk), "act": "void"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(cancel_url=judged_url(self.record), **kwargs)


def judged_url(anchor: Any) -> str:
    """Return where the judgements on an anchor are listed."""
    page = "look_alikes" if isinstance(anchor, Vessel) else "judgements"
    return f"{reverse(f'workspace:{anchor._meta.model_name}_{page}', args=[anchor.pk])}#judged"


class OfOneJudgement:
    """`anchor_model` is the kind of the pair. The way back leads to the first of the two."""

    anchor_model: ClassVar[Any]

    @classmethod
    def gate_queryset(cls, rows: Any) -> Any:
        return rows.select_related("first", "second", "standing")


class EditJudgement(OfOneJudgement, ActionPage):
    template_name = "registry/form.html"
    visibility = "record:edit"
    form_class = forms.JudgementForm
    title = gettext_lazy("Change the judgement")
    is_edit = True

    def get_initial(self) -> dict[str, Any]:
        judgement = self.record
        return {
            "verdict": judgement.verdict,
            "reason": judgement.reason,
            "standing": "other" if judgement.standing_id == judgement.second_id else "this",
        }

    def form_kwargs(self) -> dict[str, Any]:
        first, second = self.record.pair
        return {"model": self.anchor_model, "anchor": first, "other": second, "is_edit": True}

    def perform(self, form: Any, *, version: int) -> Judgement:
        cleaned = dict(form.cleaned_data)
        first, second = self.record.pair
        standing = {"this": first, "other": second}.get(cleaned.pop("standing"))
        self.changed = actions.change_judgement(
            self.record, by=self.user, version=version, standing=standing, **cleaned
        )
        return self.record

    def success_message(self, saved: Judgement) -> str:
        return _("Saved.") if self.changed else _("Nothing was changed.")

    def undo_for(self, saved: Judgement) -> dict[str, Any] | None:
        if not self.changed:
            return None
        return {"kind": saved._meta.label_lower, "id": str(saved.pk), "act": "undo", "version": saved.version}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(cancel_url=self.record.get_absolute_url(), **kwargs)


class VoidJudgement(OfOneJudgement, VoidPage):
    """Takes a judgement back with a reason: the two are apart again, each with what was recorded of it."""

    title = gettext_lazy("Void this judgement")

    def consequences(self) -> list[str]:
        if self.record.verdict != Verdict.SAME:
            return []
        return [_("The two are apart again, each with what was recorded of it: nothing was ever moved.")]


class RestoreJudgement(OfOneJudgement, RestorePage):
    """Takes back the voiding of a judgement."""

    title = gettext_lazy("Restore this judgement")

    def perform(self, form: Any, *, version: int) -> Judgement:
        actions.restore_judgement(self.record, by=self.user)
        return self.record
