"""An address that somebody forgot to declare."""

from django.http import HttpResponse
from django.urls import path


def forgotten(request):
    return HttpResponse("Hello.")


urlpatterns = [path("forgotten/", forgotten, name="forgotten")]
