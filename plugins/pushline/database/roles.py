"""Who connects as whom: addresses and passwords of the roles that the first migration makes."""

import json
import os
import secrets
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL, Connection

from pushline.database.server import default_server
from pushline.settings import ROLES, Role, get_settings, parse_url

DATABASE = "pushline"


def role_name(role: Role) -> str:
    """Name of a role in Postgres."""
    return f"pushline_{role}"


def owner_url() -> URL:
    """Address of the database as the owner of Pushline's tables."""
    settings = get_settings()
    if settings.uses_embedded_server:
        return default_server().url(DATABASE)
    return parse_url(settings.database_url)


def _credentials_file() -> Path:
    return get_settings().state_dir / "credentials.json"


def _stored_passwords() -> dict[str, str]:
    try:
        stored: dict[str, str] = json.loads(_credentials_file().read_text())
    except FileNotFoundError:
        return {}
    return stored


def _password(role: Role, stored: dict[str, str]) -> str:
    return getattr(get_settings(), f"{role}_password") or stored.get(role, "")


def url_for(role: Role) -> URL:
    """Address for a role: its own setting, else the owner's with user and password swapped.

    The page's without a password, where the owner needs one: the owner's login (step_down).
    """
    if role == "owner":
        return owner_url()
    own = getattr(get_settings(), f"{role}_url")
    if own:
        return parse_url(own)
    owner = owner_url()
    password = _password(role, _stored_passwords())
    if role == "page" and owner.password and not password:
        return step_down(owner, role)
    return owner.set(username=role_name(role))._replace(password=password or None)


def step_down(owner: URL, role: Role) -> URL:
    """Address whose sessions log in as the owner and then are a role, with its rights alone.

    For an installation that gave the role no login of its own yet: it goes on working, and what the
    role may not do fails. It is no wall, for a session can go back; `pushline doctor` warns.
    """
    options = f"-c role={role_name(role)} -c plan_cache_mode=force_custom_plan"
    return owner.update_query_dict({"options": options})


def set_passwords(conn: Connection) -> bool:
    """Give every role its password on a server that may ask for one; owner's transaction.

    Passwords come from PUSHLINE_<ROLE>_PASSWORD; those not set are generated once and kept,
    readable by us alone, in credentials.json of the state folder. The embedded server
    trusts 127.0.0.1 and needs none: returns False.
    """
    if get_settings().uses_embedded_server:
        return False
    stored = _stored_passwords()
    for role in ROLES:
        if not _password(role, stored):
            stored[role] = secrets.token_urlsafe(24)
    _write_secret(_credentials_file(), json.dumps(stored, indent=2))
    driver = conn.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("expected psycopg")
    for role in ROLES:
        driver.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                sql.Identifier(role_name(role)), sql.Literal(_password(role, stored))
            )
        )
    return True


def _write_secret(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(content)
