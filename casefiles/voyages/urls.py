from django.urls import URLPattern

app_name = "voyages"

urlpatterns: list[URLPattern] = []
