"""Asking for many keys at once.

Django's `in` makes, checks and binds one parameter a key: with the hundreds of keys of a whole case that costs more
than the query itself. `among` binds them all as one.
"""

import json
import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import ForeignKey, Lookup, UUIDField


@ForeignKey.register_lookup
@UUIDField.register_lookup
class Among(Lookup):
    """`filter(item_id__among=keys)`: the column is one of these UUIDs. For UUID columns and keys to them only."""

    lookup_name = "among"
    prepare_rhs = False

    def __init__(self, lhs: Any, rhs: Iterable[uuid.UUID]) -> None:
        super().__init__(lhs, sorted(rhs))

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        column, parameters = self.process_lhs(compiler, connection)
        if connection.vendor == "postgresql":
            return f"{column} = ANY(%s)", [*parameters, self.rhs]
        keys = json.dumps([key.hex for key in self.rhs])
        return f"{column} IN (SELECT value FROM json_each(%s))", [*parameters, keys]
