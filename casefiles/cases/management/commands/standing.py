"""How the claims of a case stand, and why. Exit codes: 0 all corroborated, 1 some are not, 2 could not run."""

import re
import uuid
from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandParser
from django.db.models import Q

from casefiles.access.models import Membership
from casefiles.access.rules import Role
from casefiles.accounts.models import User
from casefiles.cases.models import Case
from casefiles.cases.querysets import ClaimQuerySet
from casefiles.cases.selectors import exhibit_labels, numbered_claims
from casefiles.cases.selectors.standings import ClaimStanding, standings
from casefiles.cases.standing import Standing
from casefiles.core.reports import Report, ReportCommand
from casefiles.evidence.models import Item

LABEL = re.compile(r"(?:C-?)?0*([1-9][0-9]{0,5})", re.IGNORECASE)


class CannotTell(Exception):
    """The account, the case or the claim is not there."""


class Command(ReportCommand):
    help = (
        "Says of each claim of a case, or of one, how it stands: its standing, the independent origins behind it, the "
        "roots to which what supports it goes back, and the reason in words, as its page computes them. Claims that "
        "were withdrawn are listed, and are no finding. Without --by, the case is read as a lead of its team reads it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("case", metavar="CASE", help="reference (CF-…) or id")
        parser.add_argument("claim", metavar="CLAIM", nargs="?", default="", help="number (C-01) or id")
        parser.add_argument("--by", default="", metavar="USER", help="for what this account may see")

    def report(self, **options: Any) -> Report:
        try:
            by = _reader(options["case"], options["by"])
            case = Case.objects.visible_to(by).filter(_named(options["case"])).first()
            if case is None:
                raise CannotTell("There is no such case for this account.")
            judged = standings(_claims(case, options["claim"], by), by)
        except CannotTell as error:
            return {"result": "could not run", "reason": str(error)}
        if options["claim"] and not judged:
            return {"result": "could not run", "reason": "There is no such claim in this case."}
        if not judged:
            return {"result": "nothing to check", "case": case.reference, "claims": []}
        weak = any(one.standing not in {Standing.CORROBORATED, Standing.WITHDRAWN} for one in judged)
        names = _names(case, judged, by)
        return {
            "result": "findings" if weak else "clean",
            "case": case.reference,
            "as_read_by": by.username,
            "claims": [_claim(one, names) for one in judged],
        }

    def lines(self, report: Report) -> list[str]:
        return [_line(one) for one in report["claims"]]


def _reader(case: str, username: str) -> User:
    """Return the account that is named, or the first lead of the case's team.

    Raises:
        CannotTell: there is no active account of that name, or no case with an active lead.
    """
    if username:
        by = User.objects.filter(username=username, is_active=True).first()
        if by is None:
            raise CannotTell("There is no active account of that name.")
        return by
    circles = Case.objects.filter(_named(case)).values("compartment_id")
    led = Membership.objects.filter(compartment_id__in=circles, role=Role.LEAD, user__is_active=True)
    first = led.select_related("user").order_by("created_at", "pk").first()
    if first is None:
        raise CannotTell("There is no such case, or nobody leads it: say with --by who reads it.")
    return first.user


def _named(named: str) -> Q:
    """Return the condition that a case has this reference or id."""
    try:
        return Q(pk=uuid.UUID(named))
    except ValueError:
        return Q(reference=named.upper())


def _claims(case: Case, named: str, by: User) -> ClaimQuerySet:
    """Return the claims asked for, in their order: all of the case that were not taken out of it, or one."""
    claims = numbered_claims(case, by).order_by("number", "pk")
    if not named:
        return claims
    if found := LABEL.fullmatch(named):
        return claims.filter(number=int(found.group(1)))
    try:
        return claims.filter(pk=uuid.UUID(named))
    except ValueError as error:
        raise CannotTell("A claim is named by its number, such as C-01, or by its id.") from error


def _names(case: Case, judged: Sequence[ClaimStanding], by: User) -> dict[uuid.UUID, Report]:
    """Return what each root is called: its number in the case, where it is an exhibit, and its title."""
    roots = {root for one in judged for root in one.judged.origins.roots}
    labels = exhibit_labels(case, by, items=roots)
    rows = Item.objects.visible_to(by).filter(pk__among=roots).values_list("pk", "title")
    return {key: {"item": str(key), "exhibit": labels.get(key, ""), "title": title} for key, title in rows}


def _claim(one: ClaimStanding, names: dict[uuid.UUID, Report]) -> Report:
    origins = one.judged.origins
    roots = sorted(origins.roots, key=lambda root: (names[root]["exhibit"] or "~", names[root]["title"], str(root)))
    return {
        "claim": one.label,
        "id": str(one.id),
        "standing": str(one.standing),
        "independent_origins": origins.count,
        "roots": [{**names[root], "is_counted": root in origins.independent} for root in roots],
        "supporting_items": one.judged.items_count,
        "reason": one.judged.result.sentence,
    }


def _line(one: Report) -> str:
    standing = one["standing"].replace("_", " ")
    roots = "; ".join(f"{root['exhibit']} {root['title']}".strip() for root in one["roots"])
    behind = f" Roots: {roots}." if roots else ""
    return f"{one['claim']}: {standing}, independent origins {one['independent_origins']}. {one['reason']}{behind}"
