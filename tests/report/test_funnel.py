from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from pushline.errors import PushlineError
from pushline.report.funnel import funnel, list_runs
from pushline.report.sentences import ENDS, REASONS, name_withheld
from pushline.report.totals import KEEP_TOTALS
from tests.factories import NOON, create_run, users_of_bucket
from tests.report.factories import add_policy, add_rule, enqueue, leave_out


def test_a_funnel_names_every_reason_and_end(db: Connection):
    users = users_of_bucket(db, 0, 12)
    policy_id = add_policy(db)
    add_rule(db, policy_id)
    run_id = create_run(db, audience=users)
    leave_out(db, run_id, users[0:2], "no_consent")
    leave_out(db, run_id, users[2:5], "capped", rule_no=1, policy_id=policy_id)
    enqueue(db, run_id, users[5:9], states=[2, 2, 3, 5])
    enqueue(db, run_id, users[9:12])
    found = funnel(db, run_id)
    assert found.adds_up, found.faults
    assert (found.audience, found.enqueued, found.left_out, found.not_planned_yet) == (12, 7, 5, 0)
    assert [(reason.code, reason.users, reason.rule_title) for reason in found.reasons] == [
        ("no_consent", 2, ""),
        ("capped", 3, "week: 3 per 7 days"),
    ]
    assert {end: n for end, n in found.ends.items() if n} == {
        "waiting": 3,
        "accepted": 2,
        "rejected": 1,
        "withheld": 1,
    }
    table = found.as_table()
    assert "reached the cap 'week: 3 per 7 days'" in table
    assert "2026-11-21 12:00 Asia/Almaty" in table
    assert "достиг ограничения «week: 3 per 7 days»" in found.as_table("ru")
    assert found.as_dict()["caps"] == {"week: 3 per 7 days": 3}


def test_undone_buckets_are_not_planned_yet(db: Connection):
    first, second = users_of_bucket(db, 0, 3), users_of_bucket(db, 1, 2)
    run_id = create_run(db, audience=first + second)
    enqueue(db, run_id, first)
    found = funnel(db, run_id)
    assert (found.audience, found.enqueued, found.not_planned_yet) == (5, 3, 2)
    assert found.adds_up


def test_those_whom_the_snapshot_left_out_are_part_of_the_audience(db: Connection):
    """Excluded and over max_users: not planned yet until their bucket is, then a reason each."""
    users = users_of_bucket(db, 0, 6)
    run_id = create_run(db, audience=users[:3])
    sets_aside = text("UPDATE push.audience_block SET excluded = :excluded, over_max = :over_max")
    db.execute(sets_aside, {"excluded": users[3:5], "over_max": users[5:]})
    assert (funnel(db, run_id).audience, funnel(db, run_id).not_planned_yet) == (6, 6)
    leave_out(db, run_id, users[3:5], "excluded")
    leave_out(db, run_id, users[5:], "over_max_users")
    enqueue(db, run_id, users[:3])
    found = funnel(db, run_id)
    assert (found.audience, found.left_out, found.enqueued, found.not_planned_yet) == (6, 3, 3, 0)
    assert found.adds_up


def test_a_run_that_reached_nobody_is_told_by_its_total_once_its_decisions_went(db: Connection):
    users = users_of_bucket(db, 0, 3)
    run_id = create_run(db, audience=users, status="planned")
    leave_out(db, run_id, users, "no_consent")
    before = funnel(db, run_id).as_dict()
    KEEP_TOTALS.execute(db, now=NOON + timedelta(days=1))
    db.execute(text("DELETE FROM push.decision_block"))
    after = funnel(db, run_id)
    assert after.kept_at == NOON + timedelta(days=1)
    assert after.as_dict() == before


def test_a_lost_decision_shows(db: Connection):
    users = users_of_bucket(db, 0, 3)
    run_id = create_run(db, audience=users)
    leave_out(db, run_id, users[:2], "no_consent")
    found = funnel(db, run_id)
    assert not found.adds_up
    assert "DOES NOT ADD UP: audience 3 is not 2" in found.as_table()


def test_withheld_pushes_say_why(db: Connection):
    users = users_of_bucket(db, 0, 3)
    run_id = create_run(db, audience=users)
    batch_id = enqueue(db, run_id, users, states=[5, 5, 2])
    for position, reason in ((1, "opted out"), (2, "opted out"), (3, "opted out")):
        db.execute(
            text(
                "INSERT INTO push.outcome "
                "(run_day, batch_id, position, attempt, outcome, reason, ended_at) "
                "VALUES (:day, :batch, :position, 1, 5, :reason, :now)"
            ),
            {
                "day": NOON.date(),
                "batch": batch_id,
                "position": position,
                "reason": reason,
                "now": NOON,
            },
        )
    found = funnel(db, run_id)
    assert found.withheld == {"opted out": 2}
    assert ("opted out", 2, 2) in found.steps("ru")


def test_reasons_of_senders_are_said_in_words():
    assert name_withheld("logged_out", "ru") == "вышел из аккаунта на устройстве"
    assert name_withheld("out of stock") == "out of stock"
    assert name_withheld("") == "?"


def test_an_unknown_run_is_said(db: Connection):
    with pytest.raises(PushlineError, match="pushline run list"):
        funnel(db, 999)


def test_words_are_those_of_the_database(db: Connection):
    rows = db.execute(text("SELECT code, sentence FROM push.reason ORDER BY reason")).all()
    assert [(code, english) for code, (english, *_) in REASONS.items()] == [tuple(r) for r in rows]


def test_runs_are_listed_with_their_numbers(db: Connection):
    users = users_of_bucket(db, 0, 4)
    earlier = create_run(db, audience=users[:1], occasion=NOON - timedelta(days=1))
    later = create_run(db, audience=users)
    enqueue(db, later, users[:3], states=[2, 4, 1])
    leave_out(db, later, users[3:], "unreachable")
    rows = list_runs(db)
    assert [row.run_id for row in rows] == [later, earlier]
    row = rows[0]
    assert (row.audience, row.enqueued, row.left_out, row.accepted, row.claimed) == (4, 3, 1, 1, 1)
    assert rows[1].not_planned_yet == 1
    assert [row.run_id for row in list_runs(db, statuses=["planned"])] == []
    assert [row.run_id for row in list_runs(db, occasion_until=NOON)] == [earlier]


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_every_funnel_adds_up(db: Connection, data: st.DataObject):
    run_users: list[int] = []
    plan = []
    for bucket in range(data.draw(st.integers(1, 3), "buckets")):
        parts = data.draw(
            st.lists(
                st.tuples(
                    st.sampled_from(["enqueued", *REASONS]), st.integers(1, 4), st.booleans()
                ),
                max_size=5,
                unique_by=lambda part: part[0],
            ),
            "parts",
        )
        users = users_of_bucket(db, bucket, 20)
        for what, size, is_tried in parts:
            chosen, users = users[:size], users[size:]
            plan.append((what, chosen, is_tried))
            run_users += chosen
    run_id = create_run(db, audience=run_users)
    counted = dict.fromkeys(ENDS, 0)
    for what, chosen, is_tried in plan:
        if what != "enqueued":
            leave_out(db, run_id, chosen, what)
            continue
        states = None
        if is_tried:
            one = st.sampled_from([0, 1, 2, 3, 4, 5])
            states = data.draw(st.lists(one, min_size=len(chosen), max_size=len(chosen)))
        enqueue(db, run_id, chosen, states)
        for state in states or [None] * len(chosen):
            counted["waiting" if state is None else ENDS[max(state, 1)]] += 1
    found = funnel(db, run_id)
    assert found.adds_up, found.as_table()
    assert found.audience == len(run_users)
    assert found.enqueued == sum(len(chosen) for what, chosen, _ in plan if what == "enqueued")
    assert dict(found.ends) == counted
    codes = [reason.code for reason in found.reasons]
    assert codes == sorted(codes, key=list(REASONS).index)
