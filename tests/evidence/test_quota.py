"""D14: how much one person may bring in is never exceeded, on no way in and by no race."""

import threading
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import Sum
from django.test import Client
from django.urls import reverse

from casefiles.access.circles import Circle
from casefiles.evidence.actions import files
from casefiles.evidence.actions.bringing_in import bring_in
from casefiles.evidence.actions.quota import OverQuota
from casefiles.evidence.models import File
from tests import make

MOST = 1_000


@pytest.fixture
def world(settings: Any) -> SimpleNamespace:
    settings.EVIDENCE_QUOTA_BYTES = MOST
    lead, other = make.lead(), make.lead()
    make.circle(other)
    client = Client()
    client.force_login(lead)
    return SimpleNamespace(lead=lead, other=other, case=make.case(lead), client=client)


def used(by: Any) -> int:
    return File.objects.filter(created_by=by).aggregate(sum=Sum("size_bytes"))["sum"] or 0


@pytest.mark.django_db
@pytest.mark.parametrize(("size", "is_kept"), [(MOST - 601, True), (MOST - 600, True), (MOST - 599, False)])
def test_d14_a_person_brings_in_as_much_as_one_may_and_no_byte_more(world: Any, size: int, is_kept: bool) -> None:
    make.file(make.item(world.lead), world.lead, b"x" * 600)
    make.file(make.item(world.other), world.other, b"y" * MOST)
    url, blobs = reverse("cases:bring_in", args=[world.case.pk]), set(files.store().walk())

    answer = world.client.post(url, {"file": SimpleUploadedFile("a.bin", b"x" * size)})

    said = "One person may bring in 1000\xa0bytes here. You have brought in 600\xa0bytes and this file has 401\xa0bytes"
    assert (answer.status_code, said in answer.content.decode()) == ((200, False) if is_kept else (507, True))
    assert (used(world.lead), used(world.other)) == (600 + size * is_kept, MOST)
    assert len(set(files.store().walk()) - blobs) == int(is_kept)


@pytest.mark.django_db
def test_d14_other_ways_in_are_held_to_it_before_anything_is_kept(world: Any) -> None:
    """A form with its own files, pieces, the end of a file in pieces, and what was kept before it was asked about."""
    item = make.item(world.lead)
    parts = reverse("cases:bring_in_part", args=[world.case.pk, "a" * 64])
    kind, first = "application/octet-stream", {"Upload-Offset": "0"}
    form = {
        "kind": "document",
        "title": "A report",
        "circle": str(world.case.compartment.pk),
        "handling": "TLP:AMBER",
        "lineage": "not recorded",
        "file": SimpleUploadedFile("a.bin", b"x" * (MOST + 1)),
    }
    received = files.receive(chunks=[b"z" * 700], name="waiting.bin")

    answers = [
        world.client.post(reverse("evidence:item_add"), form),
        world.client.patch(parts, b"x" * (MOST + 1), kind, headers=first),
        world.client.patch(parts, b"x" * 600, kind, headers=first),
    ]
    make.file(item, world.lead, b"y" * 500)
    answers.append(world.client.post(parts, {"name": "a.txt", "size_bytes": "600"}))
    with pytest.raises(OverQuota):
        files.attach_received(item, by=world.lead, received=received)

    assert [answer.status_code for answer in answers] == [507, 507, 200, 507]
    assert used(world.lead) == 500
    assert len(list(files.store().walk())) == 2


@pytest.mark.django_db(transaction=True)
def test_d14_ten_at_once_never_exceed_it(world: Any) -> None:
    """Fails on PostgreSQL where two at once count the same rows."""
    barrier, refused = threading.Barrier(10), []

    def send(number: int) -> None:
        try:
            received = files.receive(chunks=[bytes([number]) * 180], name=f"{number}.bin")
            barrier.wait()
            bring_in(received, by=world.lead, circle=Circle.everyone())
        except OverQuota:
            refused.append(number)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[number]) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(refused), used(world.lead)) == (5, 900)
