"""What the machine draws: contents, people, policies; small, and on the edges of the laws."""

from datetime import datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.laws.model import Content
from tests.oracle.model import Policy, Rule
from tests.oracle.worlds import LOCALES, TAGS, WINDOWS, ZONES, policies

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
AUDIENCES = ["everybody", "some", "few", "nobody"]
CLASSES = ["marketing", "marketing", "marketing", "transactional"]


def often(value: Any, *others: Any) -> st.SearchStrategy[Any]:
    """Mostly the value, sometimes one of the others."""
    return st.sampled_from([value] * 5 + list(others))


zones = st.sampled_from([None, "Asia/Almaty", "Asia/Almaty", *ZONES])
locales = st.sampled_from([None, *LOCALES])
weekly_limits = often(None, 0, 1, 2)
jumps = st.sampled_from([timedelta(0), MINUTE, 14 * MINUTE, HOUR, 5 * HOUR, DAY, 2 * DAY])
leases = st.sampled_from([timedelta(seconds=1), 2 * MINUTE, HOUR])


@st.composite
def policies_from(draw: DrawFn, moment: datetime) -> Policy:
    """Mostly a cap that is soon reached; else any policy of the oracle's worlds."""
    if draw(st.booleans()):
        return draw(policies(moment))
    maximum = draw(st.integers(1, 3))
    first = Rule(
        1, maximum, window=draw(st.sampled_from(WINDOWS[3:])), reserve=draw(often(0, maximum))
    )
    quiet = draw(st.sampled_from([None, None, (time(22), time(8))]))
    return Policy(moment, quiet=quiet, gap=draw(often(None, HOUR)), rules=(first,))


@st.composite
def brief_contents(draw: DrawFn, now_on_wall: datetime) -> Content:
    """A brief for about now, on the project's wall clock."""
    is_daily = draw(often(False, True))
    start = now_on_wall.replace(second=0, microsecond=0)
    has_b = draw(often(False, True))
    share = draw(st.sampled_from([10, 50])) * 100
    return Content(
        push_class=draw(st.sampled_from(CLASSES)),
        tags=tuple(sorted(draw(st.sets(st.sampled_from(TAGS))))),
        languages=draw(often(("ru",), ("kk", "en"), ("ru", "kk", "en"))),
        ttl=draw(st.sampled_from([1, 3, 12, 30, 60])) * HOUR,
        audience=draw(st.sampled_from(AUDIENCES)),
        priority=draw(often(5, 1, 2)),
        is_deferring=draw(st.booleans()),
        control_share=draw(often(0, 2_000)),
        variant_shares=(10_000 - share, 10_000) if has_b else (10_000,),
        throttle=draw(often(None, 1, 3)),
        send_at=start + draw(st.sampled_from([-2, -1, 0, 0, 0, 1, 9])) * HOUR,
        is_local=draw(often(False, True)),
        is_daily=is_daily,
    )


@st.composite
def trigger_contents(draw: DrawFn) -> Content:
    """A trigger with a cool-down."""
    return Content(
        push_class=draw(often("trigger", "transactional")),
        tags=(),
        languages=("ru", "kk"),
        ttl=draw(st.sampled_from([HOUR, 6 * HOUR, 36 * HOUR])),
        audience=draw(st.sampled_from(AUDIENCES)),
        priority=draw(often(5, 1)),
        is_deferring=draw(st.booleans()),
        control_share=draw(often(0, 2_000)),
        cool_down=draw(st.sampled_from([HOUR, DAY, 3 * DAY])),
    )


@st.composite
def offer_contents(draw: DrawFn) -> Content:
    """What another team offers."""
    return Content(
        push_class=draw(st.sampled_from(["marketing", "trigger", "transactional"])),
        tags=tuple(draw(st.lists(st.sampled_from(TAGS), unique=True))),
        languages=draw(often(("ru",), ("en", "kk"))),
        ttl=draw(st.sampled_from([30 * MINUTE, 6 * HOUR, 48 * HOUR])),
        audience="",
        is_deferring=draw(st.booleans()),
    )
