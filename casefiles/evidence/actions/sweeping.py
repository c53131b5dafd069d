"""What lies in the store without a row, or should not lie there at all."""

from collections.abc import Iterator

from casefiles.core.batches import BATCH, batches
from casefiles.core.filestore import Finding, FindingKind
from casefiles.evidence.models import File
from casefiles.evidence.store import store

# A row follows its bytes within a request. A large file that its sender broke off may be continued for so long.
ROW_SECONDS = 3600
CONTINUED_SECONDS = 7 * 24 * 3600


def look_through_store(
    *, min_age_seconds: float | None = None, is_fixing: bool = False
) -> tuple[list[str], list[Finding]]:
    """Return the names of removed temporary files and what still lies in the store and should not.

    Only what dead uploads left is ever removed, and only where `is_fixing`; kept bytes never are. `min_age_seconds`
    stands for both ages of this module.

    Raises:
        StoreError: the store cannot be read.
    """
    place = store()
    row_age = ROW_SECONDS if min_age_seconds is None else min_age_seconds
    temp_age = CONTINUED_SECONDS if min_age_seconds is None else min_age_seconds
    removed = place.remove_stale_temps(min_age_seconds=temp_age) if is_fixing else []
    found = place.sweep(_Rows().names, min_age_seconds=row_age, temp_age_seconds=temp_age)
    return removed, without_adopted(found)


class _Rows:
    """The digests that rows name, read beside the walk through the store: both go upwards, so neither is kept."""

    def __init__(self) -> None:
        self._digests = named_digests()
        self._current = next(self._digests, None)

    def names(self, sha256: str) -> bool:
        """Say whether a row names a digest; ask in ascending order."""
        while self._current is not None and self._current < sha256:
            self._current = next(self._digests, None)
        return self._current == sha256


def named_digests() -> Iterator[str]:
    """Yield every digest that a row names, in ascending order."""
    for batch in batches(File.objects.values("sha256").distinct(), key="sha256"):
        yield from (row["sha256"] for row in batch)


def without_adopted(found: list[Finding]) -> list[Finding]:
    """Leave out orphans that got a row since they were found: the same bytes came again."""
    orphans = [one.path.rpartition("/")[2] for one in found if one.kind is FindingKind.ORPHAN]
    adopted: set[str] = set()
    for start in range(0, len(orphans), BATCH):
        names = orphans[start : start + BATCH]
        adopted.update(File.objects.filter(sha256__in=names).values_list("sha256", flat=True))
    return [one for one in found if one.kind is not FindingKind.ORPHAN or one.path.rpartition("/")[2] not in adopted]
