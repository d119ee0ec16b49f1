"""Random small worlds: few people and pushes, times on the edges of windows and clock changes."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.oracle.clock import wall_clock
from tests.oracle.model import Policy, Push, Rule, Run, User

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
# The evenings before clocks change in Europe (both ways), Australia, Egypt and America.
EVENINGS = [
    datetime(2026, 3, 28, 18, tzinfo=UTC),
    datetime(2026, 4, 4, 6, tzinfo=UTC),
    datetime(2026, 10, 24, 18, tzinfo=UTC),
    datetime(2026, 10, 29, 15, tzinfo=UTC),
    datetime(2026, 10, 31, 22, tzinfo=UTC),
]
ZONES = [
    "Asia/Almaty", "Europe/Berlin", "America/New_York", "America/St_Johns", "Africa/Cairo",
    "Australia/Lord_Howe", "Pacific/Chatham", "Asia/Kathmandu",
]  # fmt: skip
LOCALES = ["ru", "kk", "en", "kk-kz", "en-gb", "de"]
TAGS = ["sale", "news"]
SOURCES = [9001, 9002]
WINDOWS = [15 * MINUTE, HOUR, 6 * HOUR, DAY, 2 * DAY, 7 * DAY]
LAGS = [timedelta(0), 15 * MINUTE, 45 * MINUTE, HOUR, 6 * HOUR, DAY, 2 * DAY, 7 * DAY]
EDGES = [timedelta(0), timedelta(seconds=-1), timedelta(seconds=1), MINUTE]


@dataclass(frozen=True)
class Step:
    """One run planned at a moment; before it, the batches of some earlier runs are cancelled."""

    run: Run
    at: datetime
    cancelled: tuple[int, ...]


@dataclass(frozen=True)
class Story:
    """A world's beginning and what happens in it."""

    users: tuple[User, ...]
    policies: tuple[Policy, ...]
    past: tuple[Push, ...]
    steps: tuple[Step, ...]
    project_zone: str
    default_language: str


def _often(value: Any, *others: Any) -> st.SearchStrategy[Any]:
    """Mostly the value, sometimes one of the others."""
    return st.sampled_from([value] * 4 + list(others))


@st.composite
def users(draw: DrawFn, user_id: int) -> User:
    """Someone; mostly reachable and willing."""
    both = frozenset({"marketing", "service"})
    return User(
        user_id=user_id,
        zone=draw(st.sampled_from([None, *ZONES])),
        locale=draw(st.sampled_from([None, *LOCALES])),
        consents=draw(_often(both, frozenset({"marketing"}), frozenset({"service"}), frozenset())),
        is_reachable=draw(_often(True, True, False)),
        is_control=draw(_often(False, False, True)),
        is_erased=draw(_often(False, False, True)),
        weekly_limit=draw(_often(None, 0, 1, 2, 3)),
    )


@st.composite
def rules(draw: DrawFn, number: int) -> Rule:
    """A cap rule of any window kind; small maximums, so that they are reached."""
    kind = draw(st.sampled_from(["rolling", "rolling", "calendar_user", "calendar_project"]))
    maximum = draw(st.sampled_from([1, 1, 2, 2, 3, 0]))
    is_rolling = kind == "rolling"
    return Rule(
        number=number,
        maximum=maximum,
        kind=kind,
        window=draw(st.sampled_from(WINDOWS)) if is_rolling else None,
        unit=None if is_rolling else draw(st.sampled_from(["day", "day", "week", "month"])),
        week_start=draw(st.integers(1, 7)),
        reserve=draw(_often(0, *range(1, maximum + 1))) if maximum else 0,
        push_class=draw(_often(None, "marketing", "trigger")),
        tag=draw(_often(None, *TAGS)),
    )


@st.composite
def policies(draw: DrawFn, valid_from: datetime) -> Policy:
    """Up to eight rules, perhaps a gap, perhaps quiet hours."""
    count = draw(st.sampled_from([0, 1, 1, 2, 2, 3, 8]))
    clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30, 45, 10]))
    quiet = draw(
        st.one_of(
            st.none(),
            st.just((time(23), time(8))),
            st.just((time(1, 15), time(2, 30))),
            st.just((time(22), time(1, 45))),
            st.tuples(clocks, clocks).filter(lambda pair: pair[0] != pair[1]),
        )
    )
    return Policy(
        valid_from=valid_from,
        quiet=quiet,
        gap=draw(st.sampled_from([None, 15 * MINUTE, HOUR, 6 * HOUR])),
        rules=tuple(draw(rules(number)) for number in range(1, count + 1)),
    )


@st.composite
def past_pushes(draw: DrawFn, user_ids: list[int], start: datetime) -> Push:
    """A push before or after the story's start, off it by an edge of some window."""
    lag = draw(st.sampled_from(LAGS)) + draw(st.sampled_from(EDGES))
    push_class = draw(st.sampled_from(["marketing", "trigger", "transactional"]))
    source = f"foreign:{draw(st.sampled_from(SOURCES))}"
    return Push(
        user_id=draw(st.sampled_from(user_ids)),
        run=0,
        at=start + lag * draw(st.sampled_from([-1, -1, 1])),
        push_class=push_class,
        tags=tuple(draw(st.sets(st.sampled_from([*TAGS, source])))),
        is_counted=push_class != "transactional" and draw(_often(True, False)),
    )


@st.composite
def runs(draw: DrawFn, number: int, at: datetime, ids: dict[int, list[int]]) -> Run:
    """A run that is due, with its snapshot cut into users, excluded and over max_users."""
    push_class = draw(st.sampled_from(["marketing", "marketing", "trigger", "transactional"]))
    source = f"foreign:{draw(st.sampled_from(SOURCES))}"
    blocks, excluded, over_max = {}, {}, {}
    for bucket, members in ids.items():
        order = draw(st.permutations(members))
        gone = draw(_often(0, 1, 2))
        over = draw(_often(0, 1))
        excluded[bucket] = tuple(order[:gone])
        over_max[bucket] = tuple(order[gone : gone + over])
        blocks[bucket] = tuple(order[gone + over :])
    local_time = None
    if draw(st.sampled_from([False, False, True])):
        zone = draw(st.sampled_from(ZONES))
        shift = draw(st.sampled_from([-26, -3, -1, 0, 1, 5, 9, 14])) * HOUR
        minutes = draw(st.sampled_from([0, 30, 15, 7, 52]))
        hour = wall_clock(at + shift, zone)
        local_time = hour.replace(minute=minutes, second=0, microsecond=0)
    life = draw(st.sampled_from([MINUTE, HOUR, 3 * HOUR, 12 * HOUR, DAY, DAY, 3 * DAY]))
    return Run(
        number=number,
        source=source,
        occasion=at - draw(st.sampled_from(LAGS[:6])) - timedelta(seconds=number),
        expires_at=at + life,
        blocks=blocks,
        excluded=excluded,
        over_max=over_max,
        push_class=push_class,
        tags=(*draw(st.sets(st.sampled_from(TAGS))), source),
        is_counted=push_class != "transactional" and draw(_often(True, False)),
        is_deferring=draw(st.booleans()),
        local_time=local_time,
        throttle=draw(_often(None, 1, 5, 9, 13)),
        cool_down=draw(_often(None, HOUR, 6 * HOUR, DAY, 7 * DAY)),
        languages=tuple(draw(_often(["ru"], [], ["kk", "ru"], ["en", "kk"], ["kk-kz", "en"]))),
        salt=draw(st.sampled_from([7, -3, 2**62])),
        variant_shares=draw(_often((10_000,), (5_000, 10_000), (0, 3_000, 9_999, 10_000))),
        control_share=draw(_often(0, 5_000)),
    )


@st.composite
def stories(draw: DrawFn, ids: dict[int, list[int]]) -> Story:
    """One to six runs in order, over a past; `ids` are the users to choose from, by bucket."""
    start = draw(st.sampled_from(EVENINGS)) + draw(st.integers(0, 24)) * 30 * MINUTE
    start += draw(st.sampled_from([timedelta(0), timedelta(seconds=7), 5 * MINUTE]))
    everybody = [user_id for members in ids.values() for user_id in members]
    unknown = set(draw(st.sets(st.sampled_from(everybody), max_size=1)))
    at = start
    steps: list[Step] = []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        at += draw(st.sampled_from([timedelta(0), 5 * MINUTE, HOUR, 6 * HOUR, DAY]))
        earlier = [step.run.number for step in steps]
        cancelled = draw(_often((), *[(one,) for one in earlier]))
        steps.append(Step(draw(runs(number, at, ids)), at, cancelled))
    changes = [start - 30 * DAY, *draw(st.sampled_from([[], [], [start + 20 * MINUTE]]))]
    return Story(
        users=tuple(draw(users(one)) for one in everybody if one not in unknown),
        policies=tuple(draw(policies(change)) for change in changes),
        past=tuple(draw(st.lists(past_pushes(everybody, start), max_size=12))),
        steps=tuple(steps),
        project_zone=draw(st.sampled_from(["Asia/Almaty", "Europe/Berlin", "America/New_York"])),
        default_language=draw(_often("ru", "kk")),
    )
