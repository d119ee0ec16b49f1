import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, text
from typer.testing import CliRunner

from pushline.cli import build
from tests.factories import create_batch, create_run

run_cli = CliRunner()


def enqueue(engine: Engine, **over) -> int:
    with engine.begin() as conn:
        run = create_run(conn, occasion=datetime.now(UTC) - timedelta(minutes=2), **over)
        create_batch(conn, run)
    return run


def pushline(*arguments: str) -> str:
    result = run_cli.invoke(build(), arguments, catch_exceptions=False, env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    return result.output


def test_status_shows_both_lanes(configured_db: Engine):
    enqueue(configured_db)
    shown = pushline("queue", "status")
    assert "trigger" in shown
    assert "marketing" in shown
    assert "2 min" in shown
    lanes = json.loads(pushline("queue", "status", "--json"))["lanes"]
    assert [(lane["lane"], lane["waiting"]) for lane in lanes] == [("trigger", 0), ("marketing", 3)]
    assert lanes[1]["oldest_due"] > 100


def test_pause_holds_everything_and_resume_lets_go(configured_db: Engine):
    run = enqueue(configured_db)
    assert "Everything is paused." in pushline("queue", "pause", "--by", "dana")
    assert "was paused already" in pushline("queue", "pause", "--by", "dana")
    assert "Run" in pushline("queue", "pause", "--run", str(run), "--by", "dana")
    assert "Paused: everything, by dana" in pushline("queue", "status")
    assert "0 pushes ended." in pushline("send", "--pretend", "--once")
    shown = pushline("queue", "resume", "--by", "dana")
    assert "Everything goes on." in shown
    assert f"Still paused: run {run} (Autumn sale)" in shown
    assert "goes on" in pushline("queue", "resume", "--run", str(run))
    assert "was not paused" in pushline("queue", "resume", "--lane", "marketing")
    assert "3 pushes ended." in pushline("send", "--pretend", "--once")


def test_send_says_that_only_the_stand_in_is_here(configured_db: Engine):
    result = run_cli.invoke(build(), ["send"])
    assert "add --pretend" in str(result.exception)


def test_the_stand_in_ends_cleanly_on_term(configured_db: Engine):
    enqueue(configured_db)
    taker = subprocess.Popen(
        [sys.executable, "-c", "from pushline.cli import app; app()", "send", "--pretend"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    line = taker.stdout.readline()  # blocks until the batch is done
    taker.send_signal(signal.SIGTERM)
    assert taker.wait(timeout=30) == 0
    assert "batch_ended" in line
    with configured_db.begin() as conn:
        status = conn.execute(text("SELECT status FROM push.send_batch")).scalar_one()
    assert status == "done"
