"""What `make screenshots` does to a picture, and what it says without a font."""

import io

import pytest
from PIL import Image

from scripts.screenshots.browser import refuse_missing_emoji, shrink

GREEN = (29, 112, 60)


def test_without_emoji_it_says_what_to_install():
    refuse_missing_emoji(has_emoji=True)
    with pytest.raises(SystemExit, match="apt-get install fonts-noto-color-emoji"):
        refuse_missing_emoji(has_emoji=False)


def test_a_rare_colour_survives_in_a_big_picture(monkeypatch):
    monkeypatch.setattr("scripts.screenshots.browser.MANY_BYTES", 0)
    slope = Image.linear_gradient("L")
    drawn = Image.merge("RGB", (slope, slope.rotate(90), Image.new("L", slope.size, 200)))
    drawn.paste(GREEN, (10, 10, 16, 16))
    png = io.BytesIO()
    drawn.save(png, "PNG")
    with Image.open(io.BytesIO(shrink(png.getvalue()))) as small:
        assert small.mode == "P"
        found = small.convert("RGB").getpixel((12, 12))
    assert isinstance(found, tuple)
    assert max(abs(one - other) for one, other in zip(found, GREEN, strict=True)) < 24
