"""An approver's no from a shell."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine
from typer.testing import CliRunner

from pushline.brief.versions import get_brief
from pushline.cli import build
from tests.laws import hands
from tests.laws.model import Content


def test_a_shell_sends_a_brief_back_with_its_reason(configured_db: Engine):
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
        _, code, *_ = hands.write_brief(conn, content, "Asia/Almaty", "bek", now)
    shell, wide = CliRunner(), {"COLUMNS": "200"}
    command = ["brief", "send-back", code, "--by", "adam", "--reason"]
    for reason in (" ", "a" * 501):
        assert shell.invoke(build(), [*command, reason], env=wide).exit_code != 0
    done = shell.invoke(build(), [*command, "The price is wrong"], env=wide)
    assert (done.exit_code, "is back with its writers" in done.output) == (0, True)
    with configured_db.connect() as conn:
        assert get_brief(conn, code).status == "texts_ready"
    assert shell.invoke(build(), [*command, "Again"], env=wide).exit_code != 0
    shown = shell.invoke(build(), ["brief", "show", code], env=wide)
    assert "adam moved v1  status, “The price is wrong”" in shown.output
