"""Weave: ribbons over and under each other."""

from __future__ import annotations

from random import Random

from storegen.media.artwork.canvas import SIDE, Canvas
from storegen.media.artwork.palette import Palette, mix


def weave(palette: Palette, random: Random) -> bytes:
    pale, soft, middle, strong, deep = palette.shades
    count = random.choice((6, 7, 8))
    step = SIDE / count
    width = step * random.uniform(0.76, 0.84)
    canvas = Canvas(mix(deep, palette.ink, 0.35))
    warp = _colours(random, count, (strong, middle, mix(strong, deep, 0.5)), palette.accent)
    weft = _colours(random, count, (soft, pale, mix(soft, middle, 0.4)), palette.accent_soft)
    twill = random.choice((2, 2, 3))
    for row in range(count):
        for column in range(count):
            x, y = column * step + (step - width) / 2, row * step + (step - width) / 2
            over = (row + column) % twill == 0
            under_first = ((1, 0), (0, 1)) if over else ((0, 1), (1, 0))
            for across, along in under_first:
                colour = weft[row] if across else warp[column]
                on_top = bool(across) != over
                _ribbon(canvas, (x, y, step, width), bool(along), colour, on_top)
    return canvas.svg()


def _colours(random: Random, count: int, fills: tuple[str, ...], rare: str) -> list[str]:
    colours = [random.choice(fills) for _ in range(count)]
    colours[random.randrange(count)] = rare
    return colours


def _ribbon(
    canvas: Canvas,
    cell: tuple[float, float, float, float],
    upright: bool,
    colour: str,
    on_top: bool,
) -> None:
    """One crossing's piece of a ribbon; the upper piece is longer and has rounded shoulders."""
    x, y, step, width = cell
    reach = (step - width) / 2 + (step * 0.08 if on_top else 0)
    left, top = (x, y - reach) if upright else (x - reach, y)
    wide, high = (width, width + 2 * reach) if upright else (width + 2 * reach, width)
    shade = "#000000"
    if on_top:
        canvas.rect(left + 5, top + 7, wide, high, shade, rx=step * 0.1, opacity=0.16)
    canvas.rect(left, top, wide, high, colour, rx=step * 0.1 if on_top else 0)
    for place in (0.2, 0.5, 0.8):  # threads
        if upright:
            canvas.rect(left + wide * place - 1.5, top, 3, high, shade, opacity=0.09)
        else:
            canvas.rect(left, top + high * place - 1.5, wide, 3, shade, opacity=0.09)
