"""The one door of every page: who is it, and may they see this view.

Airflow's security modules are internal to it; this file is the only one that knows them.
"""

from collections.abc import Callable
from typing import Literal

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import HTTPException, status

Method = Literal["GET", "POST", "PUT", "DELETE"]


def requires(method: Method, view: str) -> Callable[[GetUserDep], BaseUser]:
    """Return a dependency: 401 without a valid session, 403 without the right, else the user."""

    def check(user: GetUserDep) -> BaseUser:
        if not get_auth_manager().is_authorized_custom_view(
            method=method, resource_name=view, user=user
        ):
            raise HTTPException(status.HTTP_403_FORBIDDEN, f"You may not open {view}.")
        return user

    return check
