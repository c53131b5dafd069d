"""Reading evidence across tables, for pages and exports."""

from casefiles.evidence.selectors.citing import Reliance, citations_by_assertion, relying_on
from casefiles.evidence.selectors.custody import CustodyDamage, custody_of, damaged_custody
from casefiles.evidence.selectors.lineage import Provenance, ancestry, provenance
from casefiles.evidence.selectors.twins import visible_twin

__all__ = [
    "CustodyDamage",
    "Provenance",
    "Reliance",
    "ancestry",
    "citations_by_assertion",
    "custody_of",
    "damaged_custody",
    "provenance",
    "relying_on",
    "visible_twin",
]
