"""Policies are history: they never change, and never look back further than batches are kept."""

from datetime import time, timedelta

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from pushline.policy import CapRule, Policy, add_policy, load_policy
from tests.factories import NOON

RULE = CapRule("weekly", 3, window_length=timedelta(days=7), reserve=1)
POLICY = Policy(
    quiet_from=time(23), quiet_until=time(8), minimum_gap=timedelta(hours=4), rules=(RULE,)
)


def test_policy_comes_back_as_it_was_added(db: Connection):
    month = CapRule("monthly", 9, window_kind="calendar_user", calendar_unit="month", rule_no=2)
    policy = Policy(**{**_fields(POLICY), "rules": (RULE, month)})
    policy_id = add_policy(db, policy, valid_from=NOON, made_by="ana")
    assert load_policy(db, NOON) == Policy(**{**_fields(policy), "policy_id": policy_id})
    assert load_policy(db, NOON - timedelta(microseconds=1)) == Policy()


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE push.policy SET minimum_gap = NULL",
        "DELETE FROM push.policy",
        "UPDATE push.cap_rule SET maximum = 4",
        "DELETE FROM push.cap_rule",
    ],
)
def test_rows_of_the_policy_never_change(db: Connection, act: str):
    add_policy(db, POLICY, valid_from=NOON, made_by="ana")
    with pytest.raises(DBAPIError, match="are history and never change: add a new one instead"):
        db.execute(text(act))


def test_rule_that_looks_back_longer_than_batches_are_kept_is_refused(db: Connection):
    db.execute(text("UPDATE push.setting SET batch_retention = '40 days'"))
    fits = CapRule("ten days", 3, window_length=timedelta(days=10))
    add_policy(db, Policy(rules=(fits,)), valid_from=NOON, made_by="ana")
    long = CapRule("eleven days", 3, window_length=timedelta(days=10, minutes=1))
    later = NOON + timedelta(days=1)
    with pytest.raises(DBAPIError) as refusal, db.begin_nested():
        add_policy(db, Policy(rules=(long,)), valid_from=later, made_by="ana")
    sentence = str(refusal.value.orig)
    assert 'Cap rule "eleven days" looks back longer than batches are kept' in sentence
    assert "Shorten the window or raise push.setting.batch_retention first." in sentence
    month = CapRule("month", 3, window_kind="calendar_project", calendar_unit="month")
    with pytest.raises(DBAPIError, match="looks back longer than batches are kept"):
        add_policy(db, Policy(rules=(month,)), valid_from=later, made_by="ana")


def test_ninth_rule_is_refused(db: Connection):
    nine = Policy(rules=(RULE,) * 9)
    with pytest.raises(IntegrityError, match="rule_no_is_one_to_eight"):
        add_policy(db, nine, valid_from=NOON, made_by="ana")


@pytest.mark.parametrize(
    ("policy", "constraint"),
    [
        (Policy(quiet_from=time(8), quiet_until=time(8)), "quiet_hours_are_not_empty"),
        (Policy(quiet_from=time(8)), "quiet_hours_have_both_ends"),
        (Policy(minimum_gap=timedelta(0)), "minimum_gap_is_positive"),
        (Policy(rules=(CapRule("x", 3),)), "window_fits_its_kind"),
        (
            Policy(rules=(CapRule("x", 3, window_length=timedelta(1), reserve=4),)),
            "reserve_is_part_of_maximum",
        ),
        (
            Policy(
                rules=(CapRule("x", 3, window_length=timedelta(1), push_class="transactional"),)
            ),
            "rule_never_counts_transactional",
        ),
    ],
)
def test_senseless_policies_are_refused(db: Connection, policy: Policy, constraint: str):
    with pytest.raises(IntegrityError, match=constraint):
        add_policy(db, policy, valid_from=NOON, made_by="ana")


def _fields(policy: Policy) -> dict[str, object]:
    return {
        "quiet_from": policy.quiet_from,
        "quiet_until": policy.quiet_until,
        "minimum_gap": policy.minimum_gap,
        "rules": policy.rules,
    }
