"""The tasks that both planning DAGs are wired from; the thinking is in pushline.plan.tick."""

import logging
from collections.abc import Mapping
from typing import Any

from airflow.sdk import Param, get_current_context
from airflow.sdk.exceptions import AirflowSkipException

# Nothing due: all is skipped without a process. Every run held or set aside: there are no buckets.
AFTER_BUCKETS = "none_failed_min_one_success"

log = logging.getLogger(__name__)

FORM = {
    "run_id": Param(
        None,
        type=["null", "integer"],
        minimum=1,
        title="Run",
        description_md="One run by its number, instead of all that is due. `pushline run list` "
        "shows the numbers.",
    ),
    "brief": Param(
        None,
        type=["null", "string"],
        pattern=r"^C-\d{4}-\d{3,}$",
        title="Brief",
        description_md="One brief by its code (C-2026-001), instead of all that is due.",
    ),
    "dry_run": Param(
        True,
        type="boolean",
        title="Dry run",
        description_md="Only count who would get it: nothing is planned. The answer is in the "
        "tab *Funnel* of this Airflow run. Switched off, the run is planned or resumed; without a "
        "run or brief all that is due now is planned, as the schedule does.",
    ),
}


def check_form(params: Mapping[str, Any]) -> None:
    """Refuse keys that nobody reads: Airflow accepts them, and a typo would plan everything."""
    unknown = sorted(set(params) - set(FORM))
    if unknown:
        raise ValueError(f"Unknown: {', '.join(unknown)}. The form has {', '.join(FORM)}.")
    if params.get("run_id") and params.get("brief"):
        raise ValueError("Name a run or a brief, not both.")


def open_wave(lane: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """Begin a wave; returns ids only. Skips when nothing is due. A dry run returns its numbers."""
    from common.engines import planner_engine, role_engine
    from common.metrics import emit_queue
    from pushline.database.clock import read_clock
    from pushline.plan.dry_runs import count_due, count_one, keep_dry_run
    from pushline.plan.tick import StartedBy, find_run, open_by_hand, open_tick
    from pushline.report.dry_runs import tell_dry_run

    check_form(params)
    context = get_current_context()
    by = StartedBy(context["dag"].dag_id, context["dag_run"].run_id)
    engine, reader = planner_engine(), role_engine("audience")
    now = read_clock(engine)
    run_id, brief = params.get("run_id"), params.get("brief")
    # The schedule fills in no form; whoever did wants no more than what the form says.
    if context["dag_run"].conf and params["dry_run"]:
        named = run_id or brief
        counted = (
            [count_one(engine, reader, named, now)]
            if named
            else count_due(engine, reader, lane, now)
        )
        keep_dry_run(engine, by, counted, now)
        log.info("\n%s", tell_dry_run(counted))
        return {"wave_id": None, "dry_run": counted}
    if run_id or brief:
        wave = open_by_hand(engine, reader, run_id or find_run(engine, brief), by)
    else:
        wave = open_tick(engine, reader, lane, by, now)
        emit_queue(engine)
    if not (wave.run_ids or wave.held or wave.set_aside):
        raise AirflowSkipException("Nothing is due.")
    return {
        "wave_id": wave.wave_id,
        "runs": list(wave.run_ids),
        "held": list(wave.held),
        "set_aside": list(wave.set_aside),
    }


def list_ranges(opened: Mapping[str, Any]) -> list[dict[str, int]]:
    """Split the buckets into as many ranges as PUSHLINE_PLAN_TASKS says (2)."""
    if not opened.get("runs"):
        return []
    from common.engines import planner_engine
    from pushline.plan.tick import split_buckets
    from pushline.settings import get_settings

    ranges = split_buckets(planner_engine(), get_settings().plan_tasks)
    return [
        {"wave_id": opened["wave_id"], "first_bucket": first, "last_bucket": last}
        for first, last in ranges
    ]


def plan_range(wave_id: int, first_bucket: int, last_bucket: int) -> dict[str, int]:
    """Plan the wave's runs in a range of buckets; returns counts."""
    from dataclasses import asdict

    from common.engines import planner_engine
    from pushline.plan.waves import plan_wave_buckets

    return asdict(plan_wave_buckets(planner_engine(), wave_id, first_bucket, last_bucket))


def close_and_count(opened: Mapping[str, Any]) -> list[dict[str, Any]]:
    """End the wave, log its funnels as tables, return their counts."""
    if not opened["wave_id"]:
        raise AirflowSkipException("A dry run has no wave.")
    from common.engines import planner_engine
    from common.metrics import emit_queue, emit_wave
    from pushline.plan.waves import close_wave
    from pushline.report.funnel import list_funnels

    engine = planner_engine()
    close_wave(engine, opened["wave_id"])
    emit_wave(engine, opened["wave_id"])
    emit_queue(engine)
    with engine.connect() as conn:
        funnels = list_funnels(conn, [*opened["runs"], *opened["held"], *opened["set_aside"]])
    for found in funnels:
        log.info("\n%s", found.as_table())
    return [found.as_dict() for found in funnels]


def point_out_faults(opened: Mapping[str, Any]) -> None:
    """Fail when the wave set runs aside, with a sentence each and the way out."""
    if not opened["wave_id"]:
        raise AirflowSkipException("A dry run has no wave.")
    from common.engines import planner_engine
    from pushline.errors import StopRun
    from pushline.plan.tick import list_wave_faults

    faults = list_wave_faults(planner_engine(), opened["wave_id"])
    if faults:
        raise StopRun(
            "These runs were set aside, the others went on:\n- "
            + "\n- ".join(faults)
            + "\nMend the cause, then resume: pushline run plan RUN"
        )


def list_approvals_to_ask() -> list[dict[str, Any]]:
    """Return one Airflow run of approve_reach per held run; its id keeps it from coming twice."""
    from common.engines import planner_engine
    from pushline.plan.tick import HELD_RUN, list_held_runs

    return [
        {"trigger_run_id": f"{HELD_RUN}{row.run_id}", "conf": {"run_id": row.run_id}}
        for row in list_held_runs(planner_engine())
    ]
