"""The blast with pandas: read_sql, groupby, merge, to_sql. Prints seconds by step as JSON.

`python pandas_campaign.py URL RUN_ID AT insert|copy`. Written as pandas' documentation recommends:
only the columns that are needed, vectorised, in chunks; `copy` is its example of a callable that
uses Postgres' COPY, `insert` is to_sql as it comes.
"""

import csv
import io
import json
import sys
import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import campaign
import numpy as np
import pandas as pd
from sqlalchemy import Connection, create_engine, text

CHUNK = 10_000


def main() -> None:
    """Read, decide, render and write, in one transaction; print how long each step took."""
    url, run_id, at, method = (
        sys.argv[1],
        int(sys.argv[2]),
        datetime.fromisoformat(sys.argv[3]),
        sys.argv[4],
    )
    engine = create_engine(url)
    started = time.perf_counter()
    with engine.begin() as conn:
        people, consents, devices, control, sent = (
            pd.read_sql(text(query), conn)
            for query in (
                campaign.PEOPLE,
                campaign.CONSENTS,
                campaign.DEVICES,
                campaign.CONTROL,
                campaign.SENT,
            )
        )
        read = time.perf_counter()
        people = decide(people, consents, devices, control, sent, at)
        decided = time.perf_counter()
        pushes = render(people[people["reason"] == ""], devices, run_id, at)
        left_out = people.loc[people["reason"] != "", ["user_id", "reason", "rule_no"]]
        left_out = left_out.assign(run_id=run_id)
        log = pushes[["run_id", "user_id", "not_before"]].drop_duplicates()
        log = log.rename(columns={"not_before": "sent_at"})
        log = log.assign(**{"class": "marketing", "is_sale": True})
        rendered = time.perf_counter()
        for table, rows in (
            ("queue", pushes),
            ("send_log", log),
            ("decision", left_out),
        ):
            rows.to_sql(
                table,
                conn,
                schema="rival",
                if_exists="append",
                index=False,
                chunksize=CHUNK,
                method=copy_rows if method == "copy" else None,
            )
    written = time.perf_counter()
    print(
        json.dumps(
            {
                "seconds": written - started,
                "read": read - started,
                "decide": decided - read,
                "render": rendered - decided,
                "write": written - rendered,
                "pushes": len(pushes),
            }
        )
    )


def decide(
    people: pd.DataFrame,
    consents: pd.DataFrame,
    devices: pd.DataFrame,
    control: pd.DataFrame,
    sent: pd.DataFrame,
    at: datetime,
) -> pd.DataFrame:
    """Return everybody with the reason why they get none (empty: they do), and its rule."""
    is_week = sent["sent_at"] > at - campaign.WEEK
    counted = (
        sent.assign(
            gap=sent["sent_at"] > at - campaign.GAP,
            day=sent["sent_at"] >= campaign.day_start(at),
            week=is_week,
            week_marketing=is_week & sent["is_marketing"],
            week_sales=is_week & sent["is_sale"],
            month=True,
        )
        .groupby("user_id", sort=False)[
            ["gap", "day", "week", "week_marketing", "week_sales", "month"]
        ]
        .sum()
    )
    quiet = {zone: campaign.is_quiet(zone, at) for zone in people["zone"].unique()}
    people = people.merge(counted, how="left", left_on="user_id", right_index=True)
    people[counted.columns] = people[counted.columns].fillna(0)
    conditions = [
        ~people["user_id"].isin(consents["user_id"]),
        ~people["user_id"].isin(devices["user_id"]),
        people["user_id"].isin(control["user_id"]),
        people["zone"].map(quiet),
        people["gap"] > 0,
        people["week"] >= people["weekly_limit"],
        people["day"] >= campaign.PER_DAY,
        (people["week"] >= campaign.PER_WEEK)
        | (people["week_marketing"] >= campaign.PER_WEEK - campaign.RESERVED_FOR_TRIGGERS),
        people["week_marketing"] >= campaign.MARKETING_PER_WEEK,
        people["month"] >= campaign.PER_MONTH,
        people["week_sales"] >= campaign.SALES_PER_WEEK,
        people["is_held_out"],
    ]
    return people.assign(
        reason=np.select(conditions, campaign.REASONS, ""),
        rule_no=np.select(conditions, campaign.RULES, 0),
    )


def render(people: pd.DataFrame, devices: pd.DataFrame, run_id: int, at: datetime) -> pd.DataFrame:
    """Return a row a push and device, rendered."""
    after_name, before_city, after_city = (
        people["language"].map(
            {language: texts[part] for language, texts in campaign.TEXTS.items()}
        )
        for part in range(3)
    )
    rendered = pd.DataFrame(
        {
            "run_id": run_id,
            "user_id": people["user_id"],
            "variant": people["variant"],
            "language": people["language"],
            "title": people["first_name"] + after_name,
            "body": before_city + people["city"] + after_city,
            "link": campaign.LINK + people["variant"].map({0: "a", 1: "b"}),
            "not_before": at,
        }
    )
    return rendered.merge(devices, on="user_id")


def copy_rows(table: Any, conn: Connection, keys: list[str], rows: Iterable[Any]) -> None:
    """Write rows by COPY, as in the documentation of to_sql's `method`."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    columns = ", ".join(f'"{key}"' for key in keys)
    statement = f"COPY {table.schema}.{table.name} ({columns}) FROM STDIN WITH CSV"
    with conn.connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(buffer.getvalue())


if __name__ == "__main__":
    main()
