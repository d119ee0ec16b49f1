"""A run that waits for a person's answer: it would reach fewer people than were agreed to.

It does not happen by itself: a brief is approved for more people than it has.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page

from pushline.brief.versions import move_brief
from pushline.database.engine import get_engine, transaction
from pushline.demo.airflow_client import AirflowClient
from pushline.demo.campaigns import APPROVER, WRITER
from pushline.desk import open_desk
from pushline.settings import get_settings
from scripts.screenshots.examples import APPROVAL_DAG, PLANNING_DAG

AGREED_TO = 1_500  # three times as many as the brief has
CELLS = {
    "idea": "Крупным покупателям: вечер в магазине",
    "goal_event": "order_paid",
    "owner": "a.serik",
    "title_ru": "Вечер для своих",
    "text_ru": "Ждём вас в пятницу после закрытия.",
    "title_kk": "Өз адамдарға арналған кеш",
    "text_kk": "Жұма күні дүкен жабылған соң күтеміз.",
    "link": "https://shop.example.kz/evening",
    "utm_campaign": "shop_evening",
    "audience": "big_spenders(min_spent=80000)",
}
PLAN_SECONDS = 300


def _approve_brief(send_at: datetime) -> None:
    """Write a brief for this moment and approve it."""
    now = datetime.now(UTC)
    local = send_at.astimezone(get_settings().zone)
    with transaction(get_engine()) as conn:
        desk = open_desk(conn, now)
        cells = CELLS | {"send_at": f"{local:%Y-%m-%d %H:%M}"}
        (row,) = desk.create_rows(conn, [cells], by=WRITER, now=now).rows
        move_brief(conn, row.code, "texts_ready", by=WRITER, now=now)
        move_brief(conn, row.code, "audience_ready", by="dana", now=now)
        desk.approve(conn, row.code, by=APPROVER, now=now, expected_reach=AGREED_TO)


@contextmanager
def a_held_run(page: Page, base_url: str, password: str) -> Iterator[str]:
    """Yield the Airflow run that asks about a held run; one made for this is rejected at the end.

    `page` belongs to a person who may start DAGs, as this person's `password` does.
    """
    waiting = _list_questions(page, base_url)
    if waiting:
        yield waiting[0]
        return
    send_at = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(minutes=2)
    _approve_brief(send_at)
    page.wait_for_timeout(max(0, (send_at - datetime.now(UTC)).total_seconds()) * 1000)
    AirflowClient(base_url, "dana", password).trigger(PLANNING_DAG)
    held = _wait_for_question(page, base_url)
    yield held
    page.get_by_role("button", name="Reject").click()
    # Answered, the button stays and cannot be pressed again.
    page.get_by_role("button", name="Reject", disabled=False).wait_for(state="detached")


def _list_questions(page: Page, base_url: str) -> list[str]:
    """Return the Airflow runs whose question nobody has answered."""
    address = f"{base_url}/api/v2/dags/~/dagRuns/~/hitlDetails?response_received=false"
    asked = [one["task_instance"] for one in page.request.get(address).json()["hitl_details"]]
    return [one["dag_run_id"] for one in asked if one["dag_id"] == APPROVAL_DAG]


def _wait_for_question(page: Page, base_url: str) -> str:
    deadline = time.monotonic() + PLAN_SECONDS
    while not (waiting := _list_questions(page, base_url)):
        if time.monotonic() > deadline:
            raise SystemExit(f"No run was held within {PLAN_SECONDS} s: {base_url}/dags")
        page.wait_for_timeout(1000)
    return waiting[0]
