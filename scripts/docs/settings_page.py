"""docs/reference/settings.md: every PUSHLINE_* variable."""

from pathlib import Path
from typing import Any

from pushline.settings import Settings
from scripts.docs.tables import make_page, make_table


def _say_default(value: Any, root: Path) -> str:
    if isinstance(value, Path):
        return f"`{value.relative_to(root)}`"
    if isinstance(value, bool):
        return "`1`" if value else "`0`"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value in ("", None) else f"`{value}`"


def make_settings_page(root: Path) -> str:
    """Return the page."""
    rows = [
        (
            f"`PUSHLINE_{name.upper()}`",
            _say_default(field.default, root),
            field.description or "",
        )
        for name, field in Settings.model_fields.items()
    ]
    return make_page(
        "Settings",
        "plugins/pushline/settings.py",
        "Environment variables, the same for DAGs, commands and services. An empty value means the "
        "default. Addresses of databases are written `postgresql://user:password@host:5432/name`.",
        make_table(("variable", "default", "what it is"), rows),
        "The connections that the DAGs use are in [Pushline in Airflow](../airflow.md).",
    )
