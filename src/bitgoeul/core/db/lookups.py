"""`begins`: text that begins with the given letters, answered from an index on both databases."""

from typing import Any

from django.db.models import CharField, Lookup

from bitgoeul.core import hangul


@CharField.register_lookup
class Begins(Lookup[Any]):
    """Case counts. On SQLite a range, because its LIKE takes no index; on PostgreSQL LIKE."""

    lookup_name = "begins"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Write the range of all texts that begin so."""
        column, column_params = self.process_lhs(compiler, connection)
        prefix = str(self.rhs)
        if not prefix:
            return f"{column} IS NOT NULL", (*column_params,)
        sql = f"({column} >= %s AND {column} < %s)"
        return sql, (*column_params, prefix, *column_params, hangul.after(prefix))

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Write a pattern: the index of a text column has the operators for it."""
        column, column_params = self.process_lhs(compiler, connection)
        prefix = connection.ops.prep_for_like_query(str(self.rhs))
        return f"{column} LIKE %s", (*column_params, f"{prefix}%")
