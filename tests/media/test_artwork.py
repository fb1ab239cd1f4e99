from __future__ import annotations

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storegen.media import keys
from storegen.media.artwork.draw import FAMILIES, draw
from storegen.media.artwork.mark import app_icons, mark
from storegen.media.artwork.palette import (
    brand_palette,
    contrast,
    from_oklch,
    mix,
    readable_on,
    to_oklch,
)
from storegen.media.pictures import process_picture
from storegen.media.svg import clean_svg, rasterise

from .make import opened

GREEN = brand_palette("#2f6b4f")
colours = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")


@given(seed=st.one_of(colours, st.text(max_size=30)))
def test_every_palette_is_readable(seed: str) -> None:
    palette = brand_palette(seed)
    assert contrast(palette.brand, palette.on_brand) >= 4.5
    for background in (palette.paper, palette.tint):
        assert contrast(palette.brand_text, background) >= 4.5
        assert contrast(palette.ink, background) >= 7
    for colour in (*palette.shades, palette.accent, palette.accent_soft):
        assert re.fullmatch("#[0-9a-f]{6}", colour)


@pytest.mark.parametrize(
    ("seed", "brand"),
    [("#2F6B4F", "#2f6b4f"), ("2f6b4f", "#2f6b4f"), ("#abc", "#aabbcc"), (" #000 ", "#000000")],
)
def test_a_colour_is_taken_as_it_is(seed: str, brand: str) -> None:
    assert brand_palette(seed).brand == brand


def test_a_name_gives_a_colour_that_is_always_the_same() -> None:
    assert brand_palette("山月茶") == brand_palette(" 山月茶 ")
    assert brand_palette("Facade") == brand_palette("facade")
    assert len({brand_palette(f"Brand {i}").brand for i in range(20)}) > 10


@given(colour=colours)
def test_colours_survive_the_way_through_oklch(colour: str) -> None:
    there_and_back = from_oklch(*to_oklch(colour))
    for place in (1, 3, 5):
        assert abs(int(colour[place:][:2], 16) - int(there_and_back[place:][:2], 16)) <= 9


def test_contrast_and_mixing_agree_with_known_values() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)  # WebAIM's example
    assert to_oklch("#ff0000") == pytest.approx((0.628, 0.2577, 29.23), abs=0.01)  # CSS Color 4
    assert mix("#123456", "#abcdef", 0) == "#123456"
    assert readable_on("#808080", "#909090") == "#000000"


@pytest.mark.parametrize("family", FAMILIES)
def test_artwork_is_square_textless_vector_and_survives_the_cleaning(family: str) -> None:
    picture = draw("longjing-tea", GREEN, family)
    assert b"<text" not in picture
    assert b"style=" not in picture
    assert len(picture) < 60_000
    image = opened(rasterise(picture, 200)).convert("RGB")
    assert image.size == (200, 200)
    # Nothing of the drawing may be lost on its way through the pipeline's allow-list.
    names = re.compile(rb"(?:ns0:)?([a-z][A-Za-z]+)[ />]")
    count = len(re.findall(rb"<[a-zA-Z]", picture))
    assert len(re.findall(rb"<ns0:[a-zA-Z]", clean_svg(picture))) == count
    assert set(names.findall(clean_svg(picture))) >= {b"svg", b"rect"}
    # It is a composition, not a flat field, and it shows the brand's accent.
    assert len(image.getcolors(40_000) or []) > 12


@pytest.mark.parametrize("family", FAMILIES)
def test_artwork_is_the_same_for_the_same_seed_and_another_for_another(family: str) -> None:
    assert draw("a", GREEN, family) == draw("a", GREEN, family)
    assert draw("a", GREEN, family) != draw("b", GREEN, family)
    assert draw("a", GREEN, family) != draw("a", brand_palette("#b4472f"), family)


def test_artwork_does_not_change_between_releases() -> None:
    """A shop that is generated again must not get other pictures: change these knowingly."""
    drawn = {family: draw("seed", GREEN, family) for family in FAMILIES}
    assert {name: hashlib.sha256(data).hexdigest()[:12] for name, data in drawn.items()} == {
        "arches": "371b825b43f5",
        "hills": "1f2892e75753",
        "leaves": "8ac38dddb682",
        "rings": "07c5e21f3693",
        "terrazzo": "0c8642d9773a",
        "weave": "0a62e5906896",
    }


def test_the_seed_chooses_among_all_families() -> None:
    seeds = [f"p{i}" for i in range(24)]
    chosen = [next(f for f in FAMILIES if draw(s, GREEN, f) == draw(s, GREEN)) for s in seeds]
    assert set(chosen) == set(FAMILIES)


@given(seed=st.text(max_size=20))
def test_any_text_is_a_seed(seed: str) -> None:
    assert draw(seed, GREEN).startswith(b"<svg ")
    assert mark(seed, GREEN).startswith(b"<svg ")


def test_artwork_goes_through_the_same_pipeline() -> None:
    result = process_picture(draw("longjing-tea", GREEN), widths=(320,))
    assert (result.width, result.height) == (1200, 1200)  # no larger than any rendition
    assert [each.name for each in result.renditions] == ["og.jpg", "w320.webp"]


def test_icons_have_their_sizes_and_their_keys() -> None:
    icons = app_icons("山月茶", GREEN)
    for name, data in icons.items():
        side = int(name.rpartition("-")[2].removesuffix(".png"))
        assert opened(data).size == (side, side)
        assert keys.content_type(keys.key_of("0" * 64, name)) == "image/png"
    assert {"icon-192.png", "icon-512.png", "maskable-512.png"} <= set(icons)


@pytest.mark.parametrize("name", [f"Brand {i}" for i in range(12)])
def test_a_maskable_icon_keeps_its_mark_in_the_safe_circle(name: str) -> None:
    image = opened(app_icons(name, GREEN)["maskable-512.png"]).convert("RGB")
    ground = image.getpixel((0, 0))
    marked = [
        (x - 256, y - 256)
        for x in range(0, 512, 4)
        for y in range(0, 512, 4)
        if image.getpixel((x, y)) != ground
    ]
    assert len(marked) > 500
    assert max(x * x + y * y for x, y in marked) <= (0.4 * 512) ** 2


def test_a_mark_without_ground_is_clear_behind() -> None:
    image = opened(rasterise(mark("山月茶", GREEN), 64))
    assert image.mode == "RGBA"
    assert image.getpixel((0, 0)) == (0, 0, 0, 0)
