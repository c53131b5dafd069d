"""The SQL of the rules of who may see what, written out once.

Put together from querysets, the same SQL cost a millisecond and a half for every query of every page (three for a
citation, which two circles guard), more than finding the rows. It is written here, and only here; `querysets` says
which columns it looks at.
"""

import uuid
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Func

from casefiles.access.rules import ROLES_FOR, Act, Visibility

Sql = tuple[str, list[Any]]
_KEY = models.UUIDField()


class Condition(Func):
    """A yes or no over columns of the row, for one person and one act."""

    output_field = models.BooleanField()

    def __init__(self, *columns: Any, user_id: uuid.UUID, act: Act) -> None:
        super().__init__(*columns)
        self.user_id = user_id
        self.act = act

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> Sql:  # type: ignore[override]
        raise NotImplementedError

    def circles(self, connection: Any) -> Sql:
        """Return the query for the compartments in which the person has a role that may do the act."""
        roles = ROLES_FOR[self.act]
        table = _quoted(connection, apps.get_model("access", "Membership")._meta.db_table)
        marks = ", ".join(["%s"] * len(roles))
        sql = f"SELECT compartment_id FROM {table} WHERE user_id = %s AND role IN ({marks})"
        return sql, [self.me(connection), *(role.value for role in roles)]

    def me(self, connection: Any) -> Any:
        return _KEY.get_db_prep_value(self.user_id, connection)


class InCompartment(Condition):
    """The one column is the compartment that decides alone."""

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> Sql:  # type: ignore[override]
        compartment, params = compiler.compile(self.source_expressions[0])
        circles, more = self.circles(connection)
        return f"{compartment} IN ({circles})", [*params, *more]


class Anywhere(Condition):
    """The person may do the act in some compartment, whatever the row."""

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> Sql:  # type: ignore[override]
        circles, params = self.circles(connection)
        return f"EXISTS ({circles})", params


class Linked(Condition):
    """A condition over a record with a circle: its key comes first among the columns.

    `links` and `column` name the table that joins such records to compartments, and its column for their key.
    """

    def __init__(self, *columns: Any, user_id: uuid.UUID, act: Act, links: str, column: str) -> None:
        super().__init__(*columns, user_id=user_id, act=act)
        self.links = links
        self.column = column

    def own_circles(self, compiler: Any, connection: Any) -> Sql:
        """Return the query for the links of this very record, to go on with AND."""
        key, params = compiler.compile(self.source_expressions[0])
        links, column = _quoted(connection, self.links), _quoted(connection, self.column)
        return f"SELECT 1 FROM {links} circle WHERE circle.{column} = {key}", list(params)


class HoldsRight(Linked):
    """The person may see protected identities in a compartment that holds the record."""

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> Sql:  # type: ignore[override]
        own, params = self.own_circles(compiler, connection)
        circles, more = self.circles(connection)
        entitled = f"{circles} AND may_unmask = %s"
        return f"EXISTS ({own} AND circle.compartment_id IN ({entitled}))", [*params, *more, True]


class InCircle(Linked):
    """The columns are the key, the visibility and the creator of the record that has the circle."""

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> Sql:  # type: ignore[override]
        own, own_params = self.own_circles(compiler, connection)
        circles, circles_params = self.circles(connection)
        visibility, open_params = compiler.compile(self.source_expressions[1])
        creator, creator_params = compiler.compile(self.source_expressions[2])
        is_open, open_params = f"{visibility} = %s", [*open_params, Visibility.OPEN.value]
        if self.act not in (Act.READ, Act.COMMENT):
            is_open, open_params = f"({is_open} AND EXISTS ({circles}))", [*open_params, *circles_params]
        is_member = f"EXISTS ({own} AND circle.compartment_id IN ({circles}))"
        is_alone = f"({creator} = %s AND NOT EXISTS ({own}))"
        params = [*open_params, *own_params, *circles_params, *creator_params, self.me(connection), *own_params]
        return f"({is_open} OR {is_member} OR {is_alone})", params


def _quoted(connection: Any, name: str) -> str:
    return str(connection.ops.quote_name(name))
