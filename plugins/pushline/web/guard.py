"""The one door of every page: who is it, and may they see this view.

Airflow's security modules are internal to it; this file is the only one that knows them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
from fastapi import Depends, HTTPException, Request, status

from pushline.brief.columns import Group
from pushline.brief.status import Role
from pushline.web.auth import APPROVALS, AUDIENCES, CAMPAIGNS, SENDING
from pushline.web.context import Language, say

Method = Literal["GET", "POST", "PUT", "DELETE"]


def known_user(request: Request) -> BaseUser:
    """Return whom the door let in; a route behind no door lets in nobody."""
    user: BaseUser = request.state.pushline_user
    return user


User = Annotated[BaseUser, Depends(known_user)]


def requires(method: Method, *views: str) -> Callable[[BaseUser, str], BaseUser]:
    """Return a dependency: 403 without the right, else the user; the door has answered 401.

    Of several views one is enough.
    """

    def check(user: User, language: Language) -> BaseUser:
        if not any(_may(user, method, view) for view in views):
            key = "shell.may_not_open" if method == "GET" else "shell.may_not_change"
            raise HTTPException(status.HTTP_403_FORBIDDEN, say(language, key))
        return user

    return check


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks, and what they may change."""

    name: str
    may_edit_campaigns: bool = False
    may_edit_audiences: bool = False
    may_approve: bool = False
    may_stop_sending: bool = False

    @property
    def groups(self) -> tuple[Group, ...]:
        """Column groups that they may type into."""
        groups: list[Group] = ["business", "marketing"] if self.may_edit_campaigns else []
        return tuple(groups + (["data"] if self.may_edit_audiences else []))

    @property
    def roles(self) -> frozenset[Role]:
        """Whose steps of the status machine they may make."""
        roles: set[Role] = set(self.groups)
        return frozenset(roles | {"approver"} if self.may_approve else roles)

    @property
    def may_stop_run(self) -> bool:
        """Whether they may stop one run."""
        return self.may_stop_sending or self.may_edit_campaigns

    @property
    def may_sync(self) -> bool:
        """Whether they may sync with Google Sheets."""
        return self.may_edit_campaigns or self.may_edit_audiences


def find_person(user: User) -> Person:
    """Say who asks and what they may change, by the auth manager in force."""
    return Person(
        user.get_name(),
        _may(user, "PUT", CAMPAIGNS),
        _may(user, "PUT", AUDIENCES),
        _may(user, "PUT", APPROVALS),
        _may(user, "PUT", SENDING),
    )


# `person: Asking` in a route.
Asking = Annotated[Person, Depends(find_person)]


def _may(user: BaseUser, method: Method, view: str) -> bool:
    manager = get_auth_manager()
    return bool(manager.is_authorized_custom_view(method=method, resource_name=view, user=user))
