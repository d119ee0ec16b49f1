"""`pushline run`, `why`, `check` and `doctor`, as a person calls them."""

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import Connection, Engine, text
from typer.testing import CliRunner, Result

from pushline import doctor
from pushline.cli import build
from tests.factories import NOON, create_batch, create_run, users_of_bucket
from tests.report.factories import add_person, enqueue, leave_out

run_cli = CliRunner()


def call(*arguments: str) -> Result:
    return run_cli.invoke(build(), arguments, env={"COLUMNS": "250"})


def pushline(*arguments: str) -> str:
    result = call(*arguments)
    assert result.exit_code == 0, (result.output, result.exception)
    return result.stdout


@pytest.fixture
def run_id(configured_db: Engine) -> int:
    """A run half decided: two left out, three in the queue, two in a bucket not planned yet."""
    with configured_db.begin() as conn:
        users = users_of_bucket(conn, 0, 5)
        others = users_of_bucket(conn, 1, 2)
        occasion = datetime.now(UTC) - timedelta(minutes=2)
        run_id = create_run(conn, audience=users + others, occasion=occasion)
        leave_out(conn, run_id, users[:2], "no_consent")
        enqueue(conn, run_id, users[2:])
        return run_id


def test_runs_are_listed(configured_db: Engine, run_id: int):
    shown = pushline("run", "list")
    assert "Autumn sale" in shown
    assert all(word in shown for word in ("audience", "enqueued", "accepted"))
    narrow = run_cli.invoke(build(), ["run", "list"], env={"COLUMNS": "80"}).stdout
    assert "enqueued" in narrow, "a title is cut, a number never"
    [row] = json.loads(pushline("run", "list", "--json"))
    assert (row["run_id"], row["audience"], row["waiting"]) == (run_id, 7, 3)
    assert pushline("run", "list", "--status", "planned") == "There are no such runs.\n"


def test_a_funnel_is_shown(configured_db: Engine, run_id: int):
    shown = pushline("run", "funnel", str(run_id))
    assert "has not agreed to this kind of push" in shown
    assert "не давал согласия" in pushline("run", "funnel", str(run_id), "--language", "ru")
    found = json.loads(pushline("run", "funnel", str(run_id), "--json"))
    assert found["adds_up"] is True
    assert found["not_planned_yet"] == 2


def test_a_funnel_that_does_not_add_up_fails(configured_db: Engine, run_id: int):
    with configured_db.begin() as conn:
        conn.execute(text("DELETE FROM push.decision_block"))
    result = call("run", "funnel", str(run_id))
    assert result.exit_code == 1
    assert "DOES NOT ADD UP" in result.output


def test_a_run_is_cancelled_after_a_question(configured_db: Engine, run_id: int):
    asked = run_cli.invoke(build(), ["run", "cancel", str(run_id)], input="n\n")
    assert "5 have not left yet, 0 were accepted" in asked.output
    assert asked.exit_code == 1
    done = pushline("run", "cancel", str(run_id), "--by", "anna", "--yes")
    assert done == (f"Run {run_id} is cancelled: 3 stopped, 2 never decided, 0 had left already.\n")
    found = json.loads(pushline("run", "funnel", str(run_id), "--json"))
    assert found["reasons"] == {"no_consent": 2, "run_cancelled": 2}
    assert found["ends"]["cancelled"] == 3


def test_a_run_is_tried_and_planned(configured_db: Engine):
    with configured_db.begin() as conn:
        users = users_of_bucket(conn, 0, 4)
        add_person(conn, users[0])
        conn.execute(
            text("UPDATE push.recipient SET consents = 3, is_reachable = true WHERE user_id = :u"),
            {"u": users[0]},
        )
        occasion = datetime.now(UTC) - timedelta(minutes=2)
        offer = conn.execute(
            text(
                "INSERT INTO push.offer (team, occasion_key, offered_at, offered_by, content_hash) "
                "VALUES ('t', 'k', now(), 'me', repeat('0', 64)) RETURNING offer_id"
            )
        ).scalar_one()
        run_id = create_run(
            conn, audience=users, occasion=occasion, source_kind="foreign", source_id=offer
        )
        conn.execute(text("UPDATE push.run SET status = 'waiting'"))
    tried = json.loads(pushline("run", "dry-run", str(run_id), "--json"))
    assert (tried["audience"], tried["reach"]) == (4, 1)
    assert tried["reasons"] == [{"code": "unknown_user", "rule_title": "", "users": 3}]
    assert "Will reach" in pushline("run", "dry-run", str(run_id))
    planned = json.loads(pushline("run", "plan", str(run_id), "--json"))
    assert planned["enqueued"] == 1
    assert planned["reasons"] == {"unknown_user": 3}
    with configured_db.connect() as conn:
        assert conn.execute(text("SELECT status FROM push.run")).scalar() == "planned"


def test_why_tells_a_user(configured_db: Engine, run_id: int):
    with configured_db.connect() as conn:
        left_out, _, sent = users_of_bucket(conn, 0, 3)
    assert "has not agreed to this kind of push." in pushline("why", str(left_out))
    assert "waits in the queue." in pushline("why", str(sent))
    told = json.loads(pushline("why", str(left_out), "--json", "--language", "ru"))
    assert told["decisions"][0]["decision"] == "no_consent"
    assert "Не отправлено" in told["decisions"][0]["sentence"]


def test_why_says_that_nobody_is_there(configured_db: Engine):
    result = call("why", "4242")
    assert result.exit_code == 1
    assert "User 4242 is not known" in result.output


def test_why_says_when_nothing_happened(configured_db: Engine):
    with configured_db.begin() as conn:
        add_person(conn, 7)
    assert "No run has had this user in its audience yet." in pushline("why", "7")


def test_checks_run_and_fail(configured_db: Engine):
    assert "closed_sum" in pushline("check", "run")
    with configured_db.begin() as conn:
        create_batch(conn)
        conn.execute(text("DELETE FROM push.run_bucket"))
    result = call("check", "run")
    assert result.exit_code == 1
    assert "1 batches with 3 users" in result.output
    assert "What to do: pause the run" in result.output
    result = call("check", "run", "--name", "batch_without_mark", "--json")
    [told] = json.loads(result.stdout)
    assert (told["verdict"], told["offending"]) == ("fail", 1)


def test_an_unknown_check_is_said(configured_db: Engine):
    result = call("check", "run", "--name", "nonsense")
    assert "There is no check nonsense; there are: batch_without_mark" in str(result.exception)


def verdicts(output: str) -> dict[str, str]:
    return {line["name"]: line["verdict"] for line in json.loads(output)}


def test_the_doctor_finds_a_fresh_database_sound(configured_db: Engine):
    found = verdicts(pushline("doctor", "--json"))
    assert set(found) >= {
        *("python", "settings", "disk", "server", "migrations", "zones", "partitions", "checks"),
        *("queue trigger", "queue marketing", "audience reader", "policy", "people"),
        *(f"role {role}" for role in ("planner", "sender", "producer", "audience", "bi")),
    }
    assert {name for name, verdict in found.items() if verdict == "fail"} == set()
    assert found["checks"] == found["policy"] == found["people"] == "warn", "nothing ran yet"
    assert found["role planner"] == "ok"


def test_the_doctor_tells_the_way_out(configured_db: Engine):
    with configured_db.begin() as conn:
        old = datetime.now(UTC) - timedelta(minutes=30)
        create_batch(conn, create_run(conn, occasion=old))
        conn.execute(text("UPDATE push.setting SET project_zone = 'Europe/Riga'"))
        conn.execute(text("DELETE FROM push.run_bucket"))
        conn.execute(
            text(
                "INSERT INTO push.pause (scope, lane, paused_by, paused_at) "
                "VALUES ('lane', 'trigger', 'anna', now())"
            )
        )
    call("check", "run")
    result = call("doctor")
    assert result.exit_code == 1, "a broken promise is a failure"
    assert "batch_without_mark 1, closed_sum 1. Run: pushline check run" in result.output
    assert "the oldest has been due for 30 minutes" in result.output
    assert "the database says Europe/Riga, PUSHLINE_TIME_ZONE Asia/Almaty" in result.output
    assert "Run: pushline queue resume" in result.output


def test_the_doctor_compares_the_hours_of_zones_in_use(db: Connection):
    db.execute(text("UPDATE push.zone SET is_used = true WHERE name = 'Asia/Tokyo'"))
    rows = doctor.LIST_ZONE_OFFSETS.all(db, now=NOON)
    assert [row.name for row in rows] == ["Asia/Almaty", "Asia/Tokyo"]
    assert {len(row.days) for row in rows} == {732}
    assert set(rows[1].minutes) == {540}
    assert doctor.find_offsets_apart(rows) == []
    # The server has other rules for a week of the second year.
    other = SimpleNamespace(
        name="Asia/Tokyo",
        days=rows[1].days,
        minutes=[480 if 400 <= n < 407 else 540 for n in range(732)],
    )
    assert doctor.find_offsets_apart([rows[0], other]) == [("Asia/Tokyo", rows[1].days[400])]


def test_the_doctor_says_what_to_apply(configured_db: Engine):
    with configured_db.begin() as conn:
        conn.execute(
            text(
                "UPDATE push_meta.applied_file SET sha256 = '' WHERE path LIKE '%why%' "
                "OR path LIKE '%function_claim%'"
            )
        )
    result = call("doctor")
    assert result.exit_code == 1
    assert "1 not applied. Run: pushline init" in result.output


def test_the_doctor_survives_a_server_that_is_away(
    configured_db: Engine, monkeypatch: pytest.MonkeyPatch
):
    away = configured_db.url.set(port=1)
    monkeypatch.setattr(doctor, "owner_url", lambda: away)
    result = call("doctor")
    assert result.exit_code == 1
    assert "does not answer" in result.output
    assert "make demo" in result.output
