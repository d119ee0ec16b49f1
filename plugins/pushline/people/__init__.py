"""What is known of people: taken over from the company, changed by the API, kept in step.

`push.recipient` is all that the planner reads of a user. Whoever changes person, consent,
installation or control_member calls push.refresh_recipients in the same transaction; every
function here does. `sql/checks/recipient_drift.sql` finds whoever forgot.
"""

from pushline.people.change import (
    close_installation,
    erase_person,
    move_installation,
    refresh_control_group,
    set_consent,
    set_weekly_limit,
)
from pushline.people.sync import Synced, list_quarantine, sync_people

__all__ = [
    "Synced",
    "close_installation",
    "erase_person",
    "list_quarantine",
    "move_installation",
    "refresh_control_group",
    "set_consent",
    "set_weekly_limit",
    "sync_people",
]
