from django.urls import URLPattern, path

from casefiles.registry.models import JUDGEMENTS, Organisation, Person, Place, Vessel
from casefiles.registry.views import changes, judgements, lists

app_name = "registry"


def voiding(folder: str, word: str, *, model: type, section: str) -> list[URLPattern]:
    """Return the two addresses that void a kind of record and take that back."""
    kept = {"record_model": model, "section": section}
    void = type("VoidPage", (changes.VoidAnchor,), kept)
    restore = type("RestorePage", (changes.RestoreAnchor,), kept)
    return [
        path(f"{folder}/<uuid:pk>/void/", void.as_view(), name=f"{word}_void"),
        path(f"{folder}/<uuid:pk>/restore/", restore.as_view(), name=f"{word}_restore"),
    ]


def judging(folder: str, word: str, *, model: type, section: str) -> list[URLPattern]:
    """Return the addresses at which two anchors of a kind are judged, and that is changed, voided and restored."""
    kept = {"anchor_model": model, "record_model": JUDGEMENTS[model], "section": section}
    add = type("JudgePage", (judgements.Judge,), {"record_model": model, "section": section})
    pages = {
        "edit": judgements.EditJudgement,
        "void": judgements.VoidJudgement,
        "restore": judgements.RestoreJudgement,
    }
    return [
        path(f"{folder}/<uuid:pk>/judge/", add.as_view(), name=f"{word}_judge"),
        *(
            path(
                f"{folder}/judgements/<uuid:pk>/{act}/",
                type(page.__name__, (page,), kept).as_view(),
                name=f"{word}_judgement_{act}",
            )
            for act, page in pages.items()
        ),
    ]


urlpatterns = [
    path("vessels/", lists.VesselList.as_view(), name="vessels"),
    path("vessels/add/", changes.AddVessel.as_view(), name="vessel_add"),
    path("vessels/suggest/", lists.VesselSuggest.as_view(), name="vessel_suggest"),
    path("vessels/<uuid:pk>/edit/", changes.EditVessel.as_view(), name="vessel_edit"),
    *voiding("vessels", "vessel", model=Vessel, section="vessels"),
    *judging("vessels", "vessel", model=Vessel, section="vessels"),
    path("organisations/", lists.OrganisationList.as_view(), name="organisations"),
    path("organisations/add/", changes.AddOrganisation.as_view(), name="organisation_add"),
    path("organisations/suggest/", lists.OrganisationSuggest.as_view(), name="organisation_suggest"),
    path("organisations/<uuid:pk>/edit/", changes.EditOrganisation.as_view(), name="organisation_edit"),
    *voiding("organisations", "organisation", model=Organisation, section="organisations"),
    *judging("organisations", "organisation", model=Organisation, section="organisations"),
    path("people/", lists.PersonList.as_view(), name="people"),
    path("people/add/", changes.AddPerson.as_view(), name="person_add"),
    path("people/suggest/", lists.PersonSuggest.as_view(), name="person_suggest"),
    path("people/<uuid:pk>/edit/", changes.EditPerson.as_view(), name="person_edit"),
    *voiding("people", "person", model=Person, section="people"),
    *judging("people", "person", model=Person, section="people"),
    path("places/", lists.PlaceList.as_view(), name="places"),
    path("places/add/", changes.AddPlace.as_view(), name="place_add"),
    path("places/suggest/", lists.PlaceSuggest.as_view(), name="place_suggest"),
    path("places/near/", lists.PlacesNear.as_view(), name="places_near"),
    path("places/<uuid:pk>/edit/", changes.EditPlace.as_view(), name="place_edit"),
    path("places/<uuid:pk>/names/add/", changes.AddPlaceName.as_view(), name="place_name_add"),
    *voiding("places", "place", model=Place, section="places"),
    *judging("places", "place", model=Place, section="places"),
]
