"""The terms in which readers say what they found. One list, so that pages, forms and readers mean the same.

Times are claimed as the file has them: `captured` without a zone stays without one ("2008-10-22T16:28:39"), with one it
carries it ("2008-10-22T14:27:07Z"). Positions are `[longitude, latitude]` in degrees, WGS 84; footprints are GeoJSON.
"""

# What may be confirmed into the item's own fields, and into which.
ITEM_FIELDS = {
    "title": "title",
    "author": "author",
    "language": "language",
    "captured": "occurred",
    "published": "published",
    "url": "url",
    "canonical_url": "url",
    "rights_holder": "rights_holder",
    "licence": "licence",
    "credit_line": "credit_line",
    "summary": "summary",
}

# Shown only: measured again elsewhere, or of no field of the item.
OTHERS = frozenset(
    {
        "publisher", "created", "modified", "received", "gps_time", "position", "altitude_m", "camera", "software",
        "keywords", "platform", "provider", "constellation", "instrument", "acquired", "gsd_m", "off_nadir_deg",
        "cloud_percent",
        "sun_elevation_deg", "sun_azimuth_deg", "polarization", "scene_id", "footprint", "crs", "producer", "sender",
        "recipient", "captured_by", "orientation", "signature", "digest", "identifier", "version", "attribution",
        # Of cameras and the programs that their pictures went through.
        "comment", "digitised", "direction_deg", "focal_length_mm", "lens", "owner", "serial_number",
        # Of satellites, beside what an image sheet asks for.
        "azimuth_deg", "frequency_band", "incidence_deg", "instrument_mode", "mission", "orbit_state", "product",
        "quality", "resolution_azimuth_m", "resolution_range_m", "strip",
    }
)  # fmt: skip

KEYS = frozenset(ITEM_FIELDS) | OTHERS
