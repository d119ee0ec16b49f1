"""The reach shown before is the run's decisions after; one count at a time, and nothing stays."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from pushline.audience import take_snapshot
from pushline.brief.approval import approve_brief
from pushline.brief.versions import save_version
from pushline.errors import GiveUpRow, StopRun
from pushline.model import AudienceCatalogue
from pushline.plan.dry_runs import count_due, count_one
from pushline.plan.due import create_due_runs
from pushline.plan.reach import cancel_reach, get_reach, request_reach
from pushline.plan.reach_trial import count_reach
from pushline.plan.reach_worker import ReachWorker, count_next
from pushline.plan.waves import close_wave, freeze_audiences, plan_wave_buckets, start_wave
from pushline.settings import Role
from tests.factories import NOON
from tests.plan.reach_town import SEND_AT, SOME, ReachTown

_DECIDED = """
    SELECT 0 AS reason, 0 AS rule_no, variant, language, sum(user_count) AS users
    FROM push.send_batch WHERE run_id = :run_id GROUP BY variant, language
    UNION ALL
    SELECT reason, rule_no, 0, '', sum(user_count)
    FROM push.decision_block WHERE run_id = :run_id GROUP BY reason, rule_no
"""
_TRACES = """
    SELECT
        (SELECT count(*) FROM push.run WHERE source_kind = 'brief'),
        (SELECT count(*) FROM push.run_text AS t JOIN push.run AS r USING (run_id)
         WHERE r.source_kind = 'brief'),
        (SELECT count(*) FROM push.audience_block),
        (SELECT count(*) FROM push.audience_field)
"""

_HELD = """
    SELECT d.rule_no, h.run_id, count(*) AS users
    FROM push.decision_block AS d CROSS JOIN unnest(d.users) AS s (user_id)
    INNER JOIN (SELECT run_id, unnest(users) AS user_id FROM push.send_batch) AS h USING (user_id)
    WHERE d.run_id = :run_id AND d.rule_no > 0 AND h.run_id <> :run_id
    GROUP BY d.rule_no, h.run_id
"""
_TAKEN = """
    UPDATE push.reach_estimate SET state = 'running', beat_at = clock_timestamp() - :silent
    WHERE campaign_code = :code
"""
_RED_ROW = """
    INSERT INTO push.sheet_row
        (campaign_code, revision, problems, created_by, created_at, changed_by, changed_at)
    VALUES (:code, 1, '[{"column": "title_ru", "severity": "error"}]', 'mia', now(), 'mia', now())
"""


@pytest.fixture
def town(committed_db: Engine, as_role: Callable[[Role], Engine], tmp_path: Path) -> ReachTown:
    return ReachTown.found(committed_db, as_role, tmp_path)


def count_of(town: ReachTown, code: str) -> Any:
    """Count its reach with those who hold the slots."""
    counting = town.counting
    told: list[Any] = []
    count = count_reach(
        counting.engine,
        counting.reader_engine,
        code,
        NOON,
        audiences=counting.audiences,
        counted=told.append,
    )
    assert [one.estimate for one in told] == [count.estimate]
    return count


def agree(town: ReachTown, code: str) -> None:
    """Have the brief approved, for any number of people."""
    assert town.counting.audiences is not None
    audiences: AudienceCatalogue = town.counting.audiences
    with town.owner.begin() as conn:
        approve_brief(
            conn, code, by="ann", now=NOON, expected_reach=300, band=(0, 999), audiences=audiences
        )


def send(town: ReachTown, code: str, at: datetime, *, is_agreed: bool = False) -> int:
    """Have the brief approved and planned at its time, as the DAG does; returns the run."""
    if not is_agreed:
        agree(town, code)
    counting, planner = town.counting, town.planner
    audiences = counting.audiences
    create_due_runs(planner, at)
    snapshot: Any = partial(take_snapshot, counting.reader_engine, planner, audiences=audiences)
    wave = freeze_audiences(planner, start_wave(planner, "marketing", at), snapshot)
    assert (wave.set_aside, wave.held) == ((), ())
    plan_wave_buckets(planner, wave.wave_id, 0, 63)
    close_wave(planner, wave.wave_id, at)
    return wave.run_ids[0]


def read_decided(town: ReachTown, run_id: int) -> list[Counter[Any]]:
    """Users by (reason, rule), by variant and by language."""
    users, variants, languages = Counter[Any](), Counter[Any](), Counter[Any]()
    with town.owner.connect() as conn:
        for row in conn.execute(text(_DECIDED), {"run_id": run_id}):
            users[row.reason, row.rule_no] += int(row.users)
            if not row.reason:
                variants[row.variant] += int(row.users)
                languages[row.language] += int(row.users)
    return [users, variants, languages]


KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "plain": ("week", {}),
    "variants": ("calendar", {"variant_shares": [3000, 10000]}),
    "exclusion": ("week", {"exclude": [{"name": SOME, "parameters": {}}]}),
    "max_users": ("week", {"max_users": 150, "exclude": [{"name": SOME, "parameters": {}}]}),
    "local_time": ("calendar", {"local_time": True}),
    "defer": ("week", {"limit_mode": "defer", "ttl_hours": 96}),
    "throttle": ("none", {"throttle": 5, "ttl_hours": 1}),
    "service": ("week", {"class": "transactional"}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_reach_before_is_the_decisions_after(town: ReachTown, kind: str):
    policy, over = KINDS[kind]
    town.set_policy(policy)
    town.add_pushes()
    if "variant_shares" in over:
        words = {"title": "Б", "body": "б"}
        over = over | {"texts": {"0": {"ru": words, "kk": words}, "1": {"ru": words}}}
    brief = town.add_brief(**over)
    counting = town.counting
    count = count_reach(
        counting.engine,
        counting.reader_engine,
        brief.campaign_code,
        NOON,
        audiences=counting.audiences,
    )
    decided = read_decided(town, send(town, brief.campaign_code, count.planned_for))
    estimate = count.estimate
    assert [estimate.users, estimate.by_variant, estimate.by_language] == decided
    assert 0 < estimate.reach < estimate.audience
    assert (count.planned_for < SEND_AT) == (kind == "local_time")


def test_a_dry_run_of_what_is_due_counts_what_the_wave_would_plan(town: ReachTown):
    """A brief is due, and no tick has made its run yet."""
    town.set_policy("week")
    town.add_pushes()
    brief = town.add_brief()
    at = SEND_AT + timedelta(minutes=2)
    assert count_due_now(town, at) == []
    agree(town, brief.campaign_code)
    (counted,) = count_due_now(town, at)
    assert count_due_now(town, SEND_AT - timedelta(minutes=2)) == []
    assert (counted["campaign_code"], counted["fault"]) == (brief.campaign_code, "")
    with town.owner.connect() as conn:
        assert conn.execute(text(_TRACES)).one()[0] == 0
    decided = read_decided(town, send(town, brief.campaign_code, SEND_AT, is_agreed=True))
    users = decided[0]
    assert counted["would_reach"] == users[0, 0]
    assert users[0, 0] > 0
    assert sum(one["users"] for one in counted["left_out"]) == sum(users.values()) - users[0, 0]


def count_due_now(town: ReachTown, at: datetime) -> list[Any]:
    counting = town.counting
    return count_due(
        town.planner, counting.reader_engine, "marketing", at, audiences=counting.audiences
    )


def test_takers_name_the_runs_that_hold_the_slots_of_those_whom_the_rule_stops(town: ReachTown):
    town.set_policy("week")
    earlier, later = town.add_pushes()
    brief = town.add_brief()
    town.add_brief(utm_campaign="other")
    count = count_of(town, brief.campaign_code)
    limits = {limit["rule_title"]: limit for limit in count.takers["limits"]}
    week = {taker["run_id"]: taker["users"] for taker in limits["rule 1"]["takers"]}
    day = {taker["run_id"]: taker["users"] for taker in limits["rule 2"]["takers"]}
    run_id = send(town, brief.campaign_code, count.planned_for)
    with town.owner.connect() as conn:
        rows = conn.execute(text(_HELD), {"run_id": run_id}).all()
    held = {(row.rule_no, row.run_id): row.users for row in rows}
    assert week == {earlier: held[1, earlier], later: held[1, later]}
    # What left longer ago than a day takes nobody's slot of a day.
    assert day == {later: held[2, later]}
    assert not limits["rule 1"]["is_sample"]
    assert count.takers["coming"] == []


def test_what_is_planned_before_it_in_the_same_minute_is_named_too(town: ReachTown):
    """In the planner's order: priority, then the earlier deadline, then who was first."""
    town.set_policy("week")
    briefs = [
        town.add_brief(utm_campaign="first"),
        town.add_brief(utm_campaign="second"),
        town.add_brief(utm_campaign="short", ttl_hours=2),
        town.add_brief(utm_campaign="important", priority=1),
        town.add_brief(utm_campaign="earlier", send_at="2026-11-22T11:00"),
        town.add_brief(utm_campaign="later", send_at="2026-11-22T12:01"),
    ]
    first, second, short, important, earlier, _ = codes = [one.campaign_code for one in briefs]
    for code in codes:
        agree(town, code)
    coming = {
        code: {one["code"] for one in count_of(town, code).takers["coming"]} for code in codes
    }
    assert coming[second] == {earlier, important, short, first}
    assert coming[first] == {earlier, important, short}
    assert coming[short] == {earlier, important}
    assert (coming[important], coming[earlier]) == ({earlier}, set())


def ask(town: ReachTown, code: str, by: str = "mia") -> int:
    with town.owner.begin() as conn:
        return request_reach(conn, code, by=by, now=NOON)


def look(town: ReachTown, code: str, now: datetime = NOON) -> Any:
    with town.owner.connect() as conn:
        return get_reach(conn, code, now)


def test_the_worker_counts_what_is_asked_for_and_leaves_nothing(town: ReachTown):
    town.set_policy("week")
    town.add_pushes()
    code = town.add_brief().campaign_code
    with town.owner.connect() as conn:
        before = conn.execute(text(_TRACES)).one()
    ask(town, code)
    worker = ReachWorker(lambda: town.counting)
    worker.wake()
    assert worker.wait(60)
    with town.owner.connect() as conn:
        assert conn.execute(text(_TRACES)).one() == before
    row = look(town, code)
    assert (row.state, row.is_fresh, row.buckets_done) == ("ready", True, 8)
    assert row.audience == row.will_get + sum(part["users"] for part in row.parts)
    assert sum(row.by_variant.values()) == sum(row.by_language.values()) == row.will_get
    assert row.takers["limits"][0]["takers"]
    titles = {part["rule_title"] for part in row.parts if part["reason"] == "capped"}
    assert titles == {"rule 1", "rule 2"}


def test_numbers_grow_stale_by_age_by_edits_and_by_runs(town: ReachTown):
    town.set_policy("week")
    brief = town.add_brief()
    ask(town, brief.campaign_code)
    assert count_next(town.counting)
    fresh = look(town, brief.campaign_code, NOON + timedelta(minutes=14))
    assert fresh.is_fresh
    old = look(town, brief.campaign_code, NOON + timedelta(minutes=15))
    assert (old.is_old, old.is_changed, old.is_overtaken, old.is_fresh) == (
        True,
        False,
        False,
        False,
    )
    other = town.add_brief(send_at="2026-11-22T11:00", utm_campaign="other")
    send(town, other.campaign_code, SEND_AT - timedelta(hours=1))
    overtaken = look(town, brief.campaign_code)
    assert (overtaken.is_overtaken, overtaken.is_fresh) == (True, False)
    with town.owner.begin() as conn:
        save_version(
            conn,
            brief.campaign_code,
            content={**brief.content, "priority": 1},
            notes=brief.notes,
            status="audience_ready",
            by="mia",
            now=NOON,
        )
    assert look(town, brief.campaign_code).is_changed


def test_a_newer_request_stops_the_older_and_its_sql(town: ReachTown):
    """The audience sleeps for a minute; the newer request's numbers are there long before."""
    slow = town.add_brief(audience={"name": town.add_slow_audience(), "parameters": {}})
    quick = town.add_brief()
    ask(town, slow.campaign_code)
    first = ReachWorker(lambda: town.counting)
    first.wake()
    town.wait_for_sleeper()
    ask(town, quick.campaign_code)
    second = ReachWorker(lambda: town.counting)
    second.wake()
    assert (first.wait(30), second.wait(30)) == (True, True)
    assert look(town, quick.campaign_code).state == "ready"
    assert look(town, slow.campaign_code).state == "cancelled"
    assert not town.is_anybody_asleep()


def test_the_same_brief_asked_again_begins_anew(town: ReachTown):
    slow = town.add_brief(audience={"name": town.add_slow_audience(), "parameters": {}})
    ask(town, slow.campaign_code)
    worker = ReachWorker(lambda: town.counting)
    worker.wake()
    town.wait_for_sleeper()
    town.have_slept_enough()
    assert ask(town, slow.campaign_code, by="ann") == 2
    worker.wake()
    assert worker.wait(30)
    row = look(town, slow.campaign_code)
    assert (row.state, row.request_no, row.requested_by) == ("ready", 2, "ann")


def test_colleagues_wait_their_turn(town: ReachTown):
    first, second = town.add_brief(), town.add_brief(utm_campaign="other")
    ask(town, first.campaign_code, by="mia")
    ask(town, second.campaign_code, by="ann")
    assert [look(town, one.campaign_code).state for one in (first, second)] == ["queued"] * 2
    assert count_next(town.counting)
    assert [look(town, one.campaign_code).state for one in (first, second)] == ["ready", "queued"]
    ask(town, first.campaign_code, by="ann")
    assert look(town, second.campaign_code).state == "cancelled"


def test_one_counts_at_a_time_and_the_silent_are_replaced(town: ReachTown):
    first, second = town.add_brief(), town.add_brief(utm_campaign="other")
    ask(town, first.campaign_code, by="mia")
    ask(town, second.campaign_code, by="ann")
    with town.owner.begin() as conn:
        conn.execute(text(_TAKEN), {"code": first.campaign_code, "silent": timedelta(seconds=5)})
    assert not count_next(town.counting)
    with town.owner.begin() as conn:
        conn.execute(text(_TAKEN), {"code": first.campaign_code, "silent": timedelta(seconds=11)})
    assert look(town, first.campaign_code).is_silent
    assert [count_next(town.counting) for _ in range(3)] == [True, True, False]
    assert [look(town, one.campaign_code).state for one in (first, second)] == ["ready"] * 2
    with pytest.raises(IntegrityError), town.owner.begin() as conn:
        conn.execute(text("UPDATE push.reach_estimate SET state = 'running'"))


def test_a_red_row_that_is_no_brief_yet_is_told_so(town: ReachTown):
    with town.owner.begin() as conn:
        conn.execute(text(_RED_ROW), {"code": "C-2026-027"})
    counting = town.counting
    for code, sentence in {
        "C-2026-027": r"no brief yet: it has red cells \(title_ru\)",
        "C-2026-028": "There is no brief C-2026-028",
    }.items():
        with pytest.raises(StopRun, match=sentence):
            count_one(town.planner, counting.reader_engine, code, NOON)


def test_what_cannot_be_counted_says_why(town: ReachTown):
    with town.owner.begin() as conn, pytest.raises(GiveUpRow):
        request_reach(conn, "C-2026-999", by="mia", now=NOON)
    gone = town.add_brief(send_at="2026-11-20T12:00")
    ask(town, gone.campaign_code)
    assert count_next(town.counting)
    row = look(town, gone.campaign_code)
    assert row.state == "failed"
    assert "time to send has passed" in row.fault
    red = town.add_brief()
    with town.owner.begin() as conn:
        conn.execute(text(_RED_ROW), {"code": red.campaign_code})
    ask(town, red.campaign_code)
    assert count_next(town.counting)
    row = look(town, red.campaign_code)
    assert (row.state, row.fault_code) == ("failed", "red")
    assert "title_ru" in row.fault
    with town.owner.begin() as conn:
        ask(town, gone.campaign_code)
    with town.owner.begin() as conn:
        assert cancel_reach(conn, gone.campaign_code)
    assert look(town, gone.campaign_code).state == "cancelled"
