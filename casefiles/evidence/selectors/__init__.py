"""Reading evidence across tables, for pages and exports."""

from casefiles.evidence.selectors.added import added_lately, describable, first_files
from casefiles.evidence.selectors.citing import Reliance, citations_by_assertion, cited_as, relying_on
from casefiles.evidence.selectors.completeness import completeness_of, marks_of
from casefiles.evidence.selectors.custody import CustodyDamage, custody_of, damaged_custody
from casefiles.evidence.selectors.damage import Damage, damages
from casefiles.evidence.selectors.identities import identities_of, unmaskings_of
from casefiles.evidence.selectors.lineage import Provenance, ancestry, provenance
from casefiles.evidence.selectors.pages import (
    Branch,
    HeldFile,
    ItemPage,
    SourcePage,
    held_files,
    history_ids,
    item_page,
    lineage_of,
    source_page,
)
from casefiles.evidence.selectors.readings import Claimed, FileReading, claimed, readings_of
from casefiles.evidence.selectors.rows import (
    ItemRow,
    SourceRow,
    item_rows,
    listed,
    newest_grades,
    newest_judgements,
    source_rows,
)
from casefiles.evidence.selectors.sheets import Offered, SheetPart, offer, sheet_of, sheet_part
from casefiles.evidence.selectors.suggestions import (
    Attribution,
    Suggestion,
    attributions_in,
    dismissals_of,
    suggestions_for,
)
from casefiles.evidence.selectors.twins import names_that_are_held, visible_twin, visible_twins

__all__ = [
    "Offered",
    "SheetPart",
    "offer",
    "sheet_of",
    "sheet_part",
    "Attribution",
    "Suggestion",
    "attributions_in",
    "dismissals_of",
    "suggestions_for",
    "Branch",
    "Claimed",
    "CustodyDamage",
    "Damage",
    "FileReading",
    "HeldFile",
    "ItemPage",
    "ItemRow",
    "Provenance",
    "Reliance",
    "SourcePage",
    "SourceRow",
    "added_lately",
    "ancestry",
    "citations_by_assertion",
    "cited_as",
    "claimed",
    "completeness_of",
    "custody_of",
    "damaged_custody",
    "damages",
    "describable",
    "first_files",
    "held_files",
    "history_ids",
    "identities_of",
    "item_page",
    "item_rows",
    "marks_of",
    "names_that_are_held",
    "listed",
    "newest_grades",
    "newest_judgements",
    "provenance",
    "lineage_of",
    "readings_of",
    "relying_on",
    "source_page",
    "source_rows",
    "unmaskings_of",
    "visible_twin",
    "visible_twins",
]
