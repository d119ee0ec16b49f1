import pytest

from pushline.errors import StopRun
from pushline.people.quarantine import refuse_many


@pytest.mark.parametrize(("rows", "bad"), [(20_000, 1_000), (40, 5), (0, 0)])
def test_a_few_odd_rows_are_normal(rows: int, bad: int):
    refuse_many({"person": rows}, {"person": bad})


def test_a_broken_export_is_refused_by_its_name():
    with pytest.raises(StopRun, match="consent: 1,001 of 20,000 rows") as refusal:
        refuse_many({"person": 20_000, "consent": 20_000}, {"person": 3, "consent": 1_001})
    assert "person" not in str(refusal.value)
