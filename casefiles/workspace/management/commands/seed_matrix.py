"""Make two cases with every model populated and a user for each principal; print ids, passwords and canaries."""

import json
from typing import Any

from django.core.management import BaseCommand

from casefiles.workspace.demo.made_up import refuse_where_people_work
from casefiles.workspace.demo.matrix import seed_matrix


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, as_json: bool, **options: Any) -> None:
        refuse_where_people_work()
        made = seed_matrix().as_json()
        if as_json:
            self.stdout.write(json.dumps(made, indent=1))
            return
        self.stdout.write(f"Password of every account: {made['password']}")
        for name, user in made["users"].items():
            self.stdout.write(f"{name:6} {user['username']}  {user['id']}")
        for name, case in made["cases"].items():
            self.stdout.write(f"Case {name}: {case['reference']} {case['id']}  canary {case['canary']}")
