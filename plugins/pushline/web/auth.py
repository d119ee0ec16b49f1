"""Who may do what, written once: the demo's logins and a company's roles ask the same table.

Airflow's simple auth manager knows viewer < user < op < admin, which has no place for a person who
may edit campaigns but not connections. Our roles stand on the built-in ones and add two views.
"""

from typing import Any

from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity, DagDetails
from airflow.api_fastapi.auth.managers.simple.simple_auth_manager import (
    SimpleAuthManager,
    SimpleAuthManagerRole,
)
from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

CAMPAIGNS = "Campaigns"
AUDIENCES = "Campaign audiences"
APPROVALS = "Approvals"
SENDING = "Sending"

# Project role -> the built-in role that it starts from.
BASE_ROLES = {
    "marketer": "VIEWER",
    "approver": "VIEWER",
    "data": "OP",
    "viewer": "VIEWER",
    "admin": "ADMIN",
}
EVERYBODY = frozenset(BASE_ROLES)
# View -> who may read and who may change.
READERS = {
    CAMPAIGNS: EVERYBODY,
    AUDIENCES: EVERYBODY,
    APPROVALS: EVERYBODY - {"viewer"},
    SENDING: EVERYBODY,
}
WRITERS = {
    # Cells of business and marketing, and the steps that are theirs.
    CAMPAIGNS: frozenset(("marketer", "admin")),
    # Cells of the data team, and the steps that are theirs.
    AUDIENCES: frozenset(("data", "admin")),
    APPROVALS: frozenset(("approver", "admin")),
    # Stop a lane or everything; one run may also be stopped by who may change campaigns.
    SENDING: frozenset(("approver", "data", "admin")),
}


def may(role: str | None, method: str, view: str) -> bool:
    """Whether a role may read (GET) or change (anything else) one of our views."""
    allowed = READERS if method == "GET" else WRITERS
    return role in allowed.get(view, frozenset())


class PushlineAuthManager(SimpleAuthManager):
    """The demo's logins, by project role: `mia:marketer,dana:data` in simple_auth_manager_users."""

    @staticmethod
    def _is_admin(user: SimpleAuthManagerUser) -> bool:
        return user.role == "admin"

    @staticmethod
    def _is_authorized(
        *,
        method: Any,
        allow_role: SimpleAuthManagerRole,
        user: SimpleAuthManagerUser,
        allow_get_role: SimpleAuthManagerRole | None = None,
        team_name: str | None = None,
    ) -> bool:
        # Every built-in check goes through here.
        base = BASE_ROLES.get(user.role or "", user.role)
        return bool(
            SimpleAuthManager._is_authorized(  # noqa: SLF001 - the one door of every check
                method=method,
                allow_role=allow_role,
                user=SimpleAuthManagerUser(username=user.username, role=base, teams=user.teams),
                allow_get_role=allow_get_role,
                team_name=team_name,
            )
        )

    def is_authorized_dag(
        self,
        *,
        method: Any,
        user: SimpleAuthManagerUser,
        access_entity: DagAccessEntity | None = None,
        details: DagDetails | None = None,
    ) -> bool:
        """Approvers answer approvals, and nothing else of a DAG is theirs to change.

        Nobody else answers: not the data team either, which may start and clear DAGs. Nor may it
        write what a task returned, which is where an answer waits to be kept.
        """
        if access_entity == DagAccessEntity.HITL_DETAIL and method != "GET":
            return may(user.role, method, APPROVALS)
        if access_entity == DagAccessEntity.XCOM and method != "GET":
            return self._is_admin(user)
        return bool(
            super().is_authorized_dag(
                method=method, user=user, access_entity=access_entity, details=details
            )
        )

    def is_authorized_custom_view(
        self, *, method: Any, resource_name: str, user: SimpleAuthManagerUser
    ) -> bool:
        """Our views by our table; views of others as Airflow decides."""
        if resource_name in READERS:
            return may(user.role, method, resource_name)
        return bool(
            super().is_authorized_custom_view(method=method, resource_name=resource_name, user=user)
        )
