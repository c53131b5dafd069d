"""Fill the gazetteer: ports with UN/LOCODE, points and other names. Exit codes: 0 done, 2 could not run."""

from typing import Any

from casefiles.core.reports import Report, ReportCommand
from casefiles.registry.actions import add_ports
from casefiles.registry.gazetteer import known_ports


class Command(ReportCommand):
    help = (
        "Adds the ports that the registry does not hold yet, from the package searoute. What somebody recorded under a "
        "code stays as it is; given again, nothing happens."
    )

    def report(self, **options: Any) -> Report:
        ports, left_out = known_ports()
        added, names = add_ports(ports)
        return {
            # What the package itself got wrong is known, and no finding of this installation.
            "result": "clean",
            "known": len(ports),
            "added": added,
            "held_already": len(ports) - added,
            "other_names_added": names,
            "left_out": [{"name": one.name, "code": one.code, "reason": one.reason} for one in left_out],
        }

    def lines(self, report: Report) -> list[str]:
        counts = [f"{name.replace('_', ' ')}: {report[name]}" for name in ("known", "added", "held_already")]
        return [*counts, *(f"left out: {one['code']} {one['name']}: {one['reason']}" for one in report["left_out"])]
