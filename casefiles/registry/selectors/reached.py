"""Following judgements from anchors to anchors in one question to the database, however far they reach."""

import json
import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Expression, QuerySet, UUIDField

from casefiles.registry.models import Verdict

# Who is reached from the seeds by judgements of "the same", and then which judgements name one of them. UNION, and not
# UNION ALL, ends a circle of judgements.
_SQL = """(
WITH RECURSIVE reached(anchor) AS (
    {seeds}
    UNION
    SELECT CASE WHEN said.first_id = reached.anchor THEN said.second_id ELSE said.first_id END
    FROM reached JOIN ({said}) said ON said.first_id = reached.anchor OR said.second_id = reached.anchor
    WHERE said.verdict = %s
)
SELECT said.id FROM reached JOIN ({said}) said ON said.first_id = reached.anchor OR said.second_id = reached.anchor
)"""


class Reached(Expression):
    """The keys of the judgements that join or part what is reached from some anchors; for `pk__in`.

    `seeds` are keys of anchors, or a queryset of one column that holds such keys.
    """

    output_field = UUIDField()

    def __init__(self, seeds: Iterable[uuid.UUID] | QuerySet[Any], judgements: QuerySet[Any]) -> None:
        super().__init__()
        self.seeds = seeds
        self.judgements = judgements.order_by().values("id", "first_id", "second_id", "verdict")

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        seeds, seeds_params = self._seeds(connection)
        said, said_params = _compiled(self.judgements, connection)
        params = [*seeds_params, *said_params, Verdict.SAME.value, *said_params]
        return _SQL.format(seeds=seeds, said=said), params

    def _seeds(self, connection: Any) -> tuple[str, list[Any]]:
        if isinstance(self.seeds, QuerySet):
            return _compiled(self.seeds.order_by(), connection)
        keys = sorted(self.seeds)
        if connection.vendor == "postgresql":
            return "SELECT unnest(%s::uuid[])", [keys]
        return "SELECT value FROM json_each(%s)", [json.dumps([key.hex for key in keys])]


def _compiled(rows: QuerySet[Any], connection: Any) -> tuple[str, list[Any]]:
    sql, params = rows.query.get_compiler(connection=connection).as_sql()
    return sql, list(params)
