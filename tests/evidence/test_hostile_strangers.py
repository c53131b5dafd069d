"""E19, E20, E36, E38, E39, E41, E44 end to end: kept as they are, and read for no more than they are.

All classes at once, through a server and with every connection counted, is `python -m benchmarks.corpus`.
"""

from collections import defaultdict

import pytest
from django.test import Client

from tests import make
from tests.evidence.hostile import strangers
from tests.evidence.hostile.oracle import judge

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]

# The others differ in a number or a head; the benchmark sends them all.
OF_EACH = 3
CASES: dict[str, list[tuple[str, bytes]]] = defaultdict(list)
for number, name, content in strangers.cases():
    CASES[number].append((name, content))


@pytest.mark.parametrize("number", sorted(CASES))
def test_what_no_reader_is_for_is_kept_and_does_nothing(number: str, client: Client) -> None:
    lead = make.lead()
    item = make.item(lead, circle=make.restricted_to(make.circle(lead)))
    client.force_login(lead)

    for name, content in CASES[number][:OF_EACH]:
        judged = judge(item, by=lead, client=client, name=name, content=content)

        assert judged.picture is None
        assert b"root:x:0" not in judged.page
        assert b"<script>alert(1)" not in judged.page
        assert (judged.reading.state == "opaque") or number != "e20"
