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

# What detection computes, in the order in which it is shown; the keys are those of the detectors.
COMPUTED = {
    "duration_h": _("duration, hours"),
    "stopped_h": _("stopped, hours"),
    "longest_silence_h": _("longest silence, hours"),
    "nearest_km": _("nearest to the place, km"),
    "has_left": _("left the port"),
    "distance_nm": _("distance, nm"),
    "implied_kn": _("speed that joins the two positions, knots"),
    "average_kn": _("average speed, knots"),
    "off_shore_nm": _("from the shore on average, nm"),
    "nearest_m": _("nearest to each other, metres"),
    "median_kn": _("median speed, knots"),
    "other_median_kn": _("median speed of the other, knots"),
    "apart_nm": _("apart, nm"),
    "fixes": _("positions"),
    "other_fixes": _("positions at the other place"),
    "others_before": _("others received meanwhile near where it began"),
    "others_after": _("others received meanwhile near where it ended"),
    "is_open": _("goes on until the end of the window"),
}
THRESHOLDS = {
    "gap_over_h": _("gap: longer than, hours"),
    "port_enter_km": _("port: entered within, km"),
    "port_leave_km": _("port: left beyond, km"),
    "stop_begins_kn": _("stop: begins at, knots"),
    "stop_ends_kn": _("stop: ends at, knots"),
    "port_gap_min": _("port: silence that counts as a stop, minutes"),
    "port_visit_least_h": _("port visit: at least, hours"),
    "encounter_within_m": _("encounter: within, metres"),
    "encounter_least_h": _("encounter: at least, hours"),
    "encounter_below_kn": _("encounter: below, knots"),
    "encounter_off_port_km": _("encounter: away from every port by, km"),
    "loitering_below_kn": _("loitering: below, knots"),
    "loitering_least_h": _("loitering: at least, hours"),
    "loitering_off_shore_nm": _("loitering: from the shore, nm"),
    "impossible_over_kn": _("impossible speed: over, knots"),
    "position_noise_nm": _("jumps that are noise: up to, nm"),
    "coverage_within_nm": _("coverage: others received within, nm"),
}
