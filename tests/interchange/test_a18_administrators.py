"""A18, Q06: whoever administers accounts reads no case, in any page of the admin. Breaks if a class lists all rows."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

# It asks every page again; tracing that would show no line that the pages' own tests do not.
pytestmark = [pytest.mark.django_db, pytest.mark.untraced]

# What hangs on no case: accounts, who designates, what binds whom, and the lists of sanctions that everybody may see.
UNBOUND = {
    "accounts.User",
    "sanctions.Authority",
    "sanctions.Programme",
    "sanctions.Instrument",
    "sanctions.Provision",
    "sanctions.Element",
    "sanctions.ListEdition",
    "sanctions.ListEntry",
    "sanctions.ListChange",
}
# Of evidence, the files of the two seeded lists and what hangs on them; cases hold many more of each.
# Each of two cases: its own, and of the index the open instruments and provisions with them.
OF_THE_LISTS = {"evidence.Item": 2, "evidence.File": 2, "evidence.CustodyEvent": 2, "search.SearchEntry": 6}


def addresses(model, key):
    base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    return [reverse(f"{base}_{name}", args=[key]) for name in ("change", "history", "delete")]


def hidden_rows(matrix):
    for world in (matrix.a, matrix.b):
        for label, keys in world.records.items():
            for key in keys:
                yield apps.get_model(label), key
        yield apps.get_model("access.compartment"), world.case.compartment_id
        for membership in world.case.compartment.memberships.all():
            yield type(membership), membership.pk


@pytest.mark.parametrize("who", ["ADMIN", "OUT"])
def test_a18_no_list_of_the_admin_has_a_row_of_a_case(client, matrix, who):
    if who == "OUT":
        # Staff without any power but this one.
        type(matrix.users[who]).objects.filter(pk=matrix.users[who].pk).update(is_staff=True)
    client.force_login(matrix.users[who])

    shown = {}
    for model in admin.site._registry:
        listed = client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
        body = listed.content.decode()
        assert matrix.a.canary not in body
        assert matrix.b.canary not in body
        # A list that is not for this account answers without one.
        if listed.status_code == 200 and len(listed.context_data["cl"].result_list):
            shown[model._meta.label] = listed.context_data["cl"].result_count

    assert {label: count for label, count in shown.items() if label not in UNBOUND} == OF_THE_LISTS


def test_a18_every_row_of_a_case_answers_as_if_it_did_not_exist(client, matrix):
    client.force_login(matrix.users["ADMIN"])

    wrong = [
        (address, method)
        for model, key in hidden_rows(matrix)
        for address in addresses(model, key)
        for method in ("get", "post")
        if getattr(client, method)(address).status_code != 404
    ]

    assert wrong == []


def test_a18_an_account_shows_nothing_of_its_cases(client, matrix):
    client.force_login(matrix.users["ADMIN"])

    for user in matrix.users.values():
        for address in addresses(type(user), user.pk)[:2]:
            body = client.get(address).content.decode()
            assert matrix.a.case.reference not in body
            assert matrix.a.canary not in body


def test_a18_the_index_counts_nothing_and_names_nobody(client, matrix):
    client.force_login(matrix.users["ADMIN"])

    body = client.get(reverse("admin:index")).content.decode()

    assert matrix.a.canary not in body
    assert "Recent actions" not in body


@pytest.mark.parametrize("label", ["registry.vessel", "evidence.item"])
@pytest.mark.parametrize("format", ["0", "2"])
def test_a18_an_export_is_empty(client, matrix, label, format):
    client.force_login(matrix.users["ADMIN"])
    address = reverse(f"admin:{label.replace('.', '_')}_export")

    content = client.post(address, {"format": format, "resource": "0"}).content.decode()

    assert "canary" not in content


def test_a18_suggestions_are_empty(client, matrix):
    client.force_login(matrix.users["ADMIN"])
    asked = {"term": "canary", "app_label": "cases", "model_name": "subject", "field_name": "vessel"}

    assert client.get(reverse("admin:autocomplete"), asked).json()["results"] == []


def test_a23_a_member_of_another_case_finds_only_their_own_rows(client, matrix):
    other = matrix.users["OTHER"]
    type(other).objects.filter(pk=other.pk).update(is_staff=True)
    client.force_login(other)

    bodies = [
        client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")).content.decode()
        for model in admin.site._registry
    ]

    assert not any(matrix.a.canary in body for body in bodies)
    assert any(matrix.b.canary in body for body in bodies)
