"""How much a push of a batch adds to the run's counters, as tables that the counting SQL looks up.

Four counters of 13 bits share a number that a float8 sum carries exactly (53 bits). See
sql/plan/function_count_pushes.sql. A run with more than MOST_COUNTED_SLOTS counters is judged by
decide_carefully, push by push.
"""

from datetime import datetime
from typing import Any

from pushline.policy import Slots

COUNTER_BITS = 13
COUNTERS_A_NUMBER = 4
NUMBERS = 3
MOST_COUNTED_SLOTS = COUNTERS_A_NUMBER * NUMBERS
# In the order of the CASE in count_pushes: class * 2 + is_counted.
CLASSES = ("marketing", "trigger", "transactional")
OWN_LIMIT_SLOT = 1


def weigh_batches(
    slots: Slots, starts: list[datetime | None], ends: list[datetime | None]
) -> dict[str, Any]:
    """Return what the counting SQL needs to know of the windows [start, end) of the slots.

    `weights[number][(class * 2 + is_counted) * (edges + 1) + interval]`, interval 0 before the
    first edge. Batches with one of `watched_tags` are not in the tables: a rule names their tag.
    `full_when_empty` is the first slot (1-based) that allows nothing at all, 0 when there is none.
    """
    windows = list(zip(starts, ends, strict=True))
    edges = sorted({edge for window in windows for edge in window if edge is not None})
    numbers = min(NUMBERS, max(1, -(-len(slots.maximum) // COUNTERS_A_NUMBER)))
    weights = [
        [
            _weigh(slots, windows, number, push_class, is_counted, moment)
            for push_class in CLASSES
            for is_counted in (False, True)
            for moment in (None, *edges)
        ]
        for number in range(numbers)
    ]
    return {
        "edges": edges,
        "weights": weights,
        "watched_tags": sorted({tag for tag in slots.tag if tag is not None}),
        "full_when_empty": next(
            (
                slot + 1
                for slot, maximum in enumerate(slots.maximum)
                if maximum is not None and maximum <= 0 and slot != OWN_LIMIT_SLOT
            ),
            0,
        ),
        "margins": [_margin(slots, number) for number in range(NUMBERS)],
    }


def _weigh(
    slots: Slots,
    windows: list[tuple[datetime | None, datetime | None]],
    number: int,
    push_class: str,
    is_counted: bool,
    moment: datetime | None,
) -> float:
    """Return the weight of an untagged push in the interval that begins at `moment`."""
    total = 0
    for place, slot in enumerate(_slots_of(slots, number)):
        start, end = windows[slot]
        if (
            moment is not None
            and start is not None
            and end is not None
            and start <= moment < end
            and (is_counted or slots.counts_uncounted[slot])
            and slots.push_class[slot] in (None, push_class)
            and slots.tag[slot] is None
        ):
            total += 1 << COUNTER_BITS * place
    return float(total)


def _margin(slots: Slots, number: int) -> int:
    """Return what lifts a full counter to its top bit; the own limit differs by user: 0."""
    total = 0
    for place, slot in enumerate(_slots_of(slots, number)):
        maximum = slots.maximum[slot]
        if maximum is not None and slot != OWN_LIMIT_SLOT:
            total += (2 ** (COUNTER_BITS - 1) - maximum) << COUNTER_BITS * place
    return total


def _slots_of(slots: Slots, number: int) -> range:
    first = number * COUNTERS_A_NUMBER
    return range(first, min(first + COUNTERS_A_NUMBER, len(slots.maximum)))
