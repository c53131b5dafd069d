"""What one was told. Looking at the list never marks anything as read: that is said by pressing a button."""

import uuid
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from casefiles.core.keyset import KeysetPage, Order
from casefiles.core.pages import ActionPage, ListPage, Page
from casefiles.workspace.actions.digests import is_set_up
from casefiles.workspace.actions.telling import choose_notifications, mark_read, take_in
from casefiles.workspace.forms import NotificationsForm
from casefiles.workspace.models import Notification, NotificationChoices, Told
from casefiles.workspace.selectors.telling import (
    NotificationLine,
    choices_of,
    is_behind,
    notification_lines,
    notifications,
)
from casefiles.workspace.views.watching import moment_of


class Notifications(ListPage):
    """Unread ones first, the newest on top."""

    template_name = "workspace/notifications.html"
    visibility = "member"
    section = "notifications"
    model = Notification
    orders: ClassVar = {"unread": Order("is_read", then=Order("at", is_descending=True))}

    def get_queryset(self) -> QuerySet[Any]:
        if is_behind():
            take_in(batches=2)
        return notifications(self.user)

    def rows(self, page: KeysetPage) -> list[NotificationLine]:
        return notification_lines(page.rows, self.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(drawn_at=timezone.now(), **kwargs)


class MarkRead(Page):
    """One press: `id` marks one, without it all that there were when the page was drawn (`until`)."""

    visibility = "member"
    section = "notifications"
    http_method_names = ("post", "options")  # type: ignore[assignment]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        count = mark_read(by=self.user, only=self.asked, until=moment_of(request.POST.get("until", "")))
        text = ngettext(
            "%(count)d notification is marked as read.", "%(count)d notifications are marked as read.", count
        )
        messages.success(request, text % {"count": count})
        return HttpResponseRedirect(reverse("workspace:notifications"))

    @property
    def asked(self) -> uuid.UUID | None:
        try:
            typed = self.request.POST.get("id", "")
            return uuid.UUID(typed) if typed else None
        except ValueError as error:
            raise Http404 from error


class ChooseNotifications(ActionPage):
    template_name = "workspace/notification_choices.html"
    visibility = "member"
    section = "notifications"
    form_class = NotificationsForm
    is_edit = True
    title = gettext_lazy("What you are told of")

    @property
    def record(self) -> NotificationChoices:
        """Return one's own choices; the address names none, so that there is nothing to see of others."""
        if not hasattr(self.request, "record"):
            self.request.record = choices_of(self.user)  # type: ignore[attr-defined]
        return self.request.record  # type: ignore[attr-defined, no-any-return]

    def get_initial(self) -> dict[str, Any]:
        return {kind: getattr(self.record, kind) for kind in Told.values}

    def perform(self, form: Any, *, version: int) -> NotificationChoices:
        return choose_notifications(by=self.user, version=version, **form.cleaned_data)

    def success_url(self, saved: NotificationChoices) -> str:
        return reverse("workspace:notification_choices")

    def success_message(self, saved: NotificationChoices) -> str:
        return _("Your choice holds from now on.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            is_mail_set_up=is_set_up(),
            has_address=bool(self.user.email),
            cancel_url=reverse("workspace:notifications"),
            **kwargs,
        )
