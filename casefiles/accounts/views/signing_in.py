"""Signing in, with a second step where an account has a second factor, and out; and the password asked again."""

from typing import Any, ClassVar

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.stagekit import clear_login
from allauth.account.views import LoginView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.hashers import check_password
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, View

from casefiles.accounts import proof, unsaved
from casefiles.accounts.actions import accept_code
from casefiles.accounts.factors import forgive_tries, is_allowed_to_try
from casefiles.accounts.forms import AgainForm, CodeForm, SignInForm
from casefiles.accounts.second_step import SecondStep
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
        token = form.cleaned_data.get("unsaved", "")
        if self.request.user.is_authenticated:
            return bring_back(self.request, response, token)
        # What waits goes on from page to page, for no session holds what somebody typed.
        return show_second_step(self.request, CodeForm(initial={"unsaved": token})) if token else response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Past allauth's own context: it names sign-up and reset pages, which Casefiles does not have.
        context = super(LoginView, self).get_context_data(**kwargs)
        context["next"] = self.request.POST.get("next") or self.request.GET.get("next", "")
        context["unsaved"] = self.request.POST.get("unsaved", "")
        return context


def bring_back(request: HttpRequest, response: HttpResponse, token: str) -> HttpResponse:
    """Show the form that waited for this person to sign in, or answer as if nothing had."""
    waiting = unsaved.unpack(token)
    if waiting is None:
        return response
    if waiting.user_id != str(request.user.pk):
        messages.warning(request, _("A form was waiting for another account. It was not shown or saved."))
        return response
    return render(request, "accounts/unsaved.html", {"waiting": waiting})


def show_second_step(request: HttpRequest, form: CodeForm) -> HttpResponse:
    context = {"form": form, "unsaved": request.POST.get("unsaved", "")}
    return render(request, "accounts/second_step.html", context, status=422 if form.errors else 200)


@method_decorator(login_stage_required(stage=SecondStep.key, redirect_urlname="accounts:sign_in"), name="dispatch")
class SecondStepPage(FormView):
    """The second factor, after the password and before the session. Every failure reads the same."""

    visibility: ClassVar[str] = "public"
    form_class = CodeForm

    @property
    def stage(self) -> Any:
        return self.request._login_stage  # type: ignore[attr-defined]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return show_second_step(request, CodeForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "start_again" in request.POST or not self.stage.is_current:
            clear_login(request)
            return HttpResponseRedirect(resolve_url(settings.LOGIN_URL))
        form = self.get_form()
        user = self.stage.login.user
        if not form.is_valid():
            return show_second_step(request, form)
        if not is_allowed_to_try(request, user, "second_factor") or not accept_code(user, form.cleaned_data["code"]):
            form.add_error("code", CodeForm.not_accepted)
            return show_second_step(request, form)
        forgive_tries(request, user, "second_factor")
        return self._signed_in(form.cleaned_data["unsaved"])

    def _signed_in(self, token: str) -> HttpResponse:
        response = self.stage.exit()
        proof.note_second_factor(self.request.session)
        return bring_back(self.request, response, token)


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Answer a request that needs somebody signed in: keep what a form sent, and come back to the same address."""
    is_htmx = request.headers.get("HX-Request") == "true"
    expired = getattr(request, "expired_user_id", None)
    if request.method == "POST" and expired and not is_forged(request):
        token = _kept(request, user_id=expired)
        form = SignInForm(initial={"unsaved": token}, request=request)
        context = {"form": form, "unsaved": token, "next": request.get_full_path()}
        response = render(request, "accounts/sign_in.html", context, status=200)
        if is_htmx:
            response["HX-Retarget"], response["HX-Reswap"] = "body", "innerHTML"
        return response
    return _go(request, f"{resolve_url(settings.LOGIN_URL)}?{_query(next=request.get_full_path())}")


def _kept(request: HttpRequest, *, user_id: str) -> str:
    """Return what a form sent, signed; where it carries one that waits already, that one."""
    token = request.POST.get("unsaved", "")
    if unsaved.unpack(token) is not None:
        return token
    return unsaved.pack(user_id=user_id, path=request.get_full_path(), data=request.POST, had_files=bool(request.FILES))


def _query(**pairs: str) -> str:
    return urlencode(pairs)


class SignOutPage(View):
    visibility: ClassVar[str] = "member"
    is_for_enrolling: ClassVar[bool] = True
    http_method_names: ClassVar[list[str]] = ["post", "options"]

    def post(self, request: HttpRequest) -> HttpResponse:
        logout(request)
        response = HttpResponseRedirect(resolve_url(settings.LOGOUT_REDIRECT_URL))
        response["Clear-Site-Data"] = '"cache"'
        return response


# --- The password again, where the last one is long ago (M18) ---------------------------------------------------


class PasswordAgainPage(ActionPage):
    """Ask for the password before what hurts most, and go on to it; what a form sent comes back, whole."""

    visibility = "member"
    section = "profile"
    is_for_enrolling: ClassVar[bool] = True
    template_name = "accounts/password_again.html"
    form_class = AgainForm
    title = gettext_lazy("Your password, once more")
    submit_label = gettext_lazy("Go on")

    def get_initial(self) -> dict[str, Any]:
        return {"next": safe_next(self.request, self.request.GET.get("next"))}

    def perform(self, form: AgainForm, *, version: int) -> HttpResponse:
        data = form.cleaned_data
        # Not the method of the user, which may keep the hash anew: that would end this very session.
        is_right = is_allowed_to_try(self.request, self.user, "password_again") and check_password(
            data["password"], self.user.password
        )
        if not is_right:
            form.add_error("password", AgainForm.not_accepted)
            return self._show(form)
        forgive_tries(self.request, self.user, "password_again")
        proof.note_password(self.request.session)
        return bring_back(self.request, HttpResponseRedirect(safe_next(self.request, data["next"])), data["unsaved"])


def ask_for_password(request: HttpRequest) -> HttpResponse:
    """Answer a request that needs a fresh password: keep what a form sent, and come back to the same address."""
    again = resolve_url("accounts:password_again")
    if request.method != "POST" or is_forged(request):
        return _go(request, f"{again}?{_query(next=request.get_full_path())}")
    token = _kept(request, user_id=str(request.user.pk))
    form = AgainForm(initial={"unsaved": token, "next": request.get_full_path()}, user=request.user)
    context = {
        "form": form,
        "title": PasswordAgainPage.title,
        "submit_label": PasswordAgainPage.submit_label,
        "form_action": again,
        "is_kept": True,
    }
    response = render(request, PasswordAgainPage.template_name, context)
    if request.headers.get("HX-Request") == "true":
        response["HX-Retarget"], response["HX-Reswap"] = "body", "innerHTML"
    return response


def lead_to_second_factor(request: HttpRequest) -> HttpResponse:
    """Answer a request of somebody who must add a second factor before anything else."""
    return _go(request, resolve_url("accounts:security"))


def _go(request: HttpRequest, address: str) -> HttpResponse:
    if request.headers.get("HX-Request") != "true":
        return HttpResponseRedirect(address)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = address
    return response
