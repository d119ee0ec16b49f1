"""The reach of a brief to everybody, as the page asks for it: from the request to the numbers."""

import time
from collections import Counter
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text

from bench.figures import Figure, Options
from bench.runs import EVERY_CUSTOMER, Engines, connect, forget_runs, freeze, plan
from bench.world import NOW, describe_server, open_world, read_sql
from pushline.audience import Catalogue
from pushline.brief.occasions import make_occasion
from pushline.brief.versions import UnknownBrief, create_brief, get_brief
from pushline.database.engine import transaction
from pushline.model import hash_sql_texts
from pushline.plan.due import create_brief_run
from pushline.plan.reach import get_reach, request_reach
from pushline.plan.reach_trial import GET_BRIEF_AS_IT_STANDS
from pushline.plan.reach_worker import Counting, ReachWorker

CODE = "C-2026-950"
ZONE = ZoneInfo("Asia/Almaty")
# Asked before it is sent; counted for the moment at which it is.
ASKED_AT = NOW - timedelta(minutes=1)


def measure_reach(options: Options) -> list[Figure]:
    """Measure a request's way to its numbers: read the audience, decide every user twice over.

    The first round's numbers are compared with what a real run decides then.
    """
    world = open_world(options.users, options.say)
    options.say(describe_server(world))
    samples: list[float] = []
    with connect(world) as engines:
        forget_runs(engines.planner)
        _make_brief(engines)
        worker = ReachWorker(
            lambda: Counting(engines.planner, engines.reader, clock=lambda: ASKED_AT)
        )
        users = 0
        for number, counts in enumerate(options.rounds()):
            seconds, row = _ask(engines, worker)
            users = row.audience
            options.say(f"  {users:,} users, {row.will_get:,} will get it: {seconds * 1e3:.0f} ms")
            if number == 0:
                _compare(engines, row)
                options.say("  a real run decided the same")
            if counts:
                samples.append(seconds * 1e3)
    size = options.users // 1000
    name = f"{size // 1000}m" if size >= 1000 else f"{size}k"
    note = f"{users:,} users, warm, 2 connections, from the request to the numbers"
    return [Figure(f"reach_estimate_{name}_ms", "ms", samples, note, bound=3000)]


def _ask(engines: Engines, worker: ReachWorker) -> tuple[float, Any]:
    """Ask as the page does, and look until the numbers are there; who holds slots comes after."""
    started = time.perf_counter()
    with transaction(engines.planner) as conn:
        request_reach(conn, CODE, by="bench", now=ASKED_AT)
    worker.wake()
    while True:
        with engines.planner.connect() as conn:
            row = get_reach(conn, CODE, ASKED_AT)
        if row is None or row.state in {"failed", "cancelled"}:
            raise RuntimeError(f"it was not counted: {row and row.fault}")
        if row.state == "ready":
            seconds = time.perf_counter() - started
            worker.wait(600)
            return seconds, row
        time.sleep(0.01)


def _compare(engines: Engines, row: Any) -> None:
    """Plan the brief for real and compare; raises when a number differs."""
    with transaction(engines.planner) as conn:
        brief = GET_BRIEF_AS_IT_STANDS.one(conn, campaign_code=CODE)
        occasion = make_occasion(brief.send_at, ZONE)
        conn.execute(
            text(read_sql("create_approval")),
            {"brief_id": brief.brief_id, "hash": brief.content_hash, "now": NOW},
        )
        run_id = create_brief_run(conn, brief, occasion, ZONE, NOW)
        codes = dict(conn.execute(text("SELECT reason, code FROM push.reason")).all())
    if run_id is None:
        raise RuntimeError("the run is there already")
    freeze(engines, run_id)
    plan(engines.planner, run_id)
    with engines.planner.connect() as conn:
        found = conn.execute(text(read_sql("count_decided")), {"run_id": run_id}).all()
    decided = Counter({(one.reason, one.rule_no): int(one.users) for one in found})
    forget_runs(engines.planner, [run_id])
    names = {code: reason for reason, code in codes.items()}
    counted = Counter({(0, 0): row.will_get})
    for part in row.parts:
        counted[names[part["reason"]], part["rule_no"]] += part["users"]
    if counted != decided:
        raise RuntimeError(f"counted {counted}, decided {decided}")


def _make_brief(engines: Engines) -> None:
    """Make the brief to everybody, once; its texts use fields, as most do."""
    words = {"title": "{{ first_name | default: 'Привет' }}", "body": "{{ city | default: '' }}"}
    content = {
        "class": "marketing",
        "send_at": f"{NOW.astimezone(ZONE):%Y-%m-%dT%H:%M}",
        "local_time": False,
        "repeat": None,
        "ttl_hours": 24,
        "promo_end": None,
        "texts": {"0": {"ru": words, "kk": words}, "1": {"ru": words, "kk": words}},
        "variant_shares": [5000, 10000],
        "link": "https://shop.example.kz/",
        "image_url": "",
        "utm_campaign": "bench",
        "tags": [],
        "audience": {"name": EVERY_CUSTOMER, "parameters": {}},
        "exclude": [],
        "sql_hash": hash_sql_texts({EVERY_CUSTOMER: Catalogue().file(EVERY_CUSTOMER).source}),
        "control_share": 500,
        "priority": 5,
        "max_users": None,
        "throttle": None,
        "limit_mode": "drop",
    }
    with transaction(engines.planner) as conn:
        try:
            get_brief(conn, CODE)
        except UnknownBrief:
            create_brief(
                conn,
                content=content,
                notes={"idea": "Bench"},
                status="audience_ready",
                by="bench",
                now=NOW - timedelta(days=1),
                code=CODE,
            )
