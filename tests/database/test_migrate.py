import threading
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, Engine, create_engine, text

from pushline.database.engine import require_current
from pushline.database.migrate import migrate, migration_files, pending, repeatable_files
from pushline.errors import DatabaseUnreachable, PendingMigrations, PushlineError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "migrations/0001_create_schema.sql", "CREATE SCHEMA push; SELECT '50%';")
    write(
        tmp_path,
        "migrations/0002_create_thing.sql",
        "DO $$ BEGIN CREATE TABLE push.thing (id int); END $$; INSERT INTO push.thing VALUES (1);",
    )
    write(tmp_path, "room/function_b_first.sql", function("b_first", "push.z_last()"))
    write(tmp_path, "room/function_z_last.sql", function("z_last", "1"))
    return tmp_path


@pytest.fixture
def empty(databases) -> Engine:
    name = f"test_{__import__('os').getpid()}_empty"
    databases.server.ensure_database(name)
    engine = create_engine(databases.server.url(name))
    yield engine
    engine.dispose()
    databases.drop(name)


def write(folder: Path, name: str, source: str) -> None:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(source)


def function(name: str, result: str, arguments: str = "", returns: str = "int") -> str:
    return (
        f"CREATE OR REPLACE FUNCTION push.{name}({arguments}) RETURNS {returns} "
        f"LANGUAGE sql RETURN {result};"
    )


def scalar(engine: Engine, statement: str) -> object:
    with engine.connect() as conn:
        return conn.execute(text(statement)).scalar()


def apply(engine: Engine, folder: Path) -> list[str]:
    with engine.begin() as conn:
        return migrate(conn, folder)


def test_numbers_have_no_gap_and_names_say_what(folder: Path):
    assert [file.number for file in migration_files()] == [
        f"{number:04d}" for number in range(1, len(migration_files()) + 1)
    ]
    write(folder, "migrations/0004_create_gap.sql", "SELECT 1")
    with pytest.raises(PushlineError, match="the next number is 0003"):
        migration_files(folder)
    (folder / "migrations/0004_create_gap.sql").rename(folder / "migrations/3_gap.sql")
    with pytest.raises(PushlineError, match="name it NNNN_verb_object"):
        migration_files(folder)


def test_names_of_repeatable_files_are_unique():
    names = [Path(file.path).name for file in repeatable_files()]
    assert len(names) == len(set(names))


def test_everything_is_applied_once(empty: Engine, folder: Path):
    with empty.connect() as conn:
        assert len(pending(conn, folder)) == 4
    assert apply(empty, folder) == [
        "migrations/0001_create_schema.sql",
        "migrations/0002_create_thing.sql",
        "room/function_b_first.sql",
        "room/function_z_last.sql",
    ]
    assert apply(empty, folder) == []
    assert scalar(empty, "SELECT count(*) FROM push.thing") == 1
    assert scalar(empty, "SELECT push.b_first()") == 1
    assert scalar(empty, "SELECT version_num FROM push_meta.alembic_version") == "0002"
    with empty.connect() as conn:
        assert pending(conn, folder) == []


def test_a_new_number_is_added_to_the_applied_ones(empty: Engine, folder: Path):
    apply(empty, folder)
    write(folder, "migrations/0003_fill_thing.sql", "INSERT INTO push.thing VALUES (2)")
    assert apply(empty, folder) == ["migrations/0003_fill_thing.sql"]
    assert scalar(empty, "SELECT count(*) FROM push.thing") == 2


def test_changed_functions_are_replaced_also_with_another_signature(empty: Engine, folder: Path):
    apply(empty, folder)
    write(folder, "room/function_b_first.sql", function("b_first", "a", "a int"))
    assert apply(empty, folder) == ["room/function_b_first.sql"]
    assert scalar(empty, "SELECT count(*) FROM pg_proc WHERE proname = 'b_first'") == 1
    write(folder, "room/function_b_first.sql", function("b_first", "'x'", "a int", "text"))
    apply(empty, folder)
    assert scalar(empty, "SELECT push.b_first(1)") == "x"


def test_a_removed_function_file_takes_the_function_along(empty: Engine, folder: Path):
    apply(empty, folder)
    (folder / "room/function_b_first.sql").unlink()
    apply(empty, folder)
    assert scalar(empty, "SELECT count(*) FROM pg_proc WHERE proname = 'b_first'") == 0


def test_a_changed_migration_is_refused(empty: Engine, folder: Path):
    apply(empty, folder)
    write(folder, "migrations/0002_create_thing.sql", "SELECT 2")
    with pytest.raises(PushlineError, match="Put the change into a new migration"):
        apply(empty, folder)


def test_a_failing_file_is_named_and_nothing_stays(empty: Engine, folder: Path):
    write(folder, "migrations/0003_break_all.sql", "SELECT 1;\nSELECT nonsense;")
    with pytest.raises(psycopg.errors.UndefinedColumn) as caught:
        apply(empty, folder)
    assert caught.value.__notes__ == ["in sql/migrations/0003_break_all.sql, line 2"]
    assert scalar(empty, "SELECT to_regnamespace('push')") is None


def test_two_at_once_wait_for_each_other(empty: Engine, folder: Path):
    done: list[list[str]] = []
    threads = [threading.Thread(target=lambda: done.append(apply(empty, folder))) for _ in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(len, done)) == [0, 4]


def test_a_database_behind_the_code_is_refused_with_the_command(empty: Engine):
    with pytest.raises(PendingMigrations, match="Run: pushline init"):
        require_current(empty.url)


def test_an_absent_server_is_named(empty: Engine):
    with pytest.raises(DatabaseUnreachable, match="make demo"):
        require_current(empty.url.set(port=1))


def test_the_migrated_database_is_current(db: Connection):
    assert pending(db) == []
    require_current(db.engine.url)
