"""Refuses audience SQL that is more than one plain SELECT, before a database sees it.

A parser is not a wall: what may be read and done is decided by the grants of the role, and how
long by its limits (reader.py). This guard turns most mistakes into a sentence, early.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.parsers.postgres import PostgresParser
from sqlglot.tokens import Token, TokenType  # type: ignore[attr-defined]

from pushline.errors import BadQueryFile

# Written by exact name or as a pattern, lower case, without the schema.
DENIED_FUNCTIONS = re.compile(
    r"^(?:pg_(?!typeof$|column_size$).*|set_config|lo_.*|dblink.*|nextval|setval|currval|lastval"
    r"|(?:query|table|schema|database|cursor)_to_xml.*|xpath_table"
    r"|txid_current|current_query|brin_.*|gin_clean_pending_list|ts_stat|ts_rewrite"
    r"|binary_upgrade_.*|plpgsql_.*|has_.*_privilege|row_security_active|inet_.*)$"
)
DENIED_SCHEMAS = frozenset({"pg_catalog", "information_schema", "pg_toast", "push_meta"})
FORBIDDEN_NODES: tuple[tuple[type[exp.Expr], str], ...] = (
    (exp.Insert, "INSERT"),
    (exp.Update, "UPDATE"),
    (exp.Delete, "DELETE"),
    (exp.Merge, "MERGE"),
    (exp.Create, "CREATE"),
    (exp.Drop, "DROP"),
    (exp.Copy, "COPY"),
    (exp.Into, "INTO"),
    (exp.Lock, "FOR UPDATE or FOR SHARE"),
    (exp.Set, "SET"),
    (exp.Transaction, "BEGIN"),
    (exp.Command, "a command"),
)
MOST_LETTERS = 50_000
# The parser goes back and tries again: some texts would keep it busy for years. A file of
# MOST_LETTERS that is well written takes 30,000.
MOST_STEPS = 60_000
_BEGINNINGS = (TokenType.SELECT, TokenType.WITH, TokenType.L_PAREN)
# Spellings that a parser and Postgres may read differently.
_ODD_SPELLINGS = (
    (re.compile(r"/\*(?:(?!\*/).)*/\*", re.DOTALL), "a comment inside a comment"),
    (re.compile(r"\$(?:[A-Za-z_]\w*)?\$"), "a $$ string"),
    (re.compile(r"\b[uU]&['\"]"), "a U& string"),
    (re.compile(r"\b[eE]'"), "an E'' string"),
    (re.compile(r"\\"), "a backslash"),
    (re.compile(r"\0"), "a zero byte"),
    (re.compile(r"\$\d"), "a numbered parameter"),
    (re.compile(r"\?"), "a question mark"),
)


@lru_cache(maxsize=512)
def check_statement(statement: str, where: str) -> tuple[str, ...]:
    """Return the names of the columns as far as the text tells ('*' when it does not).

    Raises BadQueryFile, in words, unless the text is exactly one harmless SELECT with user_id.
    """
    _check_letters(statement, where)
    tree = _parse(statement, where)
    if (
        not isinstance(tree, exp.Select | exp.SetOperation)
        or _tokens(statement)[0].token_type not in _BEGINNINGS
    ):
        raise BadQueryFile(
            f"{where}: this must be one SELECT; it begins another kind of statement."
        )
    for node in tree.walk():
        _check_node(node, where)
    for name in _called_names(statement):
        if DENIED_FUNCTIONS.match(name):
            raise BadQueryFile(f"{where}: the function {name}() is not allowed in an audience.")
    if not isinstance(_leftmost(tree), exp.Select):
        raise BadQueryFile(f"{where}: a UNION must begin with a SELECT.")
    columns = tuple(tree.named_selects)
    if "*" not in columns and "user_id" not in columns:
        raise BadQueryFile(f"{where}: the SELECT must return a column user_id.")
    return columns


def _leftmost(tree: exp.Expr) -> exp.Expr:
    """Return what names the columns: the first part of a UNION, without its brackets."""
    while isinstance(tree, exp.SetOperation | exp.Subquery):
        tree = tree.this
    return tree


def _check_letters(statement: str, where: str) -> None:
    if len(statement) > MOST_LETTERS:
        raise BadQueryFile(
            f"{where} has {len(statement):,} characters; at most {MOST_LETTERS:,} are read. "
            "Put long lists of values into a table and join it."
        )
    for pattern, name in _ODD_SPELLINGS:
        if pattern.search(statement):
            raise BadQueryFile(f"{where}: {name} is not allowed here; write it plainly.")


class _TangledError(Exception):
    """The parser used up its steps; no SqlglotError, which it would catch itself."""


class _BoundedParser(PostgresParser):
    """The parser with a bound on how often it steps forth and back."""

    def __init__(self) -> None:
        super().__init__(dialect=sqlglot.Dialect.get_or_raise("postgres"))
        self._steps = 0

    def _advance(self, times: int = 1) -> None:
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise _TangledError
        super()._advance(times)


def _parse(statement: str, where: str) -> exp.Expr:
    try:
        trees = _BoundedParser().parse(_tokens(statement), statement)
    except (RecursionError, _TangledError):
        raise BadQueryFile(
            f"{where} is nested too deep to be read. Write parts of it as `WITH name AS (...)`."
        ) from None
    except SqlglotError as error:
        reason = str(error).split("\n", 1)[0]
        raise BadQueryFile(f"{where} cannot be read as SQL: {reason}") from None
    if len(trees) != 1 or not isinstance(trees[0], exp.Expr):
        raise BadQueryFile(f"{where}: one SELECT only, without a second statement after a `;`.")
    return trees[0]


def _check_node(node: exp.Expr, where: str) -> None:
    for kind, name in FORBIDDEN_NODES:
        if isinstance(node, kind):
            raise BadQueryFile(f"{where}: {name} is not allowed; an audience only reads.")
    if isinstance(node, exp.Table):
        schema = node.db.lower()
        if schema in DENIED_SCHEMAS or (not schema and node.name.lower().startswith("pg_")):
            raise BadQueryFile(
                f"{where}: the server's own tables ({node.sql()}) are not for audiences."
            )


def _tokens(statement: str) -> list[Token]:
    return sqlglot.tokenize(statement, read="postgres")


def _called_names(statement: str) -> Iterator[str]:
    """Yield every name before an opening parenthesis, in whatever way it is quoted."""
    tokens = _tokens(statement)
    for token, following in pairwise(tokens):
        if following.token_type is TokenType.L_PAREN and token.token_type is not TokenType.STRING:
            yield token.text.lower()


def find_parameters(statement: str) -> list[tuple[int, int, str]]:
    """Find `:name` outside strings and comments: start, end and name, in order."""
    tokens = _tokens(statement)
    found = []
    for token, following in pairwise(tokens):
        if (
            token.token_type is TokenType.COLON
            and following.start == token.end + 1
            and re.fullmatch(r"[a-z_][a-z0-9_]*", statement[following.start : following.end + 1])
            and not _is_slice(statement, token.start)
        ):
            found.append((token.start, following.end + 1, following.text))
    return found


def _is_slice(statement: str, place: int) -> bool:
    """`a[1:n]`: the colon follows a value, not an operator or a parenthesis."""
    before = statement[:place].rstrip()
    return bool(before) and (before[-1].isalnum() or before[-1] in "_]\"'") and place == len(before)
