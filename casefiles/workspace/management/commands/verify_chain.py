"""Is the record of what was done whole? Exit codes: 0 sound, 1 damaged, 2 could not be checked."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from casefiles.audit.selectors import damaged_values, verify
from casefiles.evidence.selectors import damaged_custody

SOUND, DAMAGED, UNCHECKED = 0, 1, 2


class Command(BaseCommand):
    help = "Walks the audit chain, its values and the custody rows; names the first bad row and the kind of damage."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="as JSON, for scripts")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = report_on_chain()
        except DatabaseError as error:
            report = {"result": "not checked", "reason": type(error).__name__}
        if options["json"]:
            self.stdout.write(json.dumps(report, indent=1))
        else:
            self.stdout.write("\n".join(_lines(report)))
        code = {"sound": SOUND, "damaged": DAMAGED}.get(str(report["result"]), UNCHECKED)
        if code:
            raise SystemExit(code)


def report_on_chain() -> dict[str, Any]:
    """Return what a walk over the whole record of what was done found, JSON-ready.

    An empty chain is "not checked": nothing to check is not the same as sound.
    """
    chain = verify()
    values = [str(event_id) for event_id in damaged_values()]
    custody = [
        {"custody_event": str(one.custody_id), "kind": one.kind, "fields": list(one.fields)}
        for one in damaged_custody()
    ]
    is_sound = chain.is_sound and not values and not custody
    result = "damaged" if not is_sound else "sound" if chain.checked else "not checked"
    return {
        "result": result,
        "events_checked": chain.checked,
        "last_sound_seq": chain.head[0],
        "last_sound_hash": chain.head[1],
        "first_bad_seq": chain.seq,
        "damage": str(chain.damage) if chain.damage else None,
        "detail": chain.detail,
        "events_with_damaged_values": values,
        "damaged_custody": custody,
    }


def _lines(report: dict[str, Any]) -> list[str]:
    lines = [f"Result: {report['result']}"]
    lines += [f"{name.replace('_', ' ')}: {value}" for name, value in report.items() if name != "result" and value]
    return lines
