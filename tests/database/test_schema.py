import shutil

from sqlalchemy import Engine

from pushline.database.server import binaries
from pushline.database.snapshot import dump_schema
from pushline.settings import get_settings


def test_schema_snapshot_is_what_the_migrations_make(engine: Engine):
    assert shutil.which(binaries() / "pg_dump")
    snapshot = (get_settings().sql_dir / "schema.sql").read_text()
    assert dump_schema(engine.url) == snapshot, "run `make schema` and look at the difference"
