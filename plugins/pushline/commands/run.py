"""`pushline run`: what runs there are, their funnels; plan one by hand, try one, cancel one."""

import getpass
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import Row

app = typer.Typer(no_args_is_help=True, help="Runs: one occasion of a brief or trigger each.")

RunId = Annotated[int, typer.Argument(metavar="RUN", help="The run's number.")]
RunOrCode = Annotated[
    str, typer.Argument(metavar="RUN|C-YYYY-NNN", help="A run's number, or a brief's code.")
]
AsJson = Annotated[bool, typer.Option("--json", help="For scripts.")]
Language = Annotated[str, typer.Option("--language", help="en, ru or kk.")]
By = Annotated[str | None, typer.Option("--by", help="Who does it; default: your login.")]

# What fits a narrow terminal; `pushline run funnel` and --json have the rest.
COLUMNS = ("audience", "enqueued", "accepted")


def _console() -> Console:
    return Console(highlight=False)


@app.command("list")
def list_runs(
    status: Annotated[
        list[str] | None,
        typer.Option(help="Only runs of this status or stage (sending, sent); may be repeated."),
    ] = None,
    most: Annotated[int, typer.Option(help="At most so many, the latest first.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Show runs with their numbers, the latest occasion first."""
    from pushline.database.engine import get_engine
    from pushline.report.funnel import list_runs as find_runs

    with get_engine("planner").connect() as conn:
        rows = find_runs(conn, statuses=status, most=most)
    if as_json:
        _console().print_json(json.dumps([dict(row._mapping) for row in rows], default=str))  # noqa: SLF001 - SQLAlchemy's public name
        return
    _console().print(_run_table(rows) if rows else "There are no such runs.")


def _run_table(rows: Sequence[Row[Any]]) -> Table:
    zone = ZoneInfo(rows[0].project_zone)
    table = Table(box=None, pad_edge=False, expand=True, caption=f"Times: {zone}.")
    for heading in ("Run", "When", "Status"):
        table.add_column(heading, no_wrap=True)
    for name in COLUMNS:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("Title", no_wrap=True, overflow="ellipsis", ratio=1)
    for row in rows:
        table.add_row(
            str(row.run_id),
            f"{row.occasion.astimezone(zone):%m-%d %H:%M}",
            row.stage,
            *(f"{getattr(row, name):,}" for name in COLUMNS),
            row.title,
        )
    return table


@app.command()
def funnel(run: RunId, language: Language = "en", as_json: AsJson = False) -> None:
    """Show one run: its audience, every reason, and what became of what was enqueued."""
    from pushline.database.engine import get_engine
    from pushline.report.funnel import funnel as count_funnel

    with get_engine("planner").connect() as conn:
        found = count_funnel(conn, run)
    if as_json:
        _console().print_json(json.dumps(found.as_dict(), ensure_ascii=False))
    else:
        _console().print(found.as_table(language), markup=False, soft_wrap=True)
    if not found.adds_up:
        raise typer.Exit(1)


@app.command()
def cancel(
    run: RunId,
    by: By = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Stop a run for good: what waits is not sent, users not decided yet get that as reason."""
    from pushline.database.engine import get_engine
    from pushline.report.funnel import funnel as count_funnel
    from pushline.send_queue.closing import cancel_run

    engine = get_engine("planner")
    if not yes:
        with engine.connect() as conn:
            found = count_funnel(conn, run)
        waiting = found.ends["waiting"] + found.not_planned_yet
        typer.confirm(
            f"Cancel run {run} ({found.title})? {waiting:,} have not left yet, "
            f"{found.ends['accepted']:,} were accepted.",
            abort=True,
        )
    done = cancel_run(engine, run, by or getpass.getuser(), datetime.now(UTC))
    _console().print(
        f"Run {run} is cancelled: {done.cancelled:,} stopped, {done.undecided:,} never decided, "
        f"{done.left_already:,} had left already."
    )


@app.command()
def plan(run: RunOrCode, as_json: AsJson = False) -> None:
    """Plan or resume one run now: only what is approved and due, and nobody twice."""
    from functools import partial

    from pushline.audience import take_snapshot
    from pushline.database.engine import get_engine
    from pushline.plan.passes import GET_SETTING
    from pushline.plan.tick import find_run
    from pushline.plan.waves import plan_now
    from pushline.report.funnel import funnel as count_funnel

    engine = get_engine("planner")
    run_id = int(run) if run.isdigit() else find_run(engine, run)
    snapshot = partial(take_snapshot, get_engine("audience"), engine)
    with engine.connect() as conn:
        bucket_count = int(GET_SETTING.one(conn).bucket_count)
    with Console(stderr=True).status(f"Planning run {run_id}"):
        plan_now(engine, run_id, snapshot, bucket_count)
    with engine.connect() as conn:
        found = count_funnel(conn, run_id)
    if as_json:
        _console().print_json(json.dumps(found.as_dict(), ensure_ascii=False))
    else:
        _console().print(found.as_table(), markup=False, soft_wrap=True)
    if found.status == "set_aside":
        raise typer.Exit(1)


@app.command("dry-run")
def dry_run(run: RunOrCode, language: Language = "en", as_json: AsJson = False) -> None:
    """Say whom a brief or run would reach now, and why not the others; nothing is written."""
    from pushline.database.engine import get_engine
    from pushline.plan.estimate import Estimate, estimate_run
    from pushline.plan.reach_trial import estimate_brief
    from pushline.policy import load_policy
    from pushline.report.sentences import REASONS, name_reason

    engine, now = get_engine("planner"), datetime.now(UTC)
    estimate: Estimate
    with Console(stderr=True).status(f"Trying {run}"):
        if run.isdigit():
            estimate = estimate_run(engine, int(run), now)
        else:
            estimate = estimate_brief(engine, get_engine("audience"), run, now)
    with engine.connect() as conn:
        titles = {rule.rule_no: rule.title for rule in load_policy(conn, estimate.as_of).rules}
    codes = ["", *REASONS]
    left_out = [
        (codes[reason], titles.get(rule_no, "") if rule_no else "", users)
        for (reason, rule_no), users in sorted(estimate.users.items())
        if reason and users
    ]
    if as_json:
        values = {
            "as_of": estimate.as_of.isoformat(),
            "audience": estimate.audience,
            "reach": estimate.reach,
            "reasons": [
                {"code": code, "rule_title": title, "users": users}
                for code, title, users in left_out
            ],
            "by_variant": {chr(ord("A") + v): n for v, n in sorted(estimate.by_variant.items())},
        }
        _console().print_json(json.dumps(values, ensure_ascii=False))
        return
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_row("Audience", f"{estimate.audience:,}")
    for code, title, users in left_out:
        table.add_row(f"  {name_reason(code, title, language)}", f"-{users:,}")
    table.add_row("[bold]Will reach[/bold]", f"[bold]{estimate.reach:,}[/bold]")
    _console().print(table)
    _console().print(f"As of {estimate.as_of:%Y-%m-%d %H:%M} UTC; nothing was written.")
