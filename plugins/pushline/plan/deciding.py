"""The statements that decide, in four texts each: small or large pass, judged carefully or not.

Postgres keeps one plan a text, made under the settings of its first use. A plan that could do all
four was slower at each: a blast took a quarter more of the server's time, and for one person
starting the plan took longer than deciding.
"""

from collections.abc import Mapping
from itertools import product
from typing import Any

from sqlalchemy import Connection, CursorResult

from pushline.database.sql import Query


class DecidingQuery:
    """A file of sql/plan that calls push.decide, with a plan for each way of calling it."""

    def __init__(self, name: str) -> None:
        self._ways = {
            (is_small, is_careful): _make_query(name, is_small=is_small, is_careful=is_careful)
            for is_small, is_careful in product((True, False), repeat=2)
        }

    def run(
        self, conn: Connection, parameters: Mapping[str, Any], **more: Any
    ) -> CursorResult[Any]:
        """Execute with the parameters that Pass.bind returned, and what the file wants besides."""
        is_small = parameters["only_users"] is not None
        query = self._ways[is_small, parameters["is_careful"]]
        constants = {name for name, _ in query.constants}
        varying = {name: value for name, value in parameters.items() if name not in constants}
        return query.run(conn, **varying, **more)


def _make_query(name: str, *, is_small: bool, is_careful: bool) -> Query:
    constants: tuple[tuple[str, bool | None], ...] = (("is_careful", is_careful),)
    if not is_small:
        constants += (("only_users", None),)
    return Query(name, label="small pass" if is_small else "large pass", constants=constants)
