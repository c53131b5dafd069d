"""Signing in and out, and one's own account."""

from typing import Any, ClassVar

from allauth.account.views import LoginView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import View

from casefiles.accounts import unsaved
from casefiles.accounts.actions import change_password
from casefiles.accounts.forms import PasswordForm, SignInForm
from casefiles.core.csrf import is_forged
from casefiles.core.pages import ActionPage


def safe_next(request: HttpRequest, address: str | None) -> str:
    """Return an address on this host, or home."""
    is_ours = bool(address) and url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if is_ours and address else resolve_url(settings.LOGIN_REDIRECT_URL)


@method_decorator(never_cache, name="dispatch")
class SignInPage(LoginView):
    """Sign in; a form that was sent after the session ran out comes back afterwards, unsaved and whole."""

    visibility: ClassVar[str] = "public"
    template_name = "accounts/sign_in.html"
    form_class = SignInForm

    def get_form_class(self) -> Any:
        return SignInForm

    def get_success_url(self) -> str:
        return safe_next(self.request, self.request.POST.get("next") or self.request.GET.get("next"))

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        waiting = unsaved.unpack(form.cleaned_data.get("unsaved", ""))
        if waiting is None or not self.request.user.is_authenticated:
            return response
        if waiting.user_id != str(self.request.user.pk):
            messages.warning(self.request, _("A form was waiting for another account. It was not shown or saved."))
            return response
        return render(self.request, "accounts/unsaved.html", {"waiting": waiting})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Past allauth's own context: it names sign-up and reset pages, which Casefiles does not have.
        context = super(LoginView, self).get_context_data(**kwargs)
        context["next"] = self.request.POST.get("next") or self.request.GET.get("next", "")
        context["unsaved"] = self.request.POST.get("unsaved", "")
        return context


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Answer a request that needs somebody signed in: keep what a form sent, and come back to the same address."""
    is_htmx = request.headers.get("HX-Request") == "true"
    expired = getattr(request, "expired_user_id", None)
    if request.method == "POST" and expired and not is_forged(request):
        token = unsaved.pack(
            user_id=expired, path=request.get_full_path(), data=request.POST, had_files=bool(request.FILES)
        )
        form = SignInForm(initial={"unsaved": token}, request=request)
        context = {"form": form, "unsaved": token, "next": request.get_full_path()}
        response = render(request, "accounts/sign_in.html", context, status=200)
        if is_htmx:
            response["HX-Retarget"], response["HX-Reswap"] = "body", "innerHTML"
        return response
    address = f"{resolve_url(settings.LOGIN_URL)}?{_query(next=request.get_full_path())}"
    if is_htmx:
        response = HttpResponse(status=204)
        response["HX-Redirect"] = address
        return response
    return HttpResponseRedirect(address)


def _query(**pairs: str) -> str:

    return urlencode(pairs)


class SignOutPage(View):
    visibility: ClassVar[str] = "member"
    http_method_names: ClassVar[list[str]] = ["post", "options"]

    def post(self, request: HttpRequest) -> HttpResponse:
        logout(request)
        response = HttpResponseRedirect(resolve_url(settings.LOGOUT_REDIRECT_URL))
        response["Clear-Site-Data"] = '"cache"'
        return response


class ProfilePage(ActionPage):
    """One's own account: change the password."""

    visibility = "member"
    section = "profile"
    form_class = PasswordForm
    title = gettext_lazy("Your account")
    submit_label = gettext_lazy("Change password")

    def perform(self, form: Any, *, version: int) -> Any:
        change_password(self.user, password=form.cleaned_data["new"], by=self.user)
        update_session_auth_hash(self.request, self.user)
        return self.user

    def success_url(self, saved: Any) -> str:
        return reverse("accounts:profile")

    def success_message(self, saved: Any) -> str:
        return _("Password changed. Your other sessions have ended.")
