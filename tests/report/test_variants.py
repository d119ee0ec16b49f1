from sqlalchemy import Connection, text

from pushline.report.variants import list_variants
from tests.factories import NOON, create_batch, create_run, users_of_bucket

_ADD_RECEIPT = """
    INSERT INTO push.receipt (run_day, batch_id, position, kind, received_at, insert_id)
    VALUES (:day, :batch, :position, :kind, :now, :insert_id)
"""


def test_variants_are_counted_apart_with_what_came_back(db: Connection):
    users = users_of_bucket(db, 0, 6)
    run_id = create_run(db, variant_shares=[5000, 10000])
    first = create_batch(db, run_id, users=users[:4], status="done", states=[2, 2, 2, 3])
    create_batch(db, run_id, users=users[4:], variant=1)
    came = [(1, "opened"), (2, "opened"), (2, "converted"), (2, "opened")]
    for number, (position, kind) in enumerate(came):
        row = {"day": NOON.date(), "batch": first, "position": position, "kind": kind, "now": NOON}
        db.execute(text(_ADD_RECEIPT), row | {"insert_id": str(number)})
    one, other = list_variants(db, run_id)
    assert (one.variant, one.pushes, one.accepted, one.opened, one.converted) == ("A", 4, 3, 2, 1)
    assert (other.variant, other.pushes, other.accepted) == ("B", 2, 0)
    assert (one.has_receipts, other.has_receipts) == (True, False)


def test_a_run_without_pushes_has_no_variants(db: Connection):
    assert list_variants(db, create_run(db)) == []
