"""Pushline's side of the demo: people taken over, a policy, two triggers, a month of briefs."""

from contextlib import suppress
from datetime import datetime, time, timedelta

from sqlalchemy import Engine

from pushline.audience import TRIGGERS, Catalogue, grant_audience_reader
from pushline.brief.approval import ApprovalRefused, record_approval
from pushline.database.engine import transaction
from pushline.database.sql import Query
from pushline.demo.history import keep_history
from pushline.desk import open_desk
from pushline.people import refresh_control_group, sync_people
from pushline.plan.reach_trial import estimate_brief
from pushline.policy import CapRule, Policy, add_policy, load_policy
from pushline.settings import get_settings
from pushline.trigger import TriggerRule, hash_trigger, save_trigger, switch_trigger

ADD_CONTROL_GROUP = Query("demo/add_control_group")

# 1 % of people get no marketing at all, to see what all pushes together do.
CONTROL_SHARE, CONTROL_SALT = 100, 20261121
NIGHT = (time(23), time(8))
# Two of state.PEOPLE: nobody approves what they wrote.
WRITER, APPROVER = "mia", "adam"

TRIGGER_RULES = (
    TriggerRule(
        name="price_drop",
        title="Looked at it, now cheaper",
        texts={
            "ru": {
                "title": "Цена снизилась на {{ drop_percent }} %",
                "body": "{{ product }}: было {{ old_price }} ₸, стало {{ new_price }} ₸",
            },
            "kk": {
                "title": "Баға {{ drop_percent }} % төмендеді",
                "body": "{{ product }}: {{ old_price }} ₸ болған, қазір {{ new_price }} ₸",
            },
            "en": {
                "title": "Down {{ drop_percent }} %",
                "body": "{{ product }}: was {{ old_price }} ₸, now {{ new_price }} ₸",
            },
        },
        link="https://shop.example.kz{{ path }}",
        utm_campaign="price_drop",
        cool_down=timedelta(days=3),
        ttl=timedelta(hours=6),
    ),
    TriggerRule(
        name="abandoned_cart",
        title="Left goods in the cart",
        texts={
            "ru": {
                "title": "{{ first_name | default: 'Здравствуйте' }}, корзина ждёт",
                "body": "{{ product }} и всё остальное — {{ total }} ₸",
            },
            "kk": {
                "title": "{{ first_name | default: 'Сәлем' }}, себет күтіп тұр",
                "body": "{{ product }} және қалғаны — {{ total }} ₸",
            },
            "en": {
                "title": "{{ first_name | default: 'Hello' }}, your cart is waiting",
                "body": "{{ product }} and the rest for {{ total }} ₸",
            },
        },
        link="https://shop.example.kz/cart",
        utm_campaign="abandoned_cart",
        cool_down=timedelta(days=1),
        ttl=timedelta(hours=4),
    ),
)


def demo_policy(now: datetime) -> Policy:
    """Return the demo's policy: five cap rules, a gap, quiet hours that are not right now.

    A demo started at night would leave everybody out for the first hours; then the quiet hours lie
    on the other side of the clock.
    """
    quiet_from, quiet_until = NIGHT
    hour = now.astimezone(get_settings().zone).hour
    if hour >= quiet_from.hour - 2 or hour < quiet_until.hour:
        quiet_from, quiet_until = time((hour + 8) % 24), time((hour + 17) % 24)
    week = timedelta(days=7)
    return Policy(
        quiet_from=quiet_from,
        quiet_until=quiet_until,
        minimum_gap=timedelta(hours=2),
        rules=(
            CapRule("3 a day", 3, window_kind="calendar_project", calendar_unit="day"),
            CapRule("6 in 7 days, 2 of them for triggers", 6, window_length=week, reserve=2),
            CapRule("4 marketing in 7 days", 4, window_length=week, push_class="marketing"),
            CapRule("18 in 30 days", 18, window_length=timedelta(days=30)),
            CapRule("2 sales in 7 days", 2, window_length=week, tag="sale"),
        ),
    )


def fill_people(engine: Engine, now: datetime) -> None:
    """Take the company's people over and let the audience reader see its tables; repeatable."""
    with transaction(engine) as conn:
        grant_audience_reader(conn, ["shop"])
    sync_people(engine, engine, now)
    with transaction(engine) as conn:
        ADD_CONTROL_GROUP.execute(conn, share=CONTROL_SHARE, salt=CONTROL_SALT, now=now)
        refresh_control_group(conn, now)


def fill_policy(engine: Engine, now: datetime) -> None:
    """Put the demo's policy in force when there is none yet."""
    with transaction(engine) as conn:
        if load_policy(conn, now).policy_id is None:
            start = now - timedelta(days=90)
            add_policy(conn, demo_policy(now), valid_from=start, made_by="demo", note="demo")


def fill_triggers(engine: Engine, now: datetime) -> None:
    """Save both triggers, have them approved by somebody else, turn them on."""
    catalogue = Catalogue(TRIGGERS)
    with transaction(engine) as conn:
        for rule in TRIGGER_RULES:
            sql_hash = catalogue.sql_hash(rule.name)
            trigger_id, version = save_trigger(conn, rule, sql_hash, WRITER, now)
            with suppress(ApprovalRefused):  # filled before
                record_approval(
                    conn,
                    source_kind="trigger",
                    source_id=trigger_id,
                    version=version,
                    content_hash=hash_trigger(rule, sql_hash),
                    by=APPROVER,
                    now=now,
                    expected_reach=0,
                )
            switch_trigger(conn, rule.name, is_on=True)


def fill_briefs(engine: Engine, reader_engine: Engine, now: datetime) -> None:
    """Import the example month; have what is ready approved, at the reach of the deciding SQL.

    Its bad rows stand in the sheet as red drafts: something to mend on the first day.
    """
    with transaction(engine) as conn:
        desk = open_desk(conn, now)
        loaded = desk.load_examples(conn, now, WRITER)
        known = {record.cells.get("idea") for record in desk.read_sheet(conn, now=now)[1]}
        drafts = [cells for cells in loaded.bad_rows if cells.get("idea") not in known]
        desk.create_rows(conn, drafts, by=WRITER, now=now)
    for code in loaded.to_approve:
        reach = estimate_brief(engine, reader_engine, code, now).reach
        with transaction(engine) as conn:
            open_desk(conn, now).approve(conn, code, by=APPROVER, now=now, expected_reach=reach)


def fill_history(engine: Engine, now: datetime) -> None:
    """Take over the pushes of the former tool."""
    with transaction(engine) as conn:
        keep_history(conn, now)
