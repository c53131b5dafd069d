"""L01: one byte flipped in each of a thousand stored files: all are found, none is given out."""

import random
from typing import Any

import pytest
from django.urls import reverse

from casefiles.core.filestore import NotServed
from casefiles.evidence.actions.files import store
from casefiles.evidence.actions.fixity import check_files
from casefiles.evidence.models import CustodyEvent, File
from tests import make

pytestmark = pytest.mark.django_db

THOUSAND = 1_000
ASKED_FOR = 25


def thousand_files(lead: Any) -> list[File]:
    """Return files with rows but, for speed, without the events that adding each by its action would write."""
    item = make.item(lead)
    place = store()
    rows = []
    for number in range(THOUSAND):
        kept = place.store([b"Evidence %d. " % number * 20])
        rows.append(
            File(
                item=item, sha256=kept.sha256, size_bytes=kept.size_bytes, media_type="text/plain", name=f"{number}.txt"
            )
        )
    return list(File.objects.bulk_create(rows))


def flip(file: File, chance: random.Random) -> None:
    path = store().path_of(file.sha256)
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.chmod(0o600)
    path.write_bytes(bytes(content))
    path.chmod(0o400)


def test_l01_one_flipped_bit_in_each_of_a_thousand_files_is_found_and_none_is_served(client: Any) -> None:
    """Breaks if a check trusts size or time, or if any way out gives bytes that were not hashed."""
    lead = make.lead()
    make.circle(lead)
    held = thousand_files(lead)
    sound = make.file(held[0].item, lead, b"Nobody touched this.")
    chance = random.Random(20240425)
    for file in held:
        flip(file, chance)

    checked = check_files()

    assert {(bad.file_id, bad.verdict) for bad in checked.findings} == {(str(file.pk), "wrong_bytes") for file in held}
    assert CustodyEvent.objects.filter(act="failed check").count() == THOUSAND
    place = store()
    for file in held:
        with pytest.raises(NotServed):
            place.open_verified(file.sha256, size_bytes=file.size_bytes)
    client.force_login(lead)
    answers = {client.get(reverse("evidence:file", args=[file.pk])).status_code for file in held[:ASKED_FOR]}
    assert answers == {409}
    assert client.get(reverse("evidence:file", args=[sound.pk])).status_code == 200
