"""Two images beside each other or under a slider."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from casefiles.core.forms import Form, RecordField
from casefiles.core.pages import Page
from casefiles.evidence import previews, selectors
from casefiles.evidence.models import File, Item
from casefiles.evidence.views.looking import Looked, looked

MODES = {"side": _("Side by side"), "slider": _("Under a slider")}


class PickForm(Form):
    """Which item to compare with."""

    item = RecordField(label=_("Another item with a picture"), model=Item, suggest_url="evidence:item_suggest")


class ComparePage(Page):
    """`?a=` and `?b=` name two image files; a missing one is asked for. What one may not see is not found."""

    template_name = "evidence/compare.html"
    visibility = "member"
    section = "evidence"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.form = PickForm(request.GET if "item" in request.GET else None, user=self.user)
        if self.form.is_bound and self.form.is_valid():
            picture = self._picture_of(self.form.cleaned_data["item"])
            if picture is not None:
                return HttpResponseRedirect(self._address_with(picture))
            self.form.add_error("item", _("This item has no picture. Choose another one."))
        return super().get(request, *args, **kwargs)

    def _picture_of(self, item: Item) -> File | None:
        files = (one.file for one in selectors.held_files(item, self.user))
        return next((file for file in files if previews.is_picture(file)), None)

    def _address_with(self, picture: File) -> str:
        known = {side: self.request.GET[side] for side in ("a", "b") if self.request.GET.get(side)}
        missing = "b" if "a" in known else "a"
        return f"{reverse('evidence:compare')}?{urlencode({**known, missing: picture.pk})}"

    def _file(self, side: str) -> Looked | None:
        given = self.request.GET.get(side, "")
        if not given:
            return None
        try:
            key = uuid.UUID(given)
        except ValueError as error:
            raise Http404 from error
        file = File.objects.visible_to(self.user).filter(pk=key).select_related("item").first()
        if file is None or not previews.is_picture(file):
            raise Http404
        return looked(file, self.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        first, second = self._file("a"), self._file("b")
        mode = self.request.GET.get("mode", "")
        mode = mode if mode in MODES else "side"
        names = {"a": first.file.pk if first else "", "b": second.file.pk if second else ""}
        return super().get_context_data(
            sides=[one for one in (first, second) if one],
            first=first,
            second=second,
            mode=mode,
            modes=[(word, label, urlencode({**names, "mode": word})) for word, label in MODES.items()],
            swap_query=urlencode({"a": names["b"], "b": names["a"], "mode": mode}),
            form=None if first and second else self.form,
            **kwargs,
        )
