from django.urls import path

from casefiles.evidence.pages import CitationVoidPage

app_name = "evidence"

urlpatterns = [
    path("citations/<uuid:pk>/void/", CitationVoidPage.as_view(), name="citation_void"),
]
