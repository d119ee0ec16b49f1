"""A and B of a run side by side: how many pushes each had, and what came back for them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from pushline.database.sql import Query
from pushline.report.uplift import Uplift, compare

LIST_RUN_VARIANTS = Query("report/list_run_variants")


@dataclass(frozen=True, slots=True)
class VariantCount:
    """One variant in numbers of users. opened, converted, ...: from receipts, 0 without any."""

    variant: str
    pushes: int
    accepted: int
    delivered: int
    opened: int
    unsubscribed: int
    converted: int

    @property
    def has_receipts(self) -> bool:
        """Whether anything came back at all."""
        return any((self.delivered, self.opened, self.unsubscribed, self.converted))


def list_variants(conn: Connection, run_id: int) -> list[VariantCount]:
    """Return the variants of a run that have pushes, A first; none when nothing was kept."""
    return list_variants_of(conn, [run_id])[run_id]


def list_variants_of(conn: Connection, run_ids: Sequence[int]) -> dict[int, list[VariantCount]]:
    """Return the same of several runs, by run."""
    found: dict[int, list[VariantCount]] = {run_id: [] for run_id in run_ids}
    for row in LIST_RUN_VARIANTS.all(conn, run_ids=list(found)):
        fields = row._asdict()
        found[fields.pop("run_id")].append(VariantCount(**fields))
    return found


def compare_variants(variants: Sequence[VariantCount], stage: str) -> Uplift | None:
    """Return how much more B was opened than A of one run, as shares of what was accepted.

    None while the run is being sent (one would have been opened for longer than the other), while
    nothing came back, and without two variants.
    """
    by_name = {it.variant: it for it in variants}
    if stage == "sending" or not by_name.keys() >= {"A", "B"}:
        return None
    if not any(it.has_receipts for it in variants):
        return None
    one, two = by_name["A"], by_name["B"]
    return compare((one.accepted, one.opened), (two.accepted, two.opened))
