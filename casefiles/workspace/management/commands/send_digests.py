"""Mail people what waits for them, where they chose so. Exit codes: 0 clean, 1 a mail did not go, 2 could not run."""

from typing import Any

from casefiles.core.leadership import leading
from casefiles.core.reports import Report, ReportCommand
from casefiles.workspace.maintenance import DIGESTS, Limits, send_mail


class Command(ReportCommand):
    help = (
        "Mails everybody who chose so how much waits for them: how many of what, no word of a case, and no link. "
        "At most once a day for each person. Of several that start at once, one does it."
    )

    def report(self, **options: Any) -> Report:
        with leading(DIGESTS):
            return send_mail(Limits())
