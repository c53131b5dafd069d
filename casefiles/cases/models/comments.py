"""What the people of a case say to each other about it. It never leaves the case: no dossier holds any of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casefiles.cases.models.cases import CaseBound
from casefiles.cases.querysets import CommentQuerySet
from casefiles.core.addresses import record_address


class Comment(CaseBound):
    """A remark on a record of the case, or an answer to one: whoever reads the case may write it.

    `about_kind` and `about_id` name the record (`cases.claim` and its key); an answer names that of its thread.
    """

    about_kind = models.CharField(_("about"), max_length=60, editable=False)
    about_id = models.UUIDField(editable=False)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replies", editable=False
    )
    body = models.TextField(_("comment"), max_length=10_000)
    reworded_at = models.DateTimeField(_("reworded at"), null=True, blank=True, editable=False)
    # Who was named in it (`@username`) and was in the team when it was saved: nobody else is told.
    mentioned = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name=_("mentioned"), editable=False
    )
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True, editable=False)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True, editable=False
    )

    keys_in_history: ClassVar[dict[str, str]] = {"mentioned": settings.AUTH_USER_MODEL}
    objects: ClassVar = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | Q(resolved_at__isnull=True), name="only_a_thread_is_resolved"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["case", "about_kind", "about_id"], name="comments_on_a_record"),
            models.Index(fields=["case", "created_at"], name="comments_of_a_case"),
            models.Index(fields=["parent", "created_at"], name="answers_of_a_thread"),
        ]

    def __str__(self) -> str:
        if self.is_voided:
            return str(_("a comment that was withdrawn"))
        return " ".join(self.body.split())[:100]

    def get_absolute_url(self) -> str:
        address = record_address("cases:thread", self.case_id, self.parent_id or self.pk)
        return f"{address}?near={self.pk}#comment-{self.pk}" if self.parent_id else address

    @property
    def is_resolved(self) -> bool:
        return self.resolved_at is not None
