"""The admin's addresses. They keep Django's namespace, by which its own templates name them."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver

app_name = "admin"

urlpatterns: list[URLPattern | URLResolver] = admin.site.get_urls()
