"""A and B of a run side by side: how many pushes each had, and what came back for them."""

from dataclasses import dataclass

from sqlalchemy import Connection

from pushline.database.sql import Query

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
    return [VariantCount(**row._asdict()) for row in LIST_RUN_VARIANTS.all(conn, run_id=run_id)]
