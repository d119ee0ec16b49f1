"""`pushline queue`: what waits, what leaves, how to stop it."""  # noqa: A005 - the command's name

import getpass
import json
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from pushline.database.engine import get_engine, transaction
from pushline.send_queue import pause as pauses
from pushline.send_queue.client import Lane
from pushline.send_queue.status import LaneStatus, Pause, QueueStatus, queue_status
from pushline.settings import get_settings

app = typer.Typer(help="The send queue: status, pause, resume.", no_args_is_help=True)


LaneOption = Annotated[Lane | None, typer.Option("--lane", help="Only this lane.")]
RunOption = Annotated[int | None, typer.Option("--run", help="Only this run.")]
ByOption = Annotated[str | None, typer.Option("--by", help="Who does it; default: your login.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


# A row each, so that the table fits a narrow terminal, too.
ROWS = (
    "waiting",
    "  due now",
    "claimed",
    "accepted",
    "rejected",
    "unknown",
    "withheld",
    "expired",
    "cancelled",
    "oldest due",
    "ended a minute",
)


def _age(age: timedelta | None) -> str:
    if age is None:
        return "-"
    minutes, seconds = divmod(int(age.total_seconds()), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def _number(value: int) -> str:
    return f"{value:,}".replace(",", "\u202f")


def _lane_cells(lane: LaneStatus) -> list[str]:
    counts = (
        lane.waiting,
        lane.due,
        lane.claimed,
        lane.accepted,
        lane.rejected,
        lane.unknown,
        lane.withheld,
        lane.expired,
        lane.cancelled,
    )
    return [
        *(_number(count) for count in counts),
        _age(lane.oldest_due),
        _number(round(lane.pushes_per_minute)),
    ]


def _pause_line(pause: Pause) -> str:
    what = {
        "all": "everything",
        "lane": f"lane {pause.lane}",
        "run": f"run {pause.run_id} ({pause.title})",
    }[pause.scope]
    at = pause.paused_at.astimezone(get_settings().zone)
    return f"Paused: {what}, by {pause.paused_by}, since {at:%Y-%m-%d %H:%M %Z}"


def show_status(console: Console, status: QueueStatus) -> None:
    """Print the queue as a table, and below it what is paused."""
    at = status.now.astimezone(get_settings().zone)
    console.print(f"Send queue at {at:%Y-%m-%d %H:%M:%S %Z}, pushes", style="bold")
    table = Table(box=None, pad_edge=False, caption="Ended ones: last 24 hours.")
    table.add_column("")
    for lane in status.lanes:
        name = f"{lane.lane} (paused)" if lane.is_paused else lane.lane
        table.add_column(name, justify="right")
    cells = [_lane_cells(lane) for lane in status.lanes]
    for name, *row in zip(ROWS, *cells, strict=True):
        table.add_row(name, *row)
    console.print(table)
    for pause in status.pauses:
        console.print(_pause_line(pause), style="yellow", highlight=False)


@app.command()
def status(as_json: JsonOption = False) -> None:
    """Show both lanes: what waits, what is due, what became of it, how fast."""
    now = datetime.now(UTC)
    with transaction(get_engine("planner")) as conn:
        found = queue_status(conn, now)
    if as_json:
        typer.echo(json.dumps(found.as_dict(), indent=2))
    else:
        show_status(Console(highlight=False), found)


def _scope(lane: Lane | None, run: int | None) -> str:
    if run is not None:
        return f"Run {run}"
    return f"Lane {lane}" if lane else "Everything"


@app.command()
def pause(lane: LaneOption = None, run: RunOption = None, by: ByOption = None) -> None:
    """Stop a run, a lane, or everything from leaving; what has begun ends."""
    engine, now = get_engine("planner"), datetime.now(UTC)
    with transaction(engine) as conn:
        is_new = pauses.pause(conn, by or getpass.getuser(), now, lane=lane, run_id=run)
    left = pauses.count_left(engine, now, lane=lane, run_id=run)
    done = "is paused." if is_new else "was paused already."
    typer.echo(
        f"{_scope(lane, run)} {done} {_number(left.left_already)} pushes had left already, "
        f"{_number(left.waiting)} wait."
    )


@app.command()
def resume(lane: LaneOption = None, run: RunOption = None, by: ByOption = None) -> None:
    """End a pause of a run, a lane, or everything."""
    with transaction(get_engine("planner")) as conn:
        was_paused = pauses.resume(
            conn, by or getpass.getuser(), datetime.now(UTC), lane=lane, run_id=run
        )
        left = queue_status(conn, datetime.now(UTC)).pauses
    done = "goes on." if was_paused else "was not paused."
    typer.echo(f"{_scope(lane, run)} {done}")
    for other in left:
        typer.echo(f"Still p{_pause_line(other)[1:]}")
