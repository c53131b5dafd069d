"""E01–E09: hostile pictures through the whole house: store, cage, item page, preview."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from casefiles.evidence.readers import captions, exif, pictures, small_pictures
from tests import make
from tests.evidence.hostile import images
from tests.evidence.hostile.oracle import judge

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]

TOO_LARGE = "it claims more pixels than are shown"
DAMAGED = "it is damaged, or no picture of a known form"
BEYOND = "a part of it lies beyond the end of the file"
# Of each that is not read, or of which there is no picture: why, and whether there is one all the same. An empty reason
# stands for a form that no reader takes.
NOT_READ: dict[str, tuple[str, bool]] = {
    "65535 squared, one bit.png": (TOO_LARGE, False),
    "2 to the 31st.png": (TOO_LARGE, False),
    "no width.png": (DAMAGED, False),
    "no height.png": (DAMAGED, False),
    "circle of directories.tif": ("its directories go in a circle", True),
    "ten thousand directories.tif": ("it has more than 1,000 directories", True),
    "strip beyond the end.tif": (BEYOND, False),
    "a million million bytes.tif": (BEYOND, False),
    "mixed endian.tif": (BEYOND, False),
    "65500 squared.jpg": (TOO_LARGE, False),
    "truncated.webp": (DAMAGED, False),
    "truncated.avif": (DAMAGED, False),
    "truncated.heif": (DAMAGED, False),
    "zTXt of a gibibyte.png": (DAMAGED, False),
    "iTXt of a gibibyte.png": (DAMAGED, False),
    "profile of a gibibyte.png": (DAMAGED, False),
    "png header and html.png": (DAMAGED, False),
    **dict.fromkeys(
        ["fits.jpg", "psd.jpg", "eps.jpg", "pcx.jpg", "icns.jpg", "jpeg2000.jpg", "mcidas.jpg"], ("", False)
    ),
}
WARNED = {
    "small picture is a bomb.jpg": [small_pictures.ODD],
    "truncated.jpg": [pictures.UNDRAWN],
    "xmp that laughs.jpg": [captions.UNREAD_XMP],
    "nowhere.jpg": [exif.WRONG_POSITION],
    "year nought.jpg": [exif.WRONG_TIME],
    "turned and with another small picture.jpg": [small_pictures.DIFFERENT],
}
CASES = [pytest.param(name, content, id=f"{number}: {name}") for number, name, content in images.cases()]


@pytest.fixture
def world() -> SimpleNamespace:
    lead = make.lead()
    client = Client()
    client.force_login(lead)
    item = make.item(lead, circle=make.restricted_to(make.circle(lead)), kind="photograph")
    return SimpleNamespace(lead=lead, client=client, item=item)


@pytest.mark.parametrize(("name", "content"), CASES)
def test_e01_to_e09_every_hostile_picture_is_kept_and_read_or_not_with_the_reason(
    world: Any, name: str, content: bytes
) -> None:
    """Breaks where a reader loses its limits, a form joins the allow-list unseen, or a picture keeps metadata."""
    judged = judge(world.item, by=world.lead, client=world.client, name=name, content=content)

    found = judged.reading
    assert images.SCRIPT.encode() not in judged.page
    # A PDF is another reader's; here it only must not be taken for a picture.
    if name.endswith(".pdf"):
        assert judged.picture is None
        return
    reason, has_picture = NOT_READ.get(name, ("", True))
    assert found.state == ("read" if name not in NOT_READ else "not parsed" if reason else "opaque")
    assert found.reason == reason
    assert (judged.picture is not None) == (has_picture and name != "truncated.jpg")
    assert found.warnings == WARNED.get(name, [])
