"""What the deciding SQL must be told of a run: its planned moments and its counters, as parameters.

A run has one pass over a bucket per planned moment: one for most runs; one per clock for a run
that follows the users' own time or a rule that follows their calendar; one per step for a throttled
run.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from psycopg.types.numeric import Float8, Int2, Int4, Int8
from sqlalchemy import Connection, Row

from pushline.database.sql import Query
from pushline.database.wire import encode
from pushline.errors import StopRun
from pushline.message.language import choose_language
from pushline.plan.weights import MOST_COUNTED_SLOTS, weigh_batches
from pushline.policy import Policy, Slots, list_slots, load_policy

GET_RUN = Query("plan/get_run")
GET_SETTING = Query("plan/get_setting")
LIST_RUN_MOMENTS = Query("plan/list_run_moments")

CONSENT_BITS = {"marketing": 1, "trigger": 1, "transactional": 2}
EVERY_POSITION = 2_147_483_647


@dataclass(frozen=True)
class Pass:
    """One pass of the deciding SQL over each bucket: parameters, and from when care is needed."""

    parameters: dict[str, Any]
    moment: datetime | None
    needs_care: bool
    step: "Step"

    @cached_property
    def _encoded(self) -> dict[str, Any]:
        return encode(self.parameters)

    def bind(
        self,
        bucket: int,
        latest: datetime | None,
        *,
        is_first: bool,
        few_users: Sequence[int] | None = None,
    ) -> dict[str, Any]:
        """Return the parameters for one bucket; `latest` is its latest push that lies ahead.

        `few_users` is the bucket's audience when it is small: only their pushes are counted.
        """
        first, last = self.step.positions(bucket)
        is_ahead = self.moment is not None and latest is not None and latest > self.moment
        is_careful = self.moment is not None and (self.needs_care or is_ahead)
        return self._encoded | {
            "bucket": bucket,
            "is_careful": is_careful,
            "only_users": None if few_users is None else [Int8(user) for user in few_users],
            "is_first_pass": is_first,
            "first_position": first,
            "last_position": last,
        }


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a throttled run: so many users of all buckets together; unthrottled: everybody.

    The audience stands in one row: the first users of all buckets, then the second of all, ...
    """

    number: int = 0
    size: int | None = None
    bucket_count: int = 1
    is_last: bool = True

    def positions(self, bucket: int) -> tuple[int, int]:
        """Return the first and last position (1-based) of the bucket's block in this step."""
        if self.size is None:
            return 1, EVERY_POSITION
        first = -(-(self.number * self.size - bucket) // self.bucket_count)
        after = -(-((self.number + 1) * self.size - bucket) // self.bucket_count)
        return max(first, 0) + 1, EVERY_POSITION if self.is_last else max(after, 0)


@dataclass(frozen=True, slots=True)
class RunPlan:
    """A run with its passes, made once a task and used for every bucket."""

    run: Row[Any]
    policy: Policy
    passes: tuple[Pass, ...]


def prepare_run(conn: Connection, run_id: int, at: datetime) -> RunPlan:
    """Return what is needed to decide a run at a moment, by the policy in force then.

    Raises StopRun when there is no such run.
    """
    run = GET_RUN.one_or_none(conn, run_id=run_id)
    if run is None:
        raise StopRun(f"There is no run {run_id}. `pushline run list` shows the runs there are.")
    setting = GET_SETTING.one(conn)
    policy = load_policy(conn, at)
    slots = list_slots(
        policy,
        push_class=run.push_class,
        tags=tuple(run.tags),
        source_tag=f"{run.source_kind}:{run.source_id}",
        cool_down=run.cool_down,
    )
    languages = _language_indexes(setting, run.languages)
    passes = tuple(
        made
        for step in _list_steps(run, setting)
        for made in _passes_of_step(conn, run, setting, policy, slots, languages, at, step)
    )
    return RunPlan(run=run, policy=policy, passes=passes)


# As the deciding SQL casts them. The driver would send each number in the smallest type that holds
# it, and a plan that serves every bucket would cast the array again for every user.
_NUMBERS: dict[str, type[int] | type[float]] = {
    "zones": Int2,
    "language_by_id": Int2,
    "weights": Float8,
    "margins": Int8,
    "slot_maximum": Int4,
    "slot_reason": Int2,
    "slot_rule": Int2,
    "slot_week_start": Int2,
    "variant_shares": Int4,
    "salt": Int8,
    "control_share": Int4,
    "full_when_empty": Int4,
    "moment_reason": Int2,
    "consent_bit": Int2,
}


def type_numbers(parameters: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters with numbers in the types of the deciding SQL."""
    return parameters | {
        name: _convert(parameters[name], number_type) for name, number_type in _NUMBERS.items()
    }


def _convert(value: Any, number_type: type[int] | type[float]) -> Any:
    if isinstance(value, list | tuple):
        return [_convert(item, number_type) for item in value]
    return None if value is None else number_type(value)


def _language_indexes(setting: Row[Any], filled: list[str]) -> list[int | None]:
    """Return for each language_id (0 first) which of the run's texts its people read, 1-based."""
    order = [locale for locale in filled if locale]
    indexes: list[int | None] = []
    for locale in [None, *setting.locales]:
        chosen = choose_language(locale, order, setting.default_language)
        indexes.append(order.index(chosen) + 1 if chosen else None)
    return indexes


def _as_seconds(length: timedelta | None) -> str | None:
    """Return a length as an interval without days.

    The driver sends a timedelta of a week as 7 days, which Postgres makes 167 or 169 hours where
    the session's clock changes.
    """
    return None if length is None else f"{length.total_seconds()} seconds"


def _list_steps(run: Row[Any], setting: Row[Any]) -> list[Step]:
    """Return the steps of a run, up to the first that lies after its deadline for everybody."""
    if run.throttle is None or run.largest_block == 0:
        return [Step()]
    size = max(1, int(run.throttle * (setting.moment_step / timedelta(minutes=1))))
    until_deadline = int((run.expires_at - run.due_at) / setting.moment_step) + 2
    count = min(-(-int(run.largest_block) * setting.bucket_count // size), until_deadline)
    return [
        Step(number, size, setting.bucket_count, is_last=number == count - 1)
        for number in range(count)
    ]


def _passes_of_step(
    conn: Connection,
    run: Row[Any],
    setting: Row[Any],
    policy: Policy,
    slots: Slots,
    languages: list[int | None],
    at: datetime,
    step: Step,
) -> list[Pass]:
    """Return one throttle step's passes: one per group of zones with one moment and windows."""
    is_exempt = run.push_class == "transactional"
    quiet_from, quiet_until = (None, None) if is_exempt else (policy.quiet_from, policy.quiet_until)
    moments = LIST_RUN_MOMENTS.all(
        conn,
        occasion=run.occasion,
        local_time=run.local_time,
        at=at,
        expires_at=run.expires_at,
        late_by=setting.late_by,
        step=setting.moment_step,
        zone_ids=setting.zone_ids,
        project_zone=setting.project_zone,
        quiet_from=quiet_from,
        quiet_until=quiet_until,
        slot_kind=slots.kind,
        slot_length=[_as_seconds(length) for length in slots.length],
        slot_unit=slots.unit,
        slot_week_start=slots.week_start,
        delay=_as_seconds(setting.moment_step * step.number),
    )
    is_deferring = run.limit_mode == "defer" and not is_exempt
    return [
        Pass(
            moment=row.moment,
            needs_care=is_deferring or len(slots.maximum) > MOST_COUNTED_SLOTS,
            step=step,
            parameters=type_numbers(
                {
                    "run_id": run.run_id,
                    "zones": None if len(moments) == 1 else row.zones,
                    "moment": row.moment,
                    "moment_reason": row.moment_reason,
                    "is_exempt": is_exempt,
                    "is_deferring": is_deferring,
                    "consent_bit": CONSENT_BITS[run.push_class],
                    "language_by_id": languages,
                    "quiet_by_zone": row.quiet_by_zone,
                    "ledger_from": min([*row.slot_from, row.moment or at]),
                    "ledger_until": "infinity",
                    **weigh_batches(slots, row.slot_from, row.slot_until),
                    "slot_from": row.slot_from,
                    "slot_until": row.slot_until,
                    "slot_class": slots.push_class,
                    "slot_tag": slots.tag,
                    "slot_counts_uncounted": slots.counts_uncounted,
                    "slot_maximum": slots.maximum,
                    "slot_reason": slots.reason,
                    "slot_rule": slots.rule,
                    "salt": run.salt,
                    "variant_shares": run.variant_shares,
                    "control_share": 0 if is_exempt else run.control_share,
                    "slot_kind": slots.kind,
                    "slot_length": [_as_seconds(length) for length in slots.length],
                    "slot_unit": slots.unit,
                    "slot_week_start": slots.week_start,
                    "project_zone": setting.project_zone,
                    "quiet_from": quiet_from,
                    "quiet_until": quiet_until,
                    "step": setting.moment_step,
                    "deadline": run.expires_at,
                    "later_until": run.expires_at + slots.longest_window(),
                }
            ),
        )
        for row in moments
    ]
