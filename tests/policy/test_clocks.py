"""Local times, quiet hours and rounding, against zoneinfo and by worked examples."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from tests.factories import NOON
from tests.oracle.clock import end_of_quiet, instant_of, is_quiet, round_up, wall_clock
from tests.oracle.model import QUIET_HOURS, Enqueued, LeftOut, Rule
from tests.plan.scene import Scene

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
STEP = timedelta(minutes=15)
YEAR = datetime(2026, 1, 1, tzinfo=UTC)
ALL_ZONES = sorted(name for name in available_timezones() if "/" in name)
LOCAL = "SELECT push.instant_of(CAST(:local AS timestamp), CAST(:zone AS text))"
QUIET = """
    SELECT push.quiet_until(
        CAST(:moment AS timestamptz), CAST(:zone AS text), CAST(:begin AS time), CAST(:end AS time)
    )
"""
ROUND = "SELECT push.round_up_moment(CAST(:moment AS timestamptz), CAST(:step AS interval))"
SHOWN = """
    SELECT m.moment AT TIME ZONE z.name
    FROM pg_timezone_names AS z,
        unnest(CAST(:moments AS timestamptz[])) WITH ORDINALITY AS m (moment, place)
    WHERE z.name = :zone ORDER BY m.place
"""
INSTANTS = """
    SELECT a.zone, a.local, push.instant_of(a.local, a.zone) AS instant
    FROM unnest(CAST(:zones AS text[]), CAST(:locals AS timestamp[]))
        AS a (zone, local)
    WHERE a.zone IN (SELECT name FROM pg_timezone_names)
"""


@cache
def transitions(zone: str) -> tuple[datetime, ...]:
    """The minutes of 2026 at which a zone's clock jumps."""
    info, found = ZoneInfo(zone), []
    for number in range(365):
        day = YEAR + number * DAY
        if day.astimezone(info).utcoffset() != (day + DAY).astimezone(info).utcoffset():
            low, high = day, day + DAY
            while high - low > MINUTE:
                middle = low + (high - low) // MINUTE // 2 * MINUTE
                if middle.astimezone(info).utcoffset() == low.astimezone(info).utcoffset():
                    low = middle
                else:
                    high = middle
            found.append(high)
    return tuple(found)


JUMPING = [zone for zone in ALL_ZONES if transitions(zone)]


def knows_the_same(conn: Connection, zone: str, moment: datetime) -> bool:
    """Whether Postgres' zone data agree with Python's around a moment; they are released apart."""
    near = [moment - DAY, moment - MINUTE, moment, moment + DAY]
    shown = conn.execute(text(SHOWN), {"moments": near, "zone": zone}).scalars().all()
    return shown == [wall_clock(one, zone) for one in near]


def knows_all_jumps(conn: Connection, zone: str) -> bool:
    return all(knows_the_same(conn, zone, jump) for jump in transitions(zone))


@given(
    zone=st.sampled_from(JUMPING),
    number=st.integers(0, 3),
    minutes=st.integers(-200, 200),
)
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_instant_of_agrees_with_zoneinfo_around_every_jump(
    db: Connection, zone: str, number: int, minutes: int
):
    jump = transitions(zone)[number % len(transitions(zone))]
    assume(knows_the_same(db, zone, jump))
    local = wall_clock(jump, zone) + minutes * MINUTE
    found = db.execute(text(LOCAL), {"local": local, "zone": zone}).scalar_one()
    assert found == instant_of(local, zone)


def test_instant_of_agrees_with_zoneinfo_at_every_zone(db: Connection):
    """The minutes before and at each jump of each zone, in one question."""
    asked = [
        (zone, wall_clock(moment, zone))
        for zone in JUMPING
        for jump in transitions(zone)
        for moment in (jump - MINUTE, jump)
    ]
    row = {"zones": [zone for zone, _ in asked], "locals": [local for _, local in asked]}
    found = db.execute(text(INSTANTS), row).all()
    wrong = {one.zone for one in found if one.instant != instant_of(one.local, one.zone)}
    assert len(found) > 200
    assert not {zone for zone in wrong if knows_all_jumps(db, zone)}


@pytest.mark.parametrize(
    ("zone", "local", "expected"),
    [
        # Berlin skips 02:00 to 03:00 on 29 March and has it twice on 25 October.
        ("Europe/Berlin", "2026-03-29 01:59", "2026-03-29 00:59"),
        ("Europe/Berlin", "2026-03-29 02:00", "2026-03-29 01:00"),
        ("Europe/Berlin", "2026-03-29 02:59", "2026-03-29 01:00"),
        ("Europe/Berlin", "2026-03-29 03:00", "2026-03-29 01:00"),
        ("Europe/Berlin", "2026-10-25 02:30", "2026-10-25 00:30"),
        ("Europe/Berlin", "2026-10-25 03:00", "2026-10-25 02:00"),
        # Lord Howe moves by half an hour.
        ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04 14:45"),
        ("Australia/Lord_Howe", "2026-10-04 02:10", "2026-10-03 15:30"),
        # Cairo's day of 24 April begins at 01:00.
        ("Africa/Cairo", "2026-04-24 00:00", "2026-04-23 22:00"),
        ("Asia/Kathmandu", "2026-11-21 00:00", "2026-11-20 18:15"),
    ],
)
def test_instant_of_worked_examples(db: Connection, zone: str, local: str, expected: str):
    found = db.execute(text(LOCAL), {"local": local, "zone": zone}).scalar_one()
    assert found == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@given(minutes=st.integers(-(10**8), 10**8), microseconds=st.integers(0, 59_999_999))
@example(minutes=0, microseconds=0)
@example(minutes=15, microseconds=1)
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_round_up_moment_is_the_next_quarter(db: Connection, minutes: int, microseconds: int):
    moment = datetime(2026, 1, 1, tzinfo=UTC) + minutes * MINUTE
    moment += timedelta(microseconds=microseconds)
    found = db.execute(text(ROUND), {"moment": moment, "step": STEP}).scalar_one()
    assert found == round_up(moment, STEP)
    assert timedelta(0) <= found - moment < STEP
    assert found.minute % 15 == found.second == found.microsecond == 0


@given(
    zone=st.sampled_from(
        ["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Africa/Cairo"]
    ),
    number=st.integers(0, 1),
    minutes=st.integers(-600, 600),
    begin=st.sampled_from([time(23), time(22, 15), time(1, 30), time(2, 15), time(0), time(12)]),
    end=st.sampled_from([time(8), time(2, 30), time(1, 45), time(2), time(3), time(0)]),
)
@example(zone="Europe/Berlin", number=1, minutes=20, begin=time(23), end=time(2, 30))
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_quiet_until_agrees_with_a_watched_clock(
    db: Connection, zone: str, number: int, minutes: int, begin: time, end: time
):
    assume(begin != end)
    moment = transitions(zone)[number] + minutes * MINUTE
    assume(knows_the_same(db, zone, transitions(zone)[number]))
    row = {"moment": moment, "zone": zone, "begin": begin, "end": end}
    found = db.execute(text(QUIET), row).scalar_one()
    quiet = (begin, end)
    assert found == (end_of_quiet(moment, zone, quiet) if is_quiet(moment, zone, quiet) else None)


NIGHT = (time(23), time(8))


def on_clock(hour: int, minute: int = 0, day: int = 21) -> datetime:
    """A moment by the clock of Almaty, which is 5 hours ahead."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - 5 * HOUR


@pytest.mark.parametrize(
    ("at", "is_stopped"),
    [
        (on_clock(22, 59), False),
        (on_clock(23), True),
        (on_clock(0), True),
        (on_clock(7, 59), True),
        (on_clock(8), False),
        (on_clock(12), False),
    ],
)
def test_quiet_hours_pass_midnight(db: Connection, at: datetime, is_stopped: bool):
    scene = Scene(db, zone="Asia/Almaty")
    scene.set_policy(quiet=NIGHT)
    expected = LeftOut(QUIET_HOURS) if is_stopped else Enqueued(0, "ru", at)
    assert scene.decide(at=at) == expected


def test_quiet_hours_within_a_day(db: Connection):
    scene = Scene(db, zone="Asia/Almaty")
    scene.set_policy(quiet=(time(12), time(14)))
    assert scene.decide(at=on_clock(11, 59)) == Enqueued(0, "ru", on_clock(11, 59))
    assert scene.decide(at=on_clock(12)) == LeftOut(QUIET_HOURS)
    assert scene.decide(at=on_clock(14)) == Enqueued(0, "ru", on_clock(14))


@pytest.mark.parametrize(
    ("zone", "is_stopped"),
    [
        ("America/New_York", True),  # 02:00
        ("Europe/Berlin", False),  # 08:00
        (None, False),  # missing or invalid: the clock of the project, 12:00
    ],
)
def test_quiet_hours_follow_the_user(db: Connection, zone: str | None, is_stopped: bool):
    scene = Scene(db, zone=zone)
    scene.set_policy(quiet=NIGHT)
    assert scene.decide() == (LeftOut(QUIET_HOURS) if is_stopped else Enqueued(0, "ru", NOON))


def test_deferral_waits_for_the_end_of_quiet_hours(db: Connection):
    scene = Scene(db, zone="America/New_York")
    scene.set_policy(quiet=(time(23), time(8, 10)))
    expected = datetime(2026, 11, 21, 13, 15, tzinfo=UTC)  # 08:10 in New York, up to the quarter
    assert scene.decide(is_deferring=True) == Enqueued(0, "ru", expected)
    late = scene.decide(is_deferring=True, expires_at=expected)
    assert late == LeftOut(QUIET_HOURS)


def test_deferral_in_an_hour_that_comes_twice_never_goes_back(db: Connection):
    """02:10 for the second time: quiet until the second 02:30, not the first, which has passed."""
    at = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)
    scene = Scene(db, zone="Europe/Berlin")
    scene.set_policy(quiet=(time(23), time(2, 30)))
    assert scene.decide(at=at, is_deferring=True) == Enqueued(0, "ru", at + 20 * MINUTE)


def test_deferral_passes_every_stopper(db: Connection):
    """The gap ends in the night, the day's cap at midnight, the night at eight."""
    at = on_clock(21)
    scene = Scene(db)
    day = Rule(1, 1, kind="calendar_user", unit="day")
    scene.set_policy(day, quiet=NIGHT, gap=4 * HOUR)
    scene.add_past(at - HOUR)
    assert scene.decide(at=at, is_deferring=True) == Enqueued(0, "ru", on_clock(8, day=22))


@pytest.mark.parametrize("is_in_time", [True, False])
def test_deferral_ends_before_the_deadline_not_at_it(db: Connection, is_in_time: bool):
    scene = Scene(db)
    scene.set_policy(quiet=NIGHT)
    morning = on_clock(8, day=22)
    deadline = morning + timedelta(seconds=is_in_time)
    found = scene.decide(at=on_clock(23), is_deferring=True, expires_at=deadline)
    assert found == (Enqueued(0, "ru", morning) if is_in_time else LeftOut(11))


def test_deferral_gives_up_after_eight_tries(db: Connection):
    """A push a day keeps the day's cap full: the ninth free day is too far, the eighth is not."""
    day = Rule(1, 1, kind="calendar_user", unit="day")
    for full_days, is_reached in [(8, True), (9, False)]:
        with db.begin_nested() as savepoint:
            scene = Scene(db)
            scene.set_policy(day)
            scene.add_past(*[NOON + number * DAY for number in range(full_days)])
            found = scene.decide(is_deferring=True, expires_at=NOON + 20 * DAY)
            reached = Enqueued(0, "ru", on_clock(0) + full_days * DAY)
            assert found == (reached if is_reached else LeftOut(14, 1))
            savepoint.rollback()


def test_a_try_of_deferral_passes_all_that_stops_at_its_moment(db: Connection):
    """Each midnight is quiet and its day is full: one try a day, and the eighth for the morning."""
    scene = Scene(db)
    scene.set_policy(Rule(1, 1, kind="calendar_user", unit="day"), quiet=NIGHT)
    scene.add_past(*[NOON + number * DAY for number in range(7)])
    found = scene.decide(is_deferring=True, expires_at=NOON + 20 * DAY)
    assert found == Enqueued(0, "ru", on_clock(8) + 7 * DAY)


def test_local_hour_is_kept_in_every_zone(db: Connection):
    """19:00 for each, due when the first zone on earth is there; whose hour passed waits a day."""
    at = on_clock(14)  # 19:00 in Auckland and beyond
    planned = {
        "Asia/Almaty": on_clock(19),
        "Europe/Berlin": datetime(2026, 11, 21, 18, tzinfo=UTC),
        "America/New_York": datetime(2026, 11, 22, 0, tzinfo=UTC),
        "Pacific/Auckland": datetime(2026, 11, 22, 6, tzinfo=UTC),  # 22:00 there: tomorrow
        "Asia/Kathmandu": datetime(2026, 11, 21, 13, 15, tzinfo=UTC),
    }
    for zone, expected in planned.items():
        with db.begin_nested() as savepoint:
            found = Scene(db, zone=zone).decide(
                at=at, local_time=datetime.fromisoformat("2026-11-21 19:00")
            )
            assert found == Enqueued(0, "ru", expected)
            savepoint.rollback()


@pytest.mark.parametrize(
    ("late", "expected"),
    [
        (timedelta(0), on_clock(12)),
        (59 * MINUTE, on_clock(12, 59)),  # still within late_by: at once
        (60 * MINUTE, on_clock(12, day=22)),
    ],
)
def test_local_hour_that_passed_goes_to_the_next_day(
    db: Connection, late: timedelta, expected: datetime
):
    run = {"at": NOON + late, "local_time": datetime.fromisoformat("2026-11-21 12:00")}
    with db.begin_nested() as savepoint:
        assert Scene(db).decide(**run) == Enqueued(0, "ru", expected)
        savepoint.rollback()
    if expected > NOON + DAY - HOUR:
        assert Scene(db).decide(**run, expires_at=expected) == LeftOut(10)


def test_local_minutes_are_rounded_up(db: Connection):
    found = Scene(db).decide(local_time=datetime.fromisoformat("2026-11-21 13:01"))
    assert found == Enqueued(0, "ru", on_clock(13, 15))


@pytest.mark.parametrize(
    ("day", "at", "expected"),
    [
        # Skipped at 02:00: the first minute after is 03:00, which is 01:00 UTC.
        (
            date(2026, 3, 29),
            datetime(2026, 3, 28, 20, tzinfo=UTC),
            datetime.fromisoformat("2026-03-29 01:00"),
        ),
        # Twice at 02:00: the first time, once.
        (
            date(2026, 10, 25),
            datetime(2026, 10, 24, 20, tzinfo=UTC),
            datetime.fromisoformat("2026-10-25 00:30"),
        ),
    ],
)
def test_local_hour_of_a_day_when_clocks_change(
    db: Connection, day: date, at: datetime, expected: datetime
):
    make = text("SELECT push.create_partitions(CAST(:day AS date), CAST(:day AS date))")
    db.execute(make, {"day": at})
    local = datetime.combine(day, time(2, 30))
    found = Scene(db, zone="Europe/Berlin").decide(at=at, local_time=local)
    assert found == Enqueued(0, "ru", expected.replace(tzinfo=UTC))
