from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine
from typer.testing import CliRunner

from pushline.brief.versions import get_brief
from pushline.cli import build
from pushline.send_queue.client import SendQueue
from tests.factories import create_batch, create_run
from tests.laws import hands
from tests.laws.model import Content, Source


def test_a_shell_tells_what_an_approval_taken_back_holds(configured_db: Engine):
    now = datetime.now(UTC)
    content = Content(
        push_class="marketing",
        tags=(),
        languages=("ru",),
        ttl=timedelta(hours=12),
        audience="everybody",
        send_at=now.replace(tzinfo=None, second=0, microsecond=0) + timedelta(hours=9),
    )
    with configured_db.begin() as conn:
        brief_id, code = hands.write_brief(conn, content, "Asia/Almaty", "bek", now)
        hands.approve(conn, Source("brief", brief_id, code, [content]), (0, 99), now)
        brief = asdict(get_brief(conn, code))
        own = {key: brief[key] for key in ("version", "content_hash")}
        run_id = create_run(conn, occasion=now, source_id=brief_id, **own)
        for bucket in (0, 1):
            create_batch(conn, run_id, bucket=bucket)
    taker = SendQueue(configured_db, "taker")
    (held,) = taker.claim(1)
    taker.begin(held, [1])
    done = CliRunner().invoke(build(), ["brief", "withdraw", code], env={"COLUMNS": "200"})
    assert "5 pushes stay in the queue until then. 1 had left" in done.output
    assert taker.claim(9) == []
