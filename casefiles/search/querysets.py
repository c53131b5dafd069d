"""Full text on both databases, behind one lookup: `terms__matches=["angara", "rajin"]`.

SQLite keeps the words in an FTS5 table beside the entries; PostgreSQL in a GIN index over the same column. Every token
is quoted, so that nothing a person types is read as an operator; each matches as the beginning of a word.
"""

from typing import Any, Self

from django.db import models

from casefiles.access.querysets import VisibleQuerySet


@models.TextField.register_lookup
class Matches(models.Lookup):
    lookup_name = "matches"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: Any) -> Any:
        return "%s", [value]

    def as_sqlite(self, compiler: Any, connection: Any) -> Any:
        lhs, params = self.process_lhs(compiler, connection)
        identifier = lhs.rpartition(".")[0] + '."id"'
        query = " ".join(f'"{token}"*' for token in self._tokens())
        sql = f"{identifier} IN (SELECT rowid FROM search_words WHERE search_words MATCH %s)"
        return sql, [*params, query]

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        lhs, params = self.process_lhs(compiler, connection)
        query = " & ".join(f"'{token}':*" for token in self._tokens())
        return f"to_tsvector('simple', {lhs}) @@ to_tsquery('simple', %s)", [*params, query]

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        raise NotImplementedError(f"Full text is not written for {connection.vendor}.")

    def _tokens(self) -> list[str]:
        return [token.replace('"', "").replace("'", "").replace("\\", "") for token in self.rhs]


class SearchQuerySet(VisibleQuerySet):
    def holding(self, tokens: list[str]) -> Self:
        """Return entries that hold a word beginning with each of the tokens."""
        return self.filter(terms__matches=tokens)
