from django.urls import URLPattern

app_name = "particulars"

urlpatterns: list[URLPattern] = []
