from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from pushline.send_queue.client import push_id
from pushline.send_queue.closing import cancel_run
from pushline.send_queue.offer import offer_answer, offer_answer_users, offer_pushes
from pushline.send_queue.refusal import OfferRefused
from tests.factories import NOON, create_batch, users_of_bucket
from tests.send_queue.conftest import SOON

HOUR = timedelta(hours=1)
TEXTS = {
    "ru": {"title": "Заказ в пути", "body": "Курьер будет завтра", "link": "shop://orders"},
    "kk": {"title": "Тапсырыс жолда", "body": "Курьер ертең келеді"},
}


def offer(conn: Connection, **over: Any) -> int:
    values: dict[str, Any] = {
        "team": "logistics",
        "occasion_key": "order-7/on-the-way",
        "class_": "transactional",
        "user_ids": [3, 1, 2, 3],
        "content": {"title": "On the way", "texts": TEXTS, "tags": ["orders"]},
        "not_before": NOON,
        "expires_at": NOON + 6 * HOUR,
        "at": NOON,
    }
    return offer_pushes(conn, **(values | over))


def run_row(db: Connection, run_id: int) -> Any:
    return db.execute(
        text("SELECT * FROM push.run WHERE run_id = :run_id"), {"run_id": run_id}
    ).one()


def test_an_offer_becomes_a_run_that_the_planner_takes(db: Connection):
    run_id = offer(db)
    run = run_row(db, run_id)
    assert (run.source_kind, run.status, run.lane) == ("foreign", "waiting", "trigger")
    assert (run.title, run.tags, run.languages) == ("On the way", ["orders"], ["kk", "ru"])
    assert (run.occasion, run.due_at, run.expires_at) == (NOON, NOON, NOON + 6 * HOUR)
    assert (run.audience_rows, run.audience_users, run.snapshot_at) == (4, 3, NOON)
    users = db.execute(
        text(
            "SELECT user_id, bucket = push.bucket_of(user_id) AS is_right FROM push.audience_block,"
            " unnest(users) AS user_id WHERE run_id = :run_id ORDER BY 1"
        ),
        {"run_id": run_id},
    ).all()
    assert users == [(1, True), (2, True), (3, True)]
    texts = db.execute(
        text(
            "SELECT variant, language, title, link FROM push.run_text WHERE run_id = :run_id"
            " ORDER BY language"
        ),
        {"run_id": run_id},
    ).all()
    assert texts == [(0, "kk", "Тапсырыс жолда", ""), (0, "ru", "Заказ в пути", "shop://orders")]


@pytest.mark.parametrize(
    ("class_", "is_counted"), [("marketing", True), ("trigger", True), ("transactional", False)]
)
def test_the_class_says_whether_it_counts(db: Connection, class_: str, is_counted: bool):
    run = run_row(db, offer(db, class_=class_))
    assert run.is_counted == is_counted
    assert run.lane == ("marketing" if class_ == "marketing" else "trigger")


def test_a_repeat_is_the_same_run_even_after_it_expired(db: Connection):
    run_id = offer(db)
    assert offer(db, user_ids=[1, 2, 3]) == run_id
    assert offer(db, at=NOON + 48 * HOUR) == run_id
    assert offer(db, occasion_key="order-8/on-the-way") != run_id
    assert offer(db, team="returns") != run_id


def test_a_team_holds_out_the_same_people_every_time_and_others_than_another_team(db: Connection):
    first, again, other = (
        run_row(db, offer(db, **over)).salt
        for over in ({}, {"occasion_key": "order-8"}, {"team": "returns"})
    )
    assert first == again != other


@pytest.mark.parametrize(
    "over",
    [
        {"user_ids": [1, 2]},
        {"content": {"texts": {"ru": {"title": "Иначе", "body": "Текст"}}}},
        {"expires_at": NOON + 7 * HOUR},
    ],
)
def test_a_repeat_with_other_content_is_refused(db: Connection, over: dict[str, Any]):
    run_id = offer(db)
    with pytest.raises(OfferRefused, match="before with other content"), db.begin_nested():
        offer(db, **over)
    assert offer(db) == run_id


def test_the_same_offer_twice_at_once_is_one_run(committed_db: Engine):
    def work(_: int) -> int:
        with committed_db.begin() as conn:
            return offer(conn)

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(work, range(8)))) == 1


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"team": " "}, "Name your team"),
        ({"user_ids": []}, "1 to 1,000,000 users"),
        ({"user_ids": [1, 0]}, "above 0"),
        ({"expires_at": NOON}, "later than not_before"),
        ({"not_before": NOON - 2 * HOUR, "expires_at": NOON}, "not passed"),
        ({"not_before": NOON - 49 * HOUR}, "one day back"),
        ({"not_before": NOON + 800 * HOUR, "expires_at": NOON + 801 * HOUR}, "28 days ahead"),
        ({"expires_at": NOON + 800 * HOUR}, "28 days after"),
        ({"content": {"texts": TEXTS, "colour": 1}}, "content is an object"),
        ({"content": {"texts": {}}}, "content.texts holds"),
        ({"content": {"texts": TEXTS, "tags": "orders"}}, "content.tags"),
        ({"content": {"texts": TEXTS, "tags": ["orders", "brief:1"]}}, 'no ":"'),
        ({"content": {"texts": TEXTS, "tags": ["trigger:3"]}}, 'no ":"'),
        ({"content": {"texts": TEXTS, "limit_mode": "later"}}, "drop or defer"),
        ({"content": {"texts": {"ru": {"title": "Без текста"}}}}, "Each text is"),
        ({"content": {"texts": {"RU": TEXTS["ru"]}}}, "Each text is"),
        ({"content": {"texts": {"ru": {"title": "{{ name }}", "body": "x"}}}}, "no {{ fields }}"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(db: Connection, over: dict[str, Any], words: str):
    with pytest.raises(OfferRefused) as refusal, db.begin_nested():
        offer(db, **over)
    assert words in str(refusal.value)
    assert db.execute(text("SELECT count(*) FROM push.offer")).scalar_one() == 0


def test_class_and_lane_must_fit(db: Connection):
    statement = text(
        "SELECT push.offer('t', 'k', 'marketing', 'trigger', '{1}', '{}', :now, :now, :now)"
    )
    with pytest.raises(Exception, match="Class marketing travels"):
        db.execute(statement, {"now": NOON})


def test_the_answer_adds_up_to_the_offer(db: Connection, one_connection: Any):
    lucky, unlucky = users_of_bucket(db, 0, 2), users_of_bucket(db, 1, 3)
    run_id = offer(db, user_ids=lucky + unlucky)

    def answer() -> list[tuple[str, int]]:
        decided = offer_answer(db, "logistics", "order-7/on-the-way")
        return [(one.decision, one.user_count) for one in decided]

    assert answer() == [("not_planned_yet", 5)]
    create_batch(db, run_id, users=lucky)
    assert answer() == [("enqueued", 2), ("not_planned_yet", 3)]
    cancel_run(one_connection, run_id, "dana", SOON)
    assert answer() == [("enqueued", 2), ("run_cancelled", 3)]
    by_user = offer_answer_users(db, "logistics", "order-7/on-the-way")
    assert {one.user_id: one.decision for one in by_user} == (
        dict.fromkeys(lucky, "enqueued") | dict.fromkeys(unlucky, "run_cancelled")
    )
    enqueued = next(one for one in by_user if one.user_id == lucky[0])
    assert (enqueued.push_id, enqueued.not_before) == (push_id(run_id, lucky[0]), NOON)


def test_an_offer_never_made_has_no_answer(db: Connection):
    with pytest.raises(OfferRefused, match="offered nothing"):
        offer_answer(db, "logistics", "no-such-key")
