"""Brings a database up to the code: numbered files once, functions and views whenever they change.

Alembic keeps the version; its revisions are made from sql/migrations/NNNN_verb_object.sql when this
module is asked, so the SQL file is the only source. After them every sql/**/function_*.sql and
view_*.sql whose text differs from what was applied is applied again. All of it is one transaction.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import psycopg
from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script.base import Script
from alembic.script.revision import RevisionMap
from psycopg import sql
from sqlalchemy import Connection, text

from pushline.errors import PushlineError
from pushline.settings import get_settings

LOCK_KEY = 7_874_664_563  # "push"; any fixed number
_NAME = re.compile(r"^(\d{4})_[a-z]+_[a-z0-9_]+\.sql$")
_REPEATABLE = re.compile(r"^(function|view)_([a-z0-9_]+)\.sql$")


@dataclass(frozen=True)
class SqlFile:
    """A file below sql/: its path there, text and digest."""

    path: str
    source: str

    @property
    def sha256(self) -> str:
        """Digest of the text."""
        return hashlib.sha256(self.source.encode()).hexdigest()

    @property
    def number(self) -> str:
        """NNNN of a migration."""
        return Path(self.path).name[:4]


def _read(folder: Path, paths: Iterator[Path]) -> list[SqlFile]:
    return [
        SqlFile(path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted(paths)
    ]


def migration_files(folder: Path | None = None) -> list[SqlFile]:
    """The numbered files in order; raises when a name is odd or a number missing or double."""
    folder = folder or get_settings().sql_dir
    files = _read(folder, (folder / "migrations").glob("*.sql"))
    for expected, file in enumerate(files, start=1):
        name = Path(file.path).name
        if not _NAME.match(name):
            raise PushlineError(f"sql/{file.path}: name it NNNN_verb_object.sql.")
        if int(file.number) != expected:
            raise PushlineError(f"sql/{file.path}: the next number is {expected:04d}.")
    return files


def repeatable_files(folder: Path | None = None) -> list[SqlFile]:
    """Files that hold one function or view each, in order of their names."""
    folder = folder or get_settings().sql_dir
    files = _read(folder, (p for p in folder.rglob("*.sql") if _REPEATABLE.match(p.name)))
    return sorted(files, key=lambda file: (Path(file.path).name, file.path))


def _applied(conn: Connection) -> dict[str, str]:
    # to_regclass answers null for a missing schema, too.
    if conn.execute(text("SELECT to_regclass('push_meta.applied_file')")).scalar() is None:
        return {}
    rows = conn.execute(text("SELECT path, sha256 FROM push_meta.applied_file"))
    return {row.path: row.sha256 for row in rows}


def pending(conn: Connection, folder: Path | None = None) -> list[str]:
    """Paths below sql/ that this database has not seen in their present text."""
    applied = _applied(conn)
    wanted = migration_files(folder) + repeatable_files(folder)
    return [file.path for file in wanted if applied.get(file.path) != file.sha256]


def _driver(conn: Connection) -> psycopg.Connection[tuple[Any, ...]]:
    driver = conn.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("expected psycopg")
    return driver


def _run_file(conn: Connection, file: SqlFile) -> None:
    """Execute a file of several statements; without parameters psycopg leaves % and : alone."""
    try:
        _driver(conn).execute(file.source.encode())
    except psycopg.Error as error:
        line = file.source.count("\n", 0, int(error.diag.statement_position or 1) - 1) + 1
        error.add_note(f"in sql/{file.path}, line {line}")
        raise


def _remember(conn: Connection, file: SqlFile) -> None:
    conn.execute(
        text(
            "INSERT INTO push_meta.applied_file (path, sha256) VALUES (:path, :sha256) "
            "ON CONFLICT (path) DO UPDATE SET sha256 = excluded.sha256, applied_at = now()"
        ),
        {"path": file.path, "sha256": file.sha256},
    )


def _revisions(conn: Connection, files: list[SqlFile]) -> RevisionMap:
    def upgrade_with(file: SqlFile) -> Callable[..., None]:
        def upgrade(**_: Any) -> None:
            _run_file(conn, file)
            _remember(conn, file)

        return upgrade

    scripts = []
    before: str | None = None
    for file in files:
        module = SimpleNamespace(
            __doc__=Path(file.path).stem,
            revision=file.number,
            down_revision=before,
            upgrade=upgrade_with(file),
            downgrade=None,
        )
        scripts.append(Script(cast("Any", module), file.number, file.path))
        before = file.number
    return RevisionMap(lambda: scripts)


def _refuse_changed(applied: dict[str, str], files: list[SqlFile]) -> None:
    for file in files:
        if applied.get(file.path, file.sha256) != file.sha256:
            raise PushlineError(
                f"sql/{file.path} was changed after this database had applied it. "
                "Put the change into a new migration; a demo's data can go instead: make reset"
            )


def _migrate_numbered(conn: Connection, files: list[SqlFile]) -> list[str]:
    revisions = _revisions(conn, files)
    done = []

    def steps(heads: tuple[str, ...], _: MigrationContext) -> Iterator[RevisionStep]:
        reached = int(heads[0]) if heads else 0
        for file in files[reached:]:
            done.append(file.path)
            revision = revisions.get_revision(file.number)
            yield RevisionStep(revisions, cast("Script", revision), is_upgrade=True)

    context = MigrationContext.configure(
        conn,
        opts={
            "fn": steps,
            "version_table": "alembic_version",
            "version_table_schema": "push_meta",
        },
    )
    context.run_migrations()
    return done


def _versions(conn: Connection, name: str) -> dict[int, str]:
    """Every function push.<name>: oid and row version, which changes when it is replaced."""
    rows = _driver(conn).execute(
        "SELECT oid::int8, xmin::text || ctid::text FROM pg_proc "
        "WHERE pronamespace = 'push'::regnamespace AND proname = %s",
        [name],
    )
    return dict(rows.fetchall())


def _drop_functions(conn: Connection, oids: list[int]) -> None:
    rows = _driver(conn).execute(
        "SELECT oid::regprocedure::text, prokind FROM pg_proc WHERE oid = ANY(%s::oid[])",
        [oids],
    )
    for signature, kind in rows.fetchall():
        what = {"p": "PROCEDURE", "a": "AGGREGATE"}.get(kind, "FUNCTION")
        # regprocedure::text is already quoted by the server.
        _driver(conn).execute(sql.SQL("DROP {} {}").format(sql.SQL(what), sql.SQL(signature)))


def _apply_repeatable(conn: Connection, file: SqlFile) -> None:
    """Replace one function or view; other signatures of the same function name go away."""
    match = _REPEATABLE.match(Path(file.path).name)
    if match is None or match[1] == "view":
        _run_file(conn, file)
        return
    before = _versions(conn, match[2])
    try:
        with conn.begin_nested():
            _run_file(conn, file)
    except psycopg.errors.InvalidFunctionDefinition:  # other columns or parameter names
        _drop_functions(conn, list(before))
        _run_file(conn, file)
        return
    after = _versions(conn, match[2])
    _drop_functions(conn, [oid for oid, version in before.items() if after.get(oid) == version])


def _migrate_repeatable(conn: Connection, files: list[SqlFile]) -> None:
    """Apply in the order of names; what needs a later one is tried again after it."""
    left = files
    while left:
        failed: list[tuple[SqlFile, psycopg.Error]] = []
        for file in left:
            try:
                with conn.begin_nested():
                    _apply_repeatable(conn, file)
                    _remember(conn, file)
            except psycopg.Error as error:
                failed.append((file, error))
        if len(failed) == len(left):
            raise failed[0][1]
        left = [file for file, _ in failed]


def _forget_removed(conn: Connection, removed: list[str]) -> None:
    for path in removed:
        match = _REPEATABLE.match(Path(path).name)
        if match and match[1] == "function":
            _drop_functions(conn, list(_versions(conn, match[2])))
        elif match:
            _driver(conn).execute(
                sql.SQL("DROP VIEW IF EXISTS push.{}").format(sql.Identifier(match[2]))
            )
        conn.execute(
            text("DELETE FROM push_meta.applied_file WHERE path = :path"),
            {"path": path},
        )


def migrate(conn: Connection, folder: Path | None = None, buckets: int | None = None) -> list[str]:
    """Apply what is pending in the caller's transaction; returns the paths that were applied.

    `conn` is the owner's. `buckets` counts only for an empty database. Raises PushlineError for a
    changed migration, psycopg.Error (with the file's name as a note) when a statement fails.
    """
    driver = _driver(conn)
    conn.execute(text("SET LOCAL lock_timeout = '5s'"))
    conn.execute(text("SET LOCAL client_min_messages = 'warning'"))
    conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
    if buckets is not None:
        driver.execute("SELECT set_config('pushline.bucket_count', %s, true)", [str(buckets)])
    driver.execute(
        "CREATE SCHEMA IF NOT EXISTS push_meta;"
        "GRANT USAGE ON SCHEMA push_meta TO public;"
        "CREATE TABLE IF NOT EXISTS push_meta.applied_file (path text PRIMARY KEY, "
        "sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());"
        "GRANT SELECT ON push_meta.applied_file TO public;"
    )
    applied = _applied(conn)
    numbered = migration_files(folder)
    repeatable = repeatable_files(folder)
    _refuse_changed(applied, numbered)
    done = _migrate_numbered(conn, numbered)
    changed = [file for file in repeatable if applied.get(file.path) != file.sha256]
    _forget_removed(conn, sorted(set(applied) - {file.path for file in numbered + repeatable}))
    _migrate_repeatable(conn, changed)
    return done + [file.path for file in changed]
