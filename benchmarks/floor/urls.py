from django.urls import path

from benchmarks.floor import views

urlpatterns = [
    path("vessels/", views.vessels),
    path("vessels/<uuid:pk>/", views.vessel),
    path("items/", views.items),
    path("search/", views.search),
]
