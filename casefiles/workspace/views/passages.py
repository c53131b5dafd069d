"""Reading a file page by page, and citing a passage of it on a claim of a case that holds it as an exhibit."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casefiles.access.rules import Act
from casefiles.cases.actions import cite_exhibit
from casefiles.cases.models import Exhibit
from casefiles.core.filestore import NotServed, StoreError
from casefiles.core.forms import Form
from casefiles.core.pages import ActionPage
from casefiles.core.refusals import Refused
from casefiles.evidence import passages, previews
from casefiles.evidence.models import Citation, File
from casefiles.evidence.page_pictures import PDF, WIDTHS, DrawnPage, NotParsed, drawn_page
from casefiles.evidence.selectors.reading import MOST_HITS, quotes_from, readable_file
from casefiles.evidence.views.pages import whole_number
from casefiles.workspace.forms import PassageForm


class ReadFile(ActionPage):
    """`?page=4` shows a page, `?q=` marks words in it, `?case=` says on whose claims a passage is cited.

    A POST cites; whoever may not edit the case is refused by the action.
    """

    template_name = "workspace/read.html"
    visibility = "record:read"
    section = "evidence"
    record_model = File
    form_class = PassageForm
    title = gettext_lazy("Cite a passage")
    submit_label = gettext_lazy("Cite")

    @classmethod
    def gate_queryset(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("item")

    @cached_property
    def file(self) -> Any:
        return readable_file(self.record)

    @cached_property
    def number(self) -> int:
        """The part that is shown: the first where the address names none."""
        number = whole_number(self.request.GET.get("page", "1"))
        if not 1 <= number <= max(len(self.file.parts), 1):
            raise Http404
        return number

    @cached_property
    def exhibits(self) -> list[Exhibit]:
        """The standing exhibits of the file's item in cases that the reader may write to."""
        rows = Exhibit.objects.visible_to(self.user, Act.EDIT).current().filter(item_id=self.record.item_id)
        return [one for one in rows.select_related("case").order_by("created_at", "pk") if one.case.is_writable]

    @cached_property
    def exhibit(self) -> Exhibit | None:
        asked = self.request.GET.get("case", "")
        return next((one for one in self.exhibits if str(one.case_id) == asked), next(iter(self.exhibits), None))

    # --- Citing -------------------------------------------------------------------------------------------------------

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        return super().get_form(*args, **kwargs) if self.exhibit else Form(user=self.user)

    def form_kwargs(self) -> dict[str, Any]:
        return {"case": self.exhibit.case, "known": "exhibit", "is_next_step": False}  # type: ignore[union-attr]

    def get_initial(self) -> dict[str, Any]:
        return {
            "locator": f"p. {self.number}" if self.file.is_paged else "",
            "quote_language": self.record.item.language,
        }

    def post(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if self.exhibit is None:
            raise Http404
        return super().post(request, *args, **kwargs)

    def perform(self, form: Any, *, version: int) -> Citation:
        if self.exhibit is None:
            raise Refused(_("This item is no exhibit of a case that you may change."))
        values = dict(form.cleaned_data)
        self.claim = values.pop("claim")
        return cite_exhibit(self.claim, by=self.user, exhibit=self.exhibit, **values)

    def success_url(self, saved: Citation) -> str:
        return self.request.get_full_path()

    def success_message(self, saved: Citation) -> str:
        words = {"exhibit": self.exhibit.label if self.exhibit else "", "claim": self.claim.label}
        if saved.quote_check == "not found":
            return _("%(exhibit)s was cited on %(claim)s. The quote was not found in the stored copy.") % words
        return _("%(exhibit)s was cited on %(claim)s.") % words

    def undo_for(self, saved: Citation) -> dict[str, Any]:
        return {"kind": saved._meta.label_lower, "id": str(saved.pk), "act": "void"}

    # --- Reading ------------------------------------------------------------------------------------------------------

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = self.request.GET.get("q", "").replace("\x00", "")[:200].strip()
        hits = self.file.hits(words) if words else []
        quotes = quotes_from(self.record, self.user)
        drawn, reason = self._drawn()
        part = self.file.parts[self.number - 1] if self.file.parts else None
        return super().get_context_data(
            item=self.record.item,
            number=self.number,
            total=len(self.file.parts),
            unit=self.file.unit,
            part=part,
            paragraphs=[self._shown(one, words, quotes) for one in part.paragraphs] if part else [],
            drawn=drawn,
            reason=reason,
            preview=self._preview(),
            recognition=self.file.recognition if self.number in self.file.recognised else None,
            boxes=drawn.boxes(self._ranges(drawn.text, words, quotes)) if drawn else [],
            picture_url=reverse("evidence:page_picture", args=[self.record.pk]),
            widths=WIDTHS,
            words=words,
            hits=[(hit, self._address(page=hit.number)) for hit in hits[:MOST_HITS]],
            hits_total=sum(hit.count for hit in hits),
            hits_more=len(hits) > MOST_HITS,
            previous_url=self._address(page=self.number - 1) if self.number > 1 else "",
            next_url=self._address(page=self.number + 1) if self.number < len(self.file.parts) else "",
            exhibit=self.exhibit,
            statement_url=self._statement_url(),
            place=f"p. {self.number}" if self.file.is_paged else "",
            cases=[(one, self._address(case=one.case_id)) for one in self.exhibits] if len(self.exhibits) > 1 else [],
            **kwargs,
        )

    def _statement_url(self) -> str:
        """Return where what is selected is recorded as a statement, in the case whose claims it is cited on."""
        if self.exhibit is None:
            return ""
        locator = {"locator": f"p. {self.number}"} if self.file.is_paged else {}
        query = urlencode({"exhibit": self.exhibit.label, **locator})
        return f"{reverse('cases:statement_record', args=[self.exhibit.case_id])}?{query}"

    def _drawn(self) -> tuple[DrawnPage | None, str]:
        if self.record.media_type != PDF:
            return None, ""
        try:
            return drawn_page(self.record, page=self.number, width=WIDTHS[0]), ""
        except NotParsed as refusal:
            return None, refusal.reason
        except NotServed:
            return None, _("the bytes held are not the ones received")
        except StoreError:
            return None, _("the evidence store cannot be read just now")

    def _preview(self) -> previews.Picture | None:
        """Return the picture in which the words stand, to be compared with them."""
        if not previews.is_picture(self.record):
            return None
        try:
            return previews.picture_of(self.record)
        except (NotParsed, StoreError):
            return None

    def _shown(self, one: passages.Paragraph, words: str, quotes: list[Citation]) -> dict[str, Any]:
        return {"locator": one.locator, "pieces": passages.pieces(one.text, self._ranges(one.text, words, quotes))}

    def _ranges(self, text: str, words: str, quotes: list[Citation]) -> list[passages.Range]:
        marked = [
            found for quote in quotes if self._may_stand_here(quote) for found in passages.cited(quote.quote, text)
        ]
        return marked + (passages.found(words, text) if words else [])

    def _may_stand_here(self, quote: Citation) -> bool:
        """Say whether a quote belongs on this page: one cited from another page is not marked here by chance."""
        if not self.file.is_paged or quote.locator_kind != "page":
            return True
        first, _dash, last = quote.locator.partition("-")
        return whole_number(first) <= self.number <= whole_number(last or first)

    def _address(self, **changes: Any) -> str:
        kept = {name: self.request.GET[name] for name in ("page", "q", "case") if name in self.request.GET}
        return f"?{urlencode({**kept, **changes})}"
