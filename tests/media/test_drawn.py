"""The sample brand's pictures lie ready as pixels, and are what their drawings say."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageChops, ImageStat

from storegen.generate.sample import sample_dir
from storegen.media.decode import decode
from storegen.media.svg import DRAWN, drawn_path, raster, rasterise

ART = sorted(sample_dir().rglob("*.svg"))
AT_MOST = 5
"""Mean difference of a channel, of 255: what WebP and scaling lose, most at a logo's edges."""


def on_white(image: Image.Image) -> Image.Image:
    """As it is seen: what colour a transparent pixel has does not matter."""
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image.convert("RGBA"))


def difference(one: Image.Image, two: Image.Image) -> float:
    return max(ImageStat.Stat(ImageChops.difference(one, two)).mean)


def test_each_picture_lies_ready_and_nothing_else() -> None:
    assert len(ART) > 50
    wanted = {drawn_path(path.read_bytes()) for path in ART}
    assert set(DRAWN.iterdir()) == wanted, "run `python -m tools.draw_pictures`"


@pytest.mark.parametrize("path", ART[:: len(ART) // 4], ids=lambda path: path.stem)
def test_what_lies_ready_is_what_would_be_drawn(path) -> None:
    data = path.read_bytes()
    drawn = on_white(Image.open(io.BytesIO(rasterise(data, 400))))
    ready = on_white(raster(data, 400))
    assert ready.size == drawn.size
    assert difference(ready, drawn) < AT_MOST


def test_the_difference_tells_pictures_apart() -> None:
    one, two = (
        on_white(raster(path.read_bytes(), 400).resize((400, 400))) for path in (ART[0], ART[20])
    )
    assert difference(one, two) > 2 * AT_MOST


def test_a_vector_picture_of_an_owner_is_drawn() -> None:
    shape = b'<rect width="8" height="4"/>'
    data = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 4">' + shape + b"</svg>"
    assert not drawn_path(data).exists()
    assert decode(data, enough=800).image.size == (800, 400)
