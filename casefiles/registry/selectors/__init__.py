"""Reads of anchors for pages, and which of them are one."""

from casefiles.registry.selectors.anchors import (
    AnchorRow,
    NearPlace,
    nearest_places,
    organisation_rows,
    people_with_organisations,
    person_rows,
    place_rows,
    places_with_names,
    point_text,
    vessel_rows,
    with_groups,
)
from casefiles.registry.selectors.groups import (
    AnchorGroup,
    Judged,
    alone,
    group_by_key,
    group_of,
    groups_of,
    joined_among,
    judgement_keys,
    judgements_on,
)

__all__ = [
    "AnchorGroup",
    "AnchorRow",
    "Judged",
    "NearPlace",
    "alone",
    "group_by_key",
    "group_of",
    "groups_of",
    "joined_among",
    "judgement_keys",
    "judgements_on",
    "nearest_places",
    "organisation_rows",
    "people_with_organisations",
    "person_rows",
    "place_rows",
    "places_with_names",
    "point_text",
    "vessel_rows",
    "with_groups",
]
