"""The one clock that everybody shares: whoever begins a piece of work asks it once."""

from datetime import datetime

from sqlalchemy import Engine

from pushline.database.engine import transaction
from pushline.database.sql import Query

READ_CLOCK = Query("maintain/read_clock")


def read_clock(engine: Engine) -> datetime:
    """Return the moment by the database's clock.

    A worker whose own clock goes wrong would end other people's leases, and what is not late.
    """
    with transaction(engine) as conn:
        moment: datetime = READ_CLOCK.scalar(conn)
    return moment
