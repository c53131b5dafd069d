"""What was collected, byte for byte; where it came from; and the anchor by which everything asserted cites it."""

from casefiles.evidence.models.annotations import Annotation
from casefiles.evidence.models.assertions import Asserted, Assertion, Citation, WorldAssertion
from casefiles.evidence.models.completeness import PreservationMark
from casefiles.evidence.models.fingerprints import Fingerprint
from casefiles.evidence.models.holds import Hold
from casefiles.evidence.models.identities import ProtectedIdentity, Unmasking
from casefiles.evidence.models.items import CustodyEvent, File, Item
from casefiles.evidence.models.keeping import FixityRun
from casefiles.evidence.models.lineage import Derivation, Dismissal, Grade, Independence
from casefiles.evidence.models.readings import Reading, Recognition, Rendering
from casefiles.evidence.models.sheets import ImageObservation, ImageSheet
from casefiles.evidence.models.sources import Source, SourceReliability

__all__ = [
    "Annotation",
    "Asserted",
    "Assertion",
    "Citation",
    "CustodyEvent",
    "Derivation",
    "Dismissal",
    "File",
    "FixityRun",
    "Fingerprint",
    "Grade",
    "Hold",
    "ImageObservation",
    "ImageSheet",
    "Independence",
    "Item",
    "PreservationMark",
    "ProtectedIdentity",
    "Reading",
    "Recognition",
    "Rendering",
    "Source",
    "SourceReliability",
    "Unmasking",
    "WorldAssertion",
]
