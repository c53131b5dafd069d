from django.urls import path

from casefiles.accounts.views import security, signing_in

app_name = "accounts"

urlpatterns = [
    path("sign-in/", signing_in.SignInPage.as_view(), name="sign_in"),
    path("sign-in/second-step/", signing_in.SecondStepPage.as_view(), name="second_step"),
    path("sign-out/", signing_in.SignOutPage.as_view(), name="sign_out"),
    path("account/", security.ProfilePage.as_view(), name="profile"),
    path("account/password-again/", signing_in.PasswordAgainPage.as_view(), name="password_again"),
    path("account/security/", security.SecurityPage.as_view(), name="security"),
    path("account/security/add/", security.AddSecondFactor.as_view(), name="second_factor_add"),
    path("account/security/recovery-codes/", security.RenewCodes.as_view(), name="recovery_codes"),
    path("account/security/remove/", security.RemoveSecondFactor.as_view(), name="second_factor_remove"),
    path("account/security/sessions/end/", security.EndSessions.as_view(), name="sessions_end"),
]
