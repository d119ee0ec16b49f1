"""The blast with polars and ADBC: Arrow in and out by COPY BINARY. Prints seconds by step as JSON.

`python polars_campaign.py URL RUN_ID AT`.
"""

import json
import sys
import time
from datetime import datetime

import adbc_driver_postgresql.dbapi as adbc
import campaign
import polars as pl


def main() -> None:
    """Read, decide, render and write, in one transaction; print how long each step took."""
    url, run_id, at = sys.argv[1], int(sys.argv[2]), datetime.fromisoformat(sys.argv[3])
    started = time.perf_counter()
    with adbc.connect(url) as conn:
        people, consents, devices, control, sent = (
            pl.read_database(query, conn)
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
        pushes = render(people.filter(pl.col("reason") == ""), devices, run_id, at)
        left_out = people.filter(pl.col("reason") != "").select(
            pl.lit(run_id, pl.Int64).alias("run_id"), "user_id", "reason", "rule_no"
        )
        log = pushes.select(
            "run_id",
            "user_id",
            pl.col("not_before").alias("sent_at"),
            pl.lit("marketing").alias("class"),
            pl.lit(value=True).alias("is_sale"),
        ).unique("user_id")
        rendered = time.perf_counter()
        with conn.cursor() as cursor:
            for table, rows in (
                ("queue", pushes),
                ("send_log", log),
                ("decision", left_out),
            ):
                cursor.adbc_ingest(table, rows.to_arrow(), mode="append", db_schema_name="rival")
        conn.commit()
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
    people: pl.DataFrame,
    consents: pl.DataFrame,
    devices: pl.DataFrame,
    control: pl.DataFrame,
    sent: pl.DataFrame,
    at: datetime,
) -> pl.DataFrame:
    """Return everybody with the reason why they get none (empty: they do), and its rule."""
    is_week = pl.col("sent_at") > at - campaign.WEEK
    counted = (
        sent.lazy()
        .group_by("user_id")
        .agg(
            gap=(pl.col("sent_at") > at - campaign.GAP).sum(),
            day=(pl.col("sent_at") >= campaign.day_start(at)).sum(),
            week=is_week.sum(),
            week_marketing=(is_week & pl.col("is_marketing")).sum(),
            week_sales=(is_week & pl.col("is_sale")).sum(),
            month=pl.len(),
        )
    )
    quiet = [zone for zone in people["zone"].unique() if campaign.is_quiet(zone, at)]
    conditions = [
        pl.col("agrees").is_null(),
        pl.col("has_device").is_null(),
        pl.col("is_control").is_not_null(),
        pl.col("zone").is_in(quiet),
        pl.col("gap") > 0,
        pl.col("week") >= pl.col("weekly_limit"),
        pl.col("day") >= campaign.PER_DAY,
        (pl.col("week") >= campaign.PER_WEEK)
        | (pl.col("week_marketing") >= campaign.PER_WEEK - campaign.RESERVED_FOR_TRIGGERS),
        pl.col("week_marketing") >= campaign.MARKETING_PER_WEEK,
        pl.col("month") >= campaign.PER_MONTH,
        pl.col("week_sales") >= campaign.SALES_PER_WEEK,
        pl.col("is_held_out"),
    ]
    # The position of the first that holds; as many as there are when none does.
    first = pl.coalesce(
        *(pl.when(holds).then(pl.lit(place)) for place, holds in enumerate(conditions)),
        pl.lit(len(conditions)),
    )
    return (
        people.lazy()
        .join(consents.lazy().with_columns(agrees=True), on="user_id", how="left")
        .join(_mark(devices, "has_device"), on="user_id", how="left")
        .join(_mark(control, "is_control"), on="user_id", how="left")
        .join(counted, on="user_id", how="left")
        .with_columns(
            pl.col("gap", "day", "week", "week_marketing", "week_sales", "month").fill_null(0)
        )
        .with_columns(first=first)
        .with_columns(
            reason=pl.col("first").replace_strict(dict(enumerate((*campaign.REASONS, "")))),
            rule_no=pl.col("first").replace_strict(
                dict(enumerate((*campaign.RULES, 0))), return_dtype=pl.Int16
            ),
        )
        .collect()
    )


def _mark(users: pl.DataFrame, name: str) -> pl.LazyFrame:
    return users.lazy().select("user_id").unique().with_columns(pl.lit(value=True).alias(name))


def render(people: pl.DataFrame, devices: pl.DataFrame, run_id: int, at: datetime) -> pl.DataFrame:
    """Return a row a push and device, rendered."""
    after_name, before_city, after_city = (
        pl.col("language").replace_strict(
            {language: texts[part] for language, texts in campaign.TEXTS.items()}
        )
        for part in range(3)
    )
    return (
        people.lazy()
        .select(
            pl.lit(run_id, pl.Int64).alias("run_id"),
            "user_id",
            "variant",
            "language",
            (pl.col("first_name") + after_name).alias("title"),
            (before_city + pl.col("city") + after_city).alias("body"),
            (
                pl.lit(campaign.LINK)
                + pl.when(pl.col("variant") == 0).then(pl.lit("a")).otherwise(pl.lit("b"))
            ).alias("link"),
            pl.lit(at).alias("not_before"),
        )
        .join(devices.lazy(), on="user_id")
        .collect()
    )


if __name__ == "__main__":
    main()
