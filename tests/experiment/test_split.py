"""Who falls where by chance: even shares, one draw independent of the other, and for ever the same.

People, salts and therefore every figure here are fixed: nothing is left to luck.
"""

from collections import Counter
from collections.abc import Sequence

import pytest
from scipy.stats import chi2_contingency, chisquare
from sqlalchemy import Connection, text

from pushline.plan.due import salt_of
from tests.oracle import draw

PEOPLE = range(1, 10_001)
SALT = 7
ALL_ARMS = """
    SELECT
        user_id,
        push.share_of(user_id, :salt) AS share,
        push.variant_of(user_id, :salt, '{5000, 10000}') AS variant,
        push.is_in_campaign_control(user_id, :salt, 500) AS is_held_out,
        push.cut_order(user_id, :salt) AS place
    FROM unnest(CAST(:users AS bigint[])) AS user_id ORDER BY user_id
"""
ODD_IDS = [-1, 0, 2**31 - 1, 2**31, 2**32, 2**32 + 1, -(2**32), 2**63 - 1, -(2**63)]


class Arms:
    """Where the database puts fixed people; each list goes by user."""

    def __init__(self, conn: Connection, users: Sequence[int] = PEOPLE, salt: int = SALT) -> None:
        rows = conn.execute(text(ALL_ARMS), {"users": list(users), "salt": salt}).all()
        self.users = [row.user_id for row in rows]
        self.shares = [row.share for row in rows]
        self.variants = [row.variant for row in rows]
        self.held_out = [row.is_held_out for row in rows]
        self.places = [row.place for row in rows]

    @property
    def cut(self) -> list[bool]:
        """Who stays when max_users leaves a third."""
        last = sorted(self.places)[len(self.places) // 3]
        return [place < last for place in self.places]


def are_independent(first: Sequence[int], second: Sequence[int]) -> bool:
    """Chi-square over the table of both; who is who is fixed, so it always says the same."""
    counts = Counter(zip(first, second, strict=True))
    table = [[counts[one, other] for other in (0, 1)] for one in (0, 1)]
    return bool(chi2_contingency(table).pvalue > 0.001)


@pytest.mark.parametrize(
    ("user_id", "salt", "share", "place"),
    [
        (1, 0, 4678, 6_977_432_399_931_795_072),
        (1, 7, 1647, -1_301_987_214_247_376_608),
        (23_570, 7, 9597, 1_196_945_713_043_688_614),
        (-1, 7, 2028, -5_119_138_870_081_924_370),
        (2**40 + 5, -5, 4722, -7_569_696_818_169_510_582),
    ],
)
def test_arms_are_those_of_the_day_they_were_drawn(
    db: Connection, user_id: int, salt: int, share: int, place: int
):
    """Another hash or salt would give people another arm in the middle of a campaign."""
    arms = Arms(db, [user_id], salt)
    assert (arms.shares, arms.places) == ([share], [place])
    assert (draw.share_of(user_id, salt), draw.cut_order(user_id, salt)) == (share, place)


@pytest.mark.parametrize("salt", [0, 7, -1, 2**63 - 1, -(2**63)])
def test_the_oracle_draws_as_the_database_does(db: Connection, salt: int):
    arms = Arms(db, [*ODD_IDS, *range(1, 300)], salt)
    assert arms.shares == [draw.share_of(user, salt) for user in arms.users]
    assert arms.variants == [int(share >= 5000) for share in arms.shares]
    assert arms.held_out == [draw.is_held_out(user, salt, 500) for user in arms.users]
    assert arms.places == [draw.cut_order(user, salt) for user in arms.users]


def test_shares_are_even_over_the_whole_range(db: Connection):
    bins = Counter(share // 500 for share in Arms(db).shares)
    assert chisquare([bins[number] for number in range(20)]).pvalue > 0.001


def test_a_share_takes_exactly_so_many_of_the_ten_thousand_places(db: Connection):
    """Whoever stands at place 500 is outside of five percent, whoever stands at 499 is in it."""
    edge = "SELECT push.is_in_campaign_control(:user, :salt, :share)"
    place = draw.share_of(1, SALT ^ draw.CONTROL_TURN)
    for share, is_in in [(place, False), (place + 1, True), (0, False), (10_000, True)]:
        row = {"user": 1, "salt": SALT, "share": share}
        assert db.execute(text(edge), row).scalar_one() is is_in


def test_groups_are_as_large_as_they_were_asked_for(db: Connection):
    """10,000 people: a standard deviation is 22 for the control group and 50 for the halves."""
    arms = Arms(db)
    assert abs(sum(arms.held_out) - 500) < 65
    assert abs(sum(arms.variants) - 5_000) < 150


@pytest.mark.parametrize(
    ("first", "second"), [("held_out", "variants"), ("cut", "variants"), ("cut", "held_out")]
)
def test_draws_of_one_campaign_are_independent(db: Connection, first: str, second: str):
    """A control group out of variant A alone would compare two different crowds."""
    arms = Arms(db)
    assert are_independent(getattr(arms, first), getattr(arms, second))


def test_two_campaigns_draw_independently(db: Connection):
    """Else the same people would be held out of everything."""
    one, other = (Arms(db, salt=salt_of("brief", number)) for number in (1, 2))
    assert are_independent(one.held_out, other.held_out)
    assert are_independent(one.variants, other.variants)


def test_independence_is_judged_by_a_test_that_can_fail(db: Connection):
    arms = Arms(db)
    assert not are_independent([share < 500 for share in arms.shares], arms.variants)


def test_a_source_keeps_its_salt_for_ever():
    assert salt_of("brief", 1) == 3_632_857_866_109_589_165
    assert salt_of("trigger", 1) == 4_806_553_751_674_795_032
