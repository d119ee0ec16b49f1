from datetime import timedelta

import pytest
from sqlalchemy import Connection, text

from pushline.report.sentences import REASONS
from pushline.report.why import why
from tests.factories import NOON, bucket_of, create_run, users_of_bucket
from tests.report.factories import (
    add_person,
    add_policy,
    add_rule,
    enqueue,
    leave_out,
    mark_policy,
    refresh,
)

DAY = timedelta(days=1)


def tell(db: Connection, user: int, language: str = "en") -> list[str]:
    return why(db, user, NOON).lines(language)


@pytest.mark.parametrize("code", REASONS)
def test_every_reason_is_told_in_every_language(db: Connection, code: str):
    run_id = create_run(db, audience=[7], title="Vinyl weekend")
    leave_out(db, run_id, [7], code)
    english, russian, kazakh = REASONS[code]
    assert tell(db, 7)[-1] == (
        f"2026-11-21 12:00 Asia/Almaty  Vinyl weekend (run {run_id}): Not sent: {english}."
    )
    assert tell(db, 7, "ru")[-1].endswith(f"Не отправлено: {russian}.")
    assert tell(db, 7, "kk")[-1].endswith(f"Жіберілмеді: {kazakh}.")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (None, "waits in the queue."),
        (1, "is being sent."),
        (2, "the provider accepted it"),
        (3, "the provider rejected it (no reason given)."),
        (4, "it may have arrived: no answer came."),
        (5, "withheld at the last check (no reason given)."),
    ],
)
def test_every_state_of_a_push_is_told(db: Connection, state: int | None, words: str):
    run_id = create_run(db, audience=[7])
    enqueue(db, run_id, [7], None if state is None else [state])
    line = tell(db, 7)[-1]
    assert "Enqueued for 2026-11-21 12:00 Asia/Almaty, variant A, ru: " + words in line
    assert "Поставлено в очередь" in tell(db, 7, "ru")[-1]


@pytest.mark.parametrize("status", ["expired", "cancelled"])
def test_batches_that_never_left_are_told(db: Connection, status: str):
    run_id = create_run(db, audience=[7])
    enqueue(db, run_id, [7], status=status, done_at=NOON, holds_slots=False)
    assert why(db, 7, NOON).decisions[0].state == status


def test_what_the_provider_said_and_what_came_back_are_told(db: Connection):
    run_id = create_run(db, audience=[7])
    batch_id = enqueue(db, run_id, [7], [3])
    place = {"day": NOON.date(), "batch": batch_id, "at": NOON}
    db.execute(
        text(
            "INSERT INTO push.outcome "
            "(run_day, batch_id, position, attempt, outcome, reason, ended_at) "
            "VALUES (:day, :batch, 1, 1, 3, 'address is dead', :at)"
        ),
        place,
    )
    db.execute(
        text(
            "INSERT INTO push.receipt (run_day, batch_id, position, kind, received_at, insert_id) "
            "VALUES (:day, :batch, 1, 'opened', :at, 'a'), "
            "(:day, :batch, 1, 'delivered', :at, 'b')"
        ),
        place,
    )
    line = tell(db, 7)[-1]
    assert "rejected it (address is dead)" in line
    assert line.endswith("Then: delivered, opened.")


def test_a_cap_names_its_rule_and_the_pushes_that_took_the_slots(db: Connection):
    policy_id = add_policy(db)
    add_rule(db, policy_id, maximum=2, title="week: 2 per 7 days", push_class="marketing")
    inside = [
        create_run(db, audience=[7], occasion=NOON - days * DAY, title=f"{days} days ago")
        for days in (8, 7, 6, 1)
    ]
    other = create_run(db, audience=[7], occasion=NOON - 2 * DAY, lane="trigger", title="cart")
    released = create_run(db, audience=[7], occasion=NOON - 3 * DAY, title="expired")
    for run_id in [*inside, other]:
        enqueue(db, run_id, [7], [2])
    enqueue(db, released, [7], status="expired", done_at=NOON - 2 * DAY, holds_slots=False)
    run_id = create_run(db, audience=[7])
    leave_out(db, run_id, [7], "capped", rule_no=1, policy_id=policy_id)
    story = why(db, 7, NOON)
    decision = story.decisions[0]
    assert [taker.title for taker in decision.taken_by] == ["6 days ago", "1 days ago"]
    assert decision.rule_title == "week: 2 per 7 days"
    assert decision.sentence.en == (
        "Not sent: reached the cap 'week: 2 per 7 days'. Slots taken by: '6 days ago' "
        "(2026-11-15 12:00 Asia/Almaty), '1 days ago' (2026-11-20 12:00 Asia/Almaty)."
    )
    assert "достиг ограничения «week: 2 per 7 days»" in decision.sentence.ru
    assert [d.run_id for d in story.decisions][1:] == [inside[3], other, released, *inside[2::-1]]


def test_a_calendar_cap_looks_at_its_calendar(db: Connection):
    policy_id = add_policy(db)
    add_rule(
        db, policy_id, window_kind="calendar_project", calendar_unit="day", maximum=1, title="day"
    )
    # Noon in Almaty is 07:00 UTC: eleven hours before is another day there, not in UTC.
    yesterday = create_run(db, audience=[7], occasion=NOON - timedelta(hours=13))
    today = create_run(db, audience=[7], occasion=NOON - timedelta(hours=11))
    for run_id in (yesterday, today):
        enqueue(db, run_id, [7], [2])
    run_id = create_run(db, audience=[7])
    leave_out(db, run_id, [7], "capped", rule_no=1, policy_id=policy_id)
    assert [t.run_id for t in why(db, 7, NOON).decisions[0].taken_by] == [today]


@pytest.mark.parametrize(
    ("code", "hours"), [("minimum_gap", 3), ("own_limit", 100), ("cool_down", 5)]
)
def test_gap_limit_and_cool_down_name_the_pushes_too(db: Connection, code: str, hours: int):
    policy_id = add_policy(db, minimum_gap=timedelta(hours=4))
    run_id = create_run(
        db, audience=[7], lane="trigger", cool_down=timedelta(hours=6), source_id=5, tags=["x"]
    )
    taker = create_run(
        db,
        audience=[7],
        lane="trigger",
        occasion=NOON - timedelta(hours=hours),
        tags=["brief:5"],
        title="Cart",
    )
    enqueue(db, taker, [7], [2])
    leave_out(db, run_id, [7], code, policy_id=policy_id)
    assert [t.title for t in why(db, 7, NOON).decisions[0].taken_by] == ["Cart"]


def test_pushes_planned_later_take_slots_too_but_not_those_decided_later(db: Connection):
    policy_id = add_policy(db, minimum_gap=timedelta(hours=4))
    ahead = create_run(db, audience=[7], title="ahead")
    enqueue(db, ahead, [7], not_before=NOON + timedelta(hours=2), planned_at=NOON - DAY)
    later = create_run(db, audience=[7], title="later")
    enqueue(db, later, [7], not_before=NOON + timedelta(hours=1), planned_at=NOON + DAY)
    run_id = create_run(db, audience=[7])
    leave_out(db, run_id, [7], "minimum_gap", policy_id=policy_id)
    story = why(db, 7, NOON)
    decision = next(d for d in story.decisions if d.run_id == run_id)
    assert [taker.title for taker in decision.taken_by] == ["ahead"]


def test_who_is_not_decided_yet_is_told(db: Connection):
    run_id = create_run(db, audience=[7])
    story = why(db, 7, NOON)
    assert [(d.run_id, d.decision, d.decided_at) for d in story.decisions] == [
        (run_id, "not_planned_yet", None)
    ]


def test_facts_are_told(db: Connection):
    add_person(db, 7, weekly_limit=2)
    db.execute(
        text(
            "INSERT INTO push.consent (user_id, purpose, changed_at, is_granted, source) "
            "VALUES (7, 'marketing', :old, true, 'app'), (7, 'marketing', :new, false, 'e-mail')"
        ),
        {"old": NOON - 5 * DAY, "new": NOON - DAY},
    )
    db.execute(
        text(
            "INSERT INTO push.installation "
            "(installation_id, user_id, provider, address_kind, address, platform, changed_at) "
            "VALUES ('i', 7, 'fcm', 'token', 't', 'android', :at)"
        ),
        {"at": NOON - DAY},
    )
    db.execute(
        text(
            "WITH made AS (INSERT INTO push.control_group (salt, share, starts_at) "
            "VALUES (1, 100, :at) RETURNING control_group_id) "
            "INSERT INTO push.control_member (user_id, control_group_id, member_since) "
            "SELECT 7, control_group_id, :at FROM made"
        ),
        {"at": NOON - DAY},
    )
    refresh(db, 7)
    assert tell(db, 7) == [
        "marketing consent: no since 2026-11-20 12:00 Asia/Almaty (e-mail)",
        "service consent: never agreed",
        "reachable: 1 device(s) with a working address (android)",
        "time zone: Asia/Almaty",
        "language: ru-kz",
        "own limit: 2 pushes per 7 days",
        "in the global control group since 2026-11-20 12:00 Asia/Almaty: "
        "gets no marketing or trigger pushes",
    ]
    assert tell(db, 7, "ru")[1] == "согласие на сервисные пуши: согласия не было"


def test_missing_facts_are_told(db: Connection):
    add_person(db, 7, language=None, zone="Mars/Olympus")
    lines = tell(db, 7)
    assert "not reachable: no device with a working push address" in lines
    assert (
        "time zone: none that is valid (written: Mars/Olympus), so the project's Asia/Almaty holds"
        in lines
    )
    assert "language: none that is known, so the project's default ru holds" in lines


def test_an_unknown_user_gets_a_clear_sentence(db: Connection):
    story = why(db, 4242, NOON)
    assert not story.is_known
    assert story.decisions == ()
    assert story.lines() == [
        "User 4242 is not known: there is no such person in Pushline, and no run had this user in "
        "its audience. Check the number, or whether sync_people has run."
    ]


def test_a_stranger_in_an_audience_is_told_apart(db: Connection):
    run_id = create_run(db, audience=[4242])
    leave_out(db, run_id, [4242], "unknown_user")
    lines = tell(db, 4242)
    assert lines[0].startswith("User 4242 is not known to Pushline, but was in an audience")
    assert lines[1].endswith("Not sent: is not known to Pushline.")


def test_only_the_latest_are_told_and_json_says_the_same(db: Connection):
    users = users_of_bucket(db, bucket_of(db, 7), 1)
    for days in range(4):
        run_id = create_run(db, audience=users, occasion=NOON - days * DAY)
        enqueue(db, run_id, users)
        mark_policy(db, run_id, add_policy(db, valid_from=NOON - (days + 100) * DAY))
    story = why(db, users[0], NOON, most=2)
    assert len(story.decisions) == 2
    told = story.as_dict()["decisions"]
    assert [item["state"] for item in told] == ["waiting", "waiting"]
    assert told[0]["sentence"] == story.decisions[0].sentence.en
