"""Add a made-up case with thousands of items, to see that pages stay fast; then bring the search index up to date."""

import json
import time
from typing import Any

from django.core.management import BaseCommand, CommandError

from casefiles.accounts.models import User
from casefiles.search.actions import catch_up
from casefiles.workspace.demo.bulk import CLAIMS, EXHIBITS, seed_bulk
from casefiles.workspace.demo.made_up import refuse_where_people_work


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--items", type=int, default=10_000)
        parser.add_argument("--vessels", type=int, default=1_000)
        parser.add_argument("--exhibits", type=int, default=EXHIBITS, help="How many of the items the case holds.")
        parser.add_argument("--claims", type=int, default=CLAIMS)
        parser.add_argument("--by", default="lead", help="User name of the account that leads the made-up case.")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, items: int, vessels: int, by: str, as_json: bool, **options: Any) -> None:
        refuse_where_people_work()
        user = User.objects.filter(username=by).first()
        if user is None:
            raise CommandError(f"There is no account {by}: name one with --by.")
        started = time.monotonic()
        made = seed_bulk(by=user, items=items, vessels=vessels, exhibits=options["exhibits"], claims=options["claims"])
        indexed = catch_up()
        seconds = round(time.monotonic() - started, 1)
        result = {"case": str(made.case.pk), "items": items, "vessels": vessels, "indexed": indexed, "seconds": seconds}
        self.stdout.write(
            json.dumps(result) if as_json else f"Added {items} items and {vessels} vessels in {seconds} s."
        )
