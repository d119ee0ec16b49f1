"""The consumer's side of the queue through the public Python client: claim, begin, finish.

Counted is what a sender does with a batch on its own: everything from the call to Python values,
one dictionary of personal fields a push included; and an outcome, with the installation it is
about, for each push. Sending itself is not.
"""

import time
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Engine, text

from bench.figures import Figure, Options
from bench.runs import audit, connect, forget_runs, freeze, make_run, plan
from bench.world import NOW, describe_server, open_world, read_sql
from pushline.send_queue.client import Answer, Batch, Outcome, SendQueue

# Batches a call, as a sender keeps them in hand.
AT_ONCE = 8


def measure_consuming(options: Options) -> list[Figure]:
    """Measure a whole blast taken out of the queue in equal shares, one a repetition."""
    world = open_world(options.users, options.say)
    options.say(describe_server(world))
    with connect(world) as engines:
        forget_runs(engines.planner)
        run_id = make_run(engines.planner)
        freeze(engines, run_id)
        plan(engines.planner, run_id)
        decided = audit(engines.planner, run_id)
        options.say(f"  oracle: {decided.enqueued:,} pushes in the queue, 0 differ")
        samples = _take_all(engines.planner, options)
        _check(engines.planner, run_id, decided.enqueued)
        forget_runs(engines.planner, [run_id])
    note = f"{options.users:,} users, {AT_ONCE} batches a call, 1 connection"
    bounds = {"claim": 3.0, "begin": None, "finish": 10.0}
    what = {
        "claim": "to a dictionary of fields a push",
        "begin": "all positions of a batch",
        "finish": "an outcome with its installation a push",
    }
    return [
        Figure(f"{name}_us_per_push", "us", samples[name], f"{note}, {what[name]}", bound)
        for name, bound in bounds.items()
    ]


def _take_all(engine: Engine, options: Options) -> dict[str, list[float]]:
    queue = SendQueue(engine, "bench")
    with engine.connect() as conn:
        waiting: int = conn.execute(
            text("SELECT count(*) FROM push.send_batch WHERE status = 'waiting'")
        ).scalar_one()
    # The first share warms caches; the last takes what is left over.
    rounds = list(options.rounds())
    share = max(1, waiting // len(rounds))
    samples: dict[str, list[float]] = {"claim": [], "begin": [], "finish": []}
    for number, counts in enumerate(rounds, start=1):
        count = share if number < len(rounds) else waiting
        took, pushes = _take_share(queue, count)
        options.say(
            f"  {pushes:,} pushes: "
            + ", ".join(f"{name} {seconds / pushes * 1e6:.2f} us" for name, seconds in took.items())
        )
        if counts:
            for name, seconds in took.items():
                samples[name].append(seconds / pushes * 1e6)
    return samples


def _take_share(queue: SendQueue, count: int) -> tuple[dict[str, float], int]:
    """Take, begin and finish so many batches; seconds by step, and how many pushes it were."""
    batches: list[Batch] = []
    claim = 0.0
    while len(batches) < count:
        started = time.perf_counter()
        claimed = queue.claim(min(AT_ONCE, count - len(batches)), at=NOW)
        contents = [read_pushes(batch) for batch in claimed]
        claim += time.perf_counter() - started
        if not claimed:
            break
        _check_contents(claimed, contents)
        batches += claimed

    started = time.perf_counter()
    begun = [queue.begin(batch, at=NOW) for batch in batches]
    begin = time.perf_counter() - started

    answers = [_answer(leaving.may_leave) for leaving in begun]
    started = time.perf_counter()
    done = [
        queue.finish(batch, answer, at=NOW) for batch, answer in zip(batches, answers, strict=True)
    ]
    finish = time.perf_counter() - started
    if not all(finished.is_done for finished in done):
        raise RuntimeError("a batch is not done")
    pushes = sum(len(batch.users) for batch in batches)
    return {"claim": claim, "begin": begin, "finish": finish}, pushes


def read_pushes(batch: Batch) -> tuple[list[int], list[dict[str, Any]]]:
    """Return what a sender works through: positions that wait, and by position the fields."""
    return batch.waiting, batch.decode_fields()


def _answer(positions: Iterable[int]) -> Sequence[Answer]:
    """One in fifty is refused, as in life."""
    return [
        Answer(position, Outcome.REJECTED, "unregistered", f"installation-{position:06d}")
        if position % 50 == 0
        else Answer(position, Outcome.ACCEPTED, "", f"installation-{position:06d}")
        for position in positions
    ]


def _check_contents(
    batches: Sequence[Batch], contents: Sequence[tuple[list[int], list[dict[str, Any]]]]
) -> None:
    for batch, (waiting, fields) in zip(batches, contents, strict=True):
        if not (batch.title and batch.body and batch.link):
            raise RuntimeError("a batch came without its texts")
        if len(waiting) != len(batch.users) or len(fields) != len(batch.users):
            raise RuntimeError("a push is missing")
        if any(tuple(of_push) != batch.field_names for of_push in fields):
            raise RuntimeError("a push came without its fields")


def _check(engine: Engine, run_id: int, enqueued: int) -> None:
    """Refuse a queue whose outcomes, states and totals are not those that were given."""
    with engine.connect() as conn:
        found = conn.execute(text(read_sql("count_ends")), {"run_id": run_id}).one()
    expected = (enqueued, enqueued - found.rejected, found.rejected, 0)
    if (found.outcomes, found.accepted, found.rejected, found.others) != expected:
        raise RuntimeError(f"the ends of {enqueued:,} pushes do not add up: {found}")
