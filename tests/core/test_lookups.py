"""Many keys asked for as one parameter."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casefiles.evidence.models import File, Item
from casefiles.registry.models import Vessel
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def vessels():
    lead = make.lead()
    make.circle(lead)
    return [make.vessel(lead) for _ in range(3)]


def test_rows_of_the_keys_come_and_no_other(vessels):
    asked = {vessels[0].pk, vessels[2].pk}

    assert set(Vessel.objects.filter(pk__among=asked).values_list("pk", flat=True)) == asked
    assert list(Vessel.objects.exclude(pk__among=asked)) == [vessels[1]]


@pytest.mark.parametrize("rows", [Vessel.objects.filter(pk__among=()), File.objects.filter(item_id__among=[])])
def test_no_key_finds_nothing(rows):
    assert not rows.exists()


def test_a_foreign_key_is_asked_without_a_join(vessels):
    rows = Item.objects.filter(created_by_id__among=[vessels[0].created_by_id, vessels[0].pk])

    assert "JOIN" not in str(rows.query)
    assert not rows.exists()


def test_a_thousand_keys_are_one_parameter(vessels):
    keys = [vessels[0].pk, *(Vessel().pk for _ in range(1000))]

    with CaptureQueriesContext(connection) as asked:
        assert list(Vessel.objects.filter(pk__among=keys)) == [vessels[0]]
    assert len(asked) == 1
    sql, parameters = Vessel.objects.filter(pk__among=keys).query.sql_with_params()
    assert len(parameters) == 1 and sql.count("%s") == 1
