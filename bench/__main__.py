"""`python -m bench [--only NAME,NAME] [--size 1m|5m|N] [--repetitions 5]`.

Figures of fewer than five repetitions, or of a smaller company than a million people, are tries:
they go to tries.json and leave results.json alone.
"""

import argparse
import sys
import time
import traceback
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table

from bench import (
    campaign,
    consuming,
    contention,
    demo,
    growth,
    memory,
    planning,
    queues,
    reach,
    sheet,
    small,
    upkeep,
)
from bench.figures import (
    RESULTS,
    ROOT,
    TRIES,
    Bench,
    Figure,
    Options,
    describe_bound,
    write_results,
)

BENCHES: tuple[Bench, ...] = (
    Bench(("plan_vs_bare_insert_1m", "plan_cpu_vs_bare_insert_1m"), planning.measure_plan),
    Bench(("snapshot_vs_bare_insert_1m",), planning.measure_snapshot),
    Bench(
        ("claim_us_per_push", "begin_us_per_push", "finish_us_per_push"),
        consuming.measure_consuming,
    ),
    Bench(("small_run_ms", "small_run_estimate_ms"), small.measure_small_run),
    Bench(("reach_estimate_1m_ms",), reach.measure_reach),
    Bench(("trigger_decide_ms", "trigger_prepare_ms"), small.measure_trigger),
    Bench(("two_campaigns_vs_unlocked",), contention.measure_two_campaigns),
    Bench(("recipient_upkeep_us",), upkeep.measure_upkeep),
    Bench(("planner_memory_growth_mb", "snapshot_memory_growth_mb"), memory.measure_memory),
    Bench(("plan_growth_5m_over_1m",), growth.measure_growth),
    Bench(("pandas_over_plan",), campaign.measure_pandas),
    Bench(("pandas_copy_over_plan",), campaign.measure_pandas_copy),
    Bench(("polars_over_plan",), campaign.measure_polars),
    Bench(("enqueue_over_pgqueuer",), queues.measure_pgqueuer),
    Bench(("enqueue_over_procrastinate",), queues.measure_procrastinate),
    Bench(("enqueue_over_pgmq",), queues.measure_pgmq),
    Bench(("sheet_ready_ms", "sheet_keystroke_ms"), sheet.measure_sheet),
    Bench(("demo_cold_s", "demo_warm_s"), demo.measure_demo),
)
UNITS = {"k": 1_000, "m": 1_000_000}
# What a figure that is kept has at least.
REPETITIONS, USERS = 5, 1_000_000


def main() -> None:
    """Measure what was asked for, print a table, keep the results; fails when a bench did."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", default="", help="names of figures, or their starts: a,b,c")
    parser.add_argument("--size", default="1m", help="users: 50k, 1m, 5m or a number")
    parser.add_argument("--repetitions", type=int, default=REPETITIONS)
    given = parser.parse_args()
    console = Console(highlight=False)
    wanted = choose_benches(given.only)
    if not wanted:
        names = ", ".join(name for bench in BENCHES for name in bench.names)
        parser.error(f"there is no figure {given.only!r}; there are {names}")
    users = read_size(given.size)
    results = RESULTS if given.repetitions >= REPETITIONS and users >= USERS else TRIES
    options = Options(users, given.repetitions, lambda line: console.print(line, style="dim"))
    figures: list[Figure] = []
    failed = []
    for bench in wanted:
        started_at, started = datetime.now(UTC), time.monotonic()
        try:
            measured = bench.measure(options)
        except Exception:  # noqa: BLE001 - the others are measured all the same
            traceback.print_exc()
            failed.append(bench.names[0])
            continue
        figures += measured
        write_results(measured, started_at, users, results)
        options.say(f"{bench.names[0]} took {time.monotonic() - started:.0f} s")
    console.print(_table(figures))
    console.print(f"written to {results.relative_to(ROOT)}")
    if failed:
        sys.exit(f"not measured: {', '.join(failed)}")


def choose_benches(only: str) -> list[Bench]:
    """Return the benches with a figure whose name begins with one of those given; all for none."""
    starts = tuple(part.strip() for part in only.split(",") if part.strip()) or ("",)
    return [bench for bench in BENCHES if any(name.startswith(starts) for name in bench.names)]


def read_size(size: str) -> int:
    """Return a number of users, as it is written: 50k, 1m or 1000000."""
    unit = UNITS.get(size[-1:].lower(), 1)
    return int(size[:-1] if unit > 1 else size) * unit


def _table(figures: list[Figure]) -> Table:
    table = Table("figure", "median", "unit", "bound", "samples", "note")
    for figure in figures:
        samples = " ".join(f"{sample:.2f}" for sample in figure.samples)
        bound = describe_bound(figure)
        table.add_row(figure.name, f"{figure.value:.2f}", figure.unit, bound, samples, figure.note)
    return table


if __name__ == "__main__":
    main()
