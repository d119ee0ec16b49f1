"""The guide's table is the code's."""

from pushline.brief.column_guide import GUIDE, fill_guide


def test_guide_is_up_to_date():
    text = GUIDE.read_text(encoding="utf-8")
    assert fill_guide(text) == text, "run: python -m pushline.brief.column_guide"
