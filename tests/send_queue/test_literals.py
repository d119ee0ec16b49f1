from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from pushline.send_queue.literals import number_array, text_array

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)


@given(texts=st.lists(TEXTS | st.sampled_from(["null", '"', "\\", "{}", ",", " a "]), max_size=8))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_postgres_reads_the_texts_that_were_written(db: Connection, texts: Sequence[str]):
    read = db.execute(text("SELECT CAST(:texts AS text[])"), {"texts": text_array(texts)}).scalar()
    assert read == list(texts)


@given(numbers=st.lists(st.integers(-32768, 32767), max_size=8))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_postgres_reads_the_numbers_that_were_written(db: Connection, numbers: Sequence[int]):
    written = {"numbers": number_array(numbers)}
    read = db.execute(text("SELECT CAST(:numbers AS smallint[])"), written).scalar()
    assert read == list(numbers)


def test_a_zero_byte_is_refused():
    with pytest.raises(ValueError, match="zero byte"):
        text_array(["fine", "not\0fine"])
