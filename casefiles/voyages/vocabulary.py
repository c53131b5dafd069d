"""Words for what ships send."""

from django.utils.translation import gettext_lazy as _

# By code, ITU-R M.1371.
STATUSES = {
    0: _("under way using engine"),
    1: _("at anchor"),
    2: _("not under command"),
    3: _("restricted manoeuvrability"),
    4: _("constrained by her draught"),
    5: _("moored"),
    6: _("aground"),
    7: _("engaged in fishing"),
    8: _("under way sailing"),
    9: _("reserved (high speed craft)"),
    10: _("reserved (wing in ground)"),
    11: _("towing astern (regional use)"),
    12: _("pushing ahead or towing alongside (regional use)"),
    13: _("reserved"),
    14: _("search and rescue transmitter is active"),
    15: _("not defined"),
}

# What radios may say that they do not have; the keys are those of the readers.
NOT_AVAILABLE = {
    "position": _("position"),
    "speed": _("speed"),
    "course": _("course"),
    "heading": _("heading"),
    "IMO": _("IMO number"),
}
