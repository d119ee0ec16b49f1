"""Readers of Kazakh get every header and every step in Kazakh."""

from pushline.brief.sheet import COLUMNS
from pushline.brief.sheet_store import EDITABLE
from pushline.brief.status import LABELS, STATUSES
from pushline.web.kazakh import HEADERS, STEPS, name_column, name_status


def test_every_column_and_step_has_its_kazakh_name():
    assert list(HEADERS) == list(EDITABLE)
    assert set(STEPS) == set(STATUSES)


def test_other_readers_get_the_names_of_the_files():
    for key in EDITABLE:
        assert name_column(key, COLUMNS[key], "en") == COLUMNS[key].en
        assert name_column(key, COLUMNS[key], "ru") == COLUMNS[key].ru
    assert name_status("approved", "kk") == "келісілді"
    assert name_status("approved", "ru") == LABELS["approved"].ru
    assert name_column("campaign_id", COLUMNS["campaign_id"], "kk") == "ID"
