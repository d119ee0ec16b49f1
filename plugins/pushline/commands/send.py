"""`pushline send --pretend`: let pushes end somewhere without sending them."""

import os
import signal
import socket
from threading import Event
from typing import Annotated

import typer
from rich.console import Console

from pushline.database.engine import get_engine
from pushline.errors import PushlineError
from pushline.send_queue.pretend import PretendTaker


def main(
    pretend: Annotated[
        bool, typer.Option("--pretend", help="End pushes by a written table; nothing is sent.")
    ] = False,
    once: Annotated[bool, typer.Option("--once", help="Take what is due now, then end.")] = False,
    max_per_second: Annotated[
        int | None, typer.Option(min=1, help="At most so many pushes a second.")
    ] = None,
) -> None:
    """Take batches from the send queue until stopped (Ctrl+C or TERM)."""
    if not pretend:
        raise PushlineError(
            "Only the stand-in taker is here: add --pretend. A real sender works on the contract "
            "in docs/send-queue.md."
        )
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    worker = f"pretend@{socket.gethostname()}:{os.getpid()}"
    taker = PretendTaker(get_engine("sender"), worker, max_per_second, stop)
    if once:
        Console().print(f"{taker.work_until_empty()} pushes ended.", highlight=False)
        return
    taker.work_until_stopped()
