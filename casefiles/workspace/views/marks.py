"""Marking or withdrawing an item of evidence, with what rests on it in every case that the person sees."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from casefiles.access.pages import VoidPage
from casefiles.cases.actions import void_item
from casefiles.cases.selectors import AffectedClaim, claims_affected
from casefiles.core.pages import ActionPage
from casefiles.dossiers.actions import mark_item
from casefiles.dossiers.selectors import releases_affected
from casefiles.evidence import selectors
from casefiles.evidence.forms import StatusForm
from casefiles.evidence.models import Item
from casefiles.evidence.views.items import ItemMixin


class MarkItem(ItemMixin, ActionPage):
    template_name = "workspace/mark.html"
    visibility = "record:edit"
    form_class = StatusForm
    is_edit = True
    title = gettext_lazy("Corrected, retracted, disputed or superseded?")

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.record, name) for name in StatusForm.base_fields}

    def perform(self, form: Any, *, version: int) -> Item:
        given = form.cleaned_data
        return mark_item(
            self.record,
            by=self.user,
            version=version,
            status=given["status"],
            reason=given["status_reason"],
            said=given["status_said"],
            source=given["status_source"],
        )

    def success_message(self, saved: Item) -> str:
        resting = claims_affected(saved, self.user)
        if not resting or saved.status == "current":
            return _("Status set.")
        cases = len({one.claim.case_id for one in resting})
        words = ngettext(
            "Status set. A task was opened in %(count)d case that you see: claims there rest on it.",
            "Status set. A task was opened in each of %(count)d cases that you see: claims there rest on it.",
            cases,
        )
        return words % {"count": cases}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        resting = claims_affected(self.record, self.user)
        named = {one.claim.pk for one in resting}
        others = [one for one in selectors.relying_on(self.record, self.user) if one.record.pk not in named]
        return super().get_context_data(
            resting=resting, others=others, releases=releases_affected(self.record, self.user), **kwargs
        )


class VoidItem(ItemMixin, VoidPage):
    title = gettext_lazy("Void this item")

    def consequences(self) -> list[str]:
        count = len(selectors.relying_on(self.record, self.user))
        relying = ngettext(
            "%(count)d record that you see relies on it, and loses its support.",
            "%(count)d records that you see rely on it, and lose its support.",
            count,
        )
        approved = [one for one in claims_affected(self.record, self.user) if one.is_approved and not one.through]
        kept = _("Its files are kept, byte for byte.")
        return [*([relying % {"count": count}] if count else []), *map(_opens_again, approved), kept]

    def success_url(self, saved: Item) -> str:
        return saved.get_absolute_url()

    def perform(self, form: Any, *, version: int) -> Item:
        void_item(self.record, by=self.user, reason=form.cleaned_data["reason"])
        return self.record


def _opens_again(one: AffectedClaim) -> str:
    words = {"claim": one.claim.label, "case": one.claim.case.reference}
    return _("%(claim)s of %(case)s was approved, and is open again for review.") % words
