from django.urls import path

from casefiles.accounts import views

app_name = "accounts"

urlpatterns = [
    path("sign-in/", views.SignInPage.as_view(), name="sign_in"),
    path("sign-out/", views.SignOutPage.as_view(), name="sign_out"),
    path("account/", views.ProfilePage.as_view(), name="profile"),
]
