"""The same roles for a real deployment, where FabAuthManager keeps people in the database.

FAB's own command refuses resources that it does not know, so ours are made here from the one table
in `auth.py`. Run after `airflow db migrate`; running it again changes nothing.
"""

import os
from typing import Any

from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder
from airflow.providers.fab.www.security.permissions import (
    ACTION_CAN_EDIT,
    ACTION_CAN_READ,
    RESOURCE_HITL_DETAIL,
    RESOURCE_PLUGIN,
)

from pushline.errors import PushlineError
from pushline.web.auth import APPROVALS, BASE_ROLES, READERS, WRITERS

# Op may answer every question of a DAG; of ours only who may approve does.
ANSWERS = (ACTION_CAN_EDIT, RESOURCE_HITL_DETAIL)
FAB_NAMES = {"VIEWER": "Viewer", "OP": "Op", "ADMIN": "Admin"}


def permissions_of(role: str) -> set[tuple[str, str]]:
    """(action, resource) pairs that a project role has on top of the role that it starts from."""
    # Without the right to read plugins the menu does not show our pages.
    pairs = {(ACTION_CAN_READ, RESOURCE_PLUGIN)}
    pairs |= {(ACTION_CAN_READ, view) for view, roles in READERS.items() if role in roles}
    pairs |= {(ACTION_CAN_EDIT, view) for view, roles in WRITERS.items() if role in roles}
    if role in WRITERS[APPROVALS]:
        pairs |= {(ACTION_CAN_READ, RESOURCE_HITL_DETAIL), ANSWERS}
    return pairs


def sync_roles(security: Any) -> None:
    """Make every project role with its permissions; `security` is FAB's security manager.

    A role that an earlier release let answer loses that right.
    """
    security.sync_roles()
    for name, base in BASE_ROLES.items():
        fab_base = FAB_NAMES[base]
        role = security.find_role(fab_base if name == "admin" else name)
        if role is None:
            role = security.add_role(name)
            for permission in security.find_role(fab_base).permissions:
                security.add_permission_to_role(role, permission)
        for action, resource in sorted(permissions_of(name)):
            security.add_permission_to_role(role, security.create_permission(action, resource))
        if name not in WRITERS[APPROVALS]:
            security.remove_permission_from_role(role, security.create_permission(*ANSWERS))


def ensure_administrator(security: Any, password: str) -> bool:
    """Add the person `admin` when there is no administrator yet; returns whether it was added.

    Raises PushlineError when a password is needed, and when Airflow refuses.
    """
    if any(role.name == "Admin" for user in security.get_all_users() for role in user.roles):
        return False
    if not password:
        raise PushlineError("Set AIRFLOW_ADMIN_PASSWORD: the first administrator needs a password.")
    added = security.add_user(
        "admin", "Admin", "Admin", "admin@localhost", security.find_role("Admin"), password
    )
    if not added:
        raise PushlineError("The administrator could not be added; Airflow's log says why.")
    return True


def main() -> None:
    """Sync the roles and the administrator of the configured Airflow."""
    with get_application_builder() as builder:
        sync_roles(builder.sm)
        try:
            ensure_administrator(builder.sm, os.environ.get("AIRFLOW_ADMIN_PASSWORD", ""))
        except PushlineError as error:
            raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
