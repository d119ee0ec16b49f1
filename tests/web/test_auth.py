from typing import Literal

import pytest
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

from pushline.demo.state import PEOPLE
from pushline.web.auth import (
    APPROVALS,
    AUDIENCES,
    BASE_ROLES,
    CAMPAIGNS,
    SENDING,
    PushlineAuthManager,
    may,
)

# (reads campaigns, edits campaigns, approves, starts DAG runs, changes connections, answers)
RIGHTS = {
    "marketer": (True, True, False, False, False, False),
    "approver": (True, False, True, False, False, True),
    "data": (True, False, False, True, True, False),
    "viewer": (True, False, False, False, False, False),
    "admin": (True, True, True, True, True, True),
    None: (False, False, False, False, False, False),
}


@pytest.mark.parametrize("role", RIGHTS)
def test_each_role_may_what_the_table_says(role: str | None):
    manager = PushlineAuthManager()
    user = SimpleAuthManagerUser(username="a", role=role)
    answers = DagAccessEntity.HITL_DETAIL
    assert RIGHTS[role] == (
        manager.is_authorized_custom_view(method="GET", resource_name=CAMPAIGNS, user=user),
        manager.is_authorized_custom_view(method="PUT", resource_name=CAMPAIGNS, user=user),
        manager.is_authorized_custom_view(method="PUT", resource_name=APPROVALS, user=user),
        manager.is_authorized_dag(method="POST", user=user, access_entity=DagAccessEntity.RUN),
        manager.is_authorized_connection(method="PUT", user=user),
        manager.is_authorized_dag(method="PUT", user=user, access_entity=answers),
    )


@pytest.mark.parametrize("role", [role for role in RIGHTS if role])
def test_everybody_who_signs_in_sees_runs(role: str):
    user = SimpleAuthManagerUser(username="a", role=role)
    assert PushlineAuthManager().is_authorized_dag(method="GET", user=user)


def test_nobody_approves_what_they_may_edit_except_the_administrator():
    both = {
        role
        for role in BASE_ROLES
        if may(role, "PUT", APPROVALS)
        and (may(role, "PUT", CAMPAIGNS) or may(role, "PUT", AUDIENCES))
    }
    assert both == {"admin"}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nobody_writes_an_answer_past_the_question(method: Literal["POST", "PUT", "DELETE"]):
    writers = {
        role
        for role in RIGHTS
        if PushlineAuthManager().is_authorized_dag(
            method=method,
            user=SimpleAuthManagerUser(username="a", role=role),
            access_entity=DagAccessEntity.XCOM,
        )
    }
    assert writers == {"admin"}


def test_each_view_has_its_people():
    changers = {
        view: {role for role in RIGHTS if may(role, "PUT", view)}
        for view in (CAMPAIGNS, AUDIENCES, APPROVALS, SENDING)
    }
    assert changers == {
        CAMPAIGNS: {"marketer", "admin"},
        AUDIENCES: {"data", "admin"},
        APPROVALS: {"approver", "admin"},
        SENDING: {"approver", "data", "admin"},
    }
    readers = {role for role in RIGHTS if may(role, "GET", CAMPAIGNS)}
    assert readers == set(BASE_ROLES)


def test_the_demo_has_one_person_a_role():
    assert sorted(role for _, role, _ in PEOPLE) == sorted(BASE_ROLES)
