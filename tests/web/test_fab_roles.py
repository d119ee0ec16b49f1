"""The deployment's roles in a real FAB, in a process of its own: it decides when it is imported."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pushline.settings import CHECKOUT

ASK = """
import json
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity as Entity
from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder
from airflow.providers.fab.auth_manager.fab_auth_manager import FabAuthManager
from pushline.errors import PushlineError
from pushline.web.fab_roles import ensure_administrator, sync_roles
with get_application_builder() as builder:
    security = builder.sm
    sync_roles(security)
    # An earlier release left the data team the right to answer, which Op brings along.
    answers = security.create_permission("can_edit", "HITL Detail")
    security.add_permission_to_role(security.find_role("data"), answers)
    sync_roles(security)
    # A company's own administrator is enough, whatever the name.
    boss = security.add_user("boss", "B", "B", "boss@x.y", security.find_role("Admin"), "x")
    added = [ensure_administrator(security, "")]
    boss.roles = [security.find_role("viewer")]
    security.update_user(boss)
    for password in ("", "secret", ""):
        try:
            added.append(ensure_administrator(security, password))
        except PushlineError as error:
            added.append(str(error))
    manager, rights = FabAuthManager(), {}
    for role in ("marketer", "approver", "data", "viewer", "Admin"):
        found = security.find_role(role)
        user = security.add_user("a-" + role, role, role, role + "@x.y", found, "x")
        view = lambda method, name: manager.is_authorized_custom_view(
            method=method, resource_name=name, user=user)
        rights[role] = (
            view("GET", "Campaigns"), view("PUT", "Campaigns"), view("PUT", "Campaign audiences"),
            view("PUT", "Approvals"), view("PUT", "Sending"),
            manager.is_authorized_dag(method="POST", access_entity=Entity.RUN, user=user),
            manager.is_authorized_dag(method="PUT", access_entity=Entity.HITL_DETAIL, user=user),
        )
print("ANSWER" + json.dumps({"rights": rights, "added": added}))
"""


@pytest.fixture(scope="module")
def answer(databases, tmp_path_factory) -> dict:
    name = f"test_{os.getpid()}_fab"
    databases.server.ensure_database(name)
    url = databases.server.url(name).set(drivername="postgresql+psycopg2").render_as_string()
    environment = os.environ | {
        "AIRFLOW_HOME": str(tmp_path_factory.mktemp("airflow")),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": url,
        "AIRFLOW__CORE__AUTH_MANAGER": (
            "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager"
        ),
        "PYTHONPATH": str(CHECKOUT / "plugins"),
    }
    environment.pop("AIRFLOW__DATABASE__EXTERNAL_DB_MANAGERS")
    airflow = Path(sys.prefix) / "bin" / "airflow"
    for command in ([airflow, "db", "migrate"], [sys.executable, "-c", ASK]):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
    yield json.loads(done.stdout.rpartition("ANSWER")[2])
    databases.drop(name)


# (reads campaigns, edits them, edits audiences, approves, stops lanes, starts DAG runs, answers)
RIGHTS = {
    "marketer": [True, True, False, False, False, False, False],
    "approver": [True, False, False, True, True, False, True],
    "data": [True, False, True, False, True, True, False],
    "viewer": [True, False, False, False, False, False, False],
    "Admin": [True, True, True, True, True, True, True],
}


@pytest.mark.parametrize("role", RIGHTS)
def test_roles_may_what_they_may_in_the_demo(answer, role):
    assert answer["rights"][role] == RIGHTS[role]


def test_an_administrator_is_added_only_where_there_is_none(answer):
    of_the_company, without_password, added, again = answer["added"]
    assert "AIRFLOW_ADMIN_PASSWORD" in without_password
    assert (of_the_company, added, again) == (False, True, False)
