"""The process that a bench watches: `python -m bench.memory_task snapshot|plan USERS RUN`."""

import sys

from bench.runs import connect, freeze, plan
from bench.world import find_world


def main() -> None:
    """Do one step of a run on one connection, as a task of the DAG does."""
    step, users, run_id = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    with connect(find_world(users)) as engines:
        if step == "snapshot":
            freeze(engines, run_id)
        else:
            plan(engines.planner, run_id, tasks=1)


if __name__ == "__main__":
    main()
