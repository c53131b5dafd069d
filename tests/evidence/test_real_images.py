"""Every real picture and STAC item goes through the house: kept, read in the cage, shown on its page."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests import make
from tests.evidence.hostile.oracle import judge

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]

# name of the file: form, what stands on the page of it, and whether there is a picture
FILES: dict[str, tuple[str, str, bool]] = {
    "exif/DSCN0010.jpg": ("JPEG", "2008-10-22T16:28:39", True),
    "exif/Canon_40D.jpg": ("JPEG", "Canon EOS 40D", True),
    "imagery/planet_20170831_172754_101c_3b_Visual.tif": ("Cloud Optimized GeoTIFF", "EPSG:32615", True),
    "imagery/planet_rapideye_ship_detector_2017-03-08_clip.tif": ("GeoTIFF", "EPSG:32610", True),
    "imagery/rasterio_cogeo.tif": ("Cloud Optimized GeoTIFF", "0.4733, 0.4713", True),
    "imagery/rasterio_corrupt.tif": ("", "a part of it lies beyond the end of the file", False),
    "stac/core-item.json": ("STAC item 1.1.0-beta.1", "cool_sat1", False),
    "stac/simple-item.json": ("STAC item 1.1.0-beta.1", "20201211_223832_CS2", False),
    "stac/planet_20170831_172754_101c.json": ("STAC item 1.0.0-beta.2 (Planet)", "planetscope", False),
    "stac/planet_skysat_20170831_195425_SS02.json": ("STAC item 1.0.0-beta.2 (Planet)", "SS02", False),
    "stac/planet_order_20180119_metadata.json": ("Planet order metadata", "not a STAC item", False),
    "stac/sar_envisat.json": ("STAC item 1.0.0", "It lies outside the world", False),
}


@pytest.mark.parametrize("path", sorted(FILES))
def test_a_real_file_is_kept_read_and_shown(shared_data: Path, path: str) -> None:
    form, shown, has_picture = FILES[path]
    lead = make.lead()
    client = Client()
    client.force_login(lead)
    item: Any = make.item(lead, circle=make.restricted_to(make.circle(lead)), kind="satellite image")
    content = (shared_data / path).read_bytes()

    judged = judge(item, by=lead, client=client, name=Path(path).name, content=content)

    assert judged.reading.form == form
    assert judged.reading.state == ("read" if form else "not parsed")
    assert shown in judged.page.decode()
    assert (judged.picture is not None) == has_picture
