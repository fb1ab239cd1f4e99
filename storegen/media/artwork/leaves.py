"""A branch with leaves in front of a rising disc."""

from __future__ import annotations

import math
from random import Random

from storegen.media.artwork.canvas import Canvas, around, n, smooth
from storegen.media.artwork.palette import Palette, mix


def leaves(palette: Palette, random: Random) -> bytes:
    pale, soft, middle, strong, deep = palette.shades
    canvas = Canvas(palette.tint)
    side = random.choice((-1, 1))
    canvas.circle(500 - side * random.uniform(40, 120), 430, random.uniform(290, 340), pale)
    canvas.circle(
        500 + side * random.uniform(150, 220),
        690,
        random.uniform(110, 150),
        palette.accent_soft,
        opacity=0.75,
    )
    _branch(canvas, random, 500 + side * 60, side * 0.42, 0.8, (soft, mix(soft, middle, 0.6)))
    _branch(canvas, random, 500 - side * 40, -side * 0.2, 1.0, (strong, deep, middle))
    for _ in range(random.randint(5, 8)):
        x, y = around(500, 450, random.uniform(230, 400), random.uniform(0, math.tau))
        canvas.circle(x, y, random.uniform(7, 15), palette.accent)
    return canvas.svg()


def _branch(
    canvas: Canvas, random: Random, foot: float, lean: float, size: float, fills: tuple[str, ...]
) -> None:
    """A stem from the lower edge with leaves in pairs, smaller towards its tip."""
    bend = random.uniform(0.1, 0.22) * (1 if lean > 0 else -1)
    x, y, angle = foot, 1040.0, -math.pi / 2 + lean
    stem = [(x, y)]
    pairs = random.randint(6, 7)
    for _ in range(pairs + 1):
        x, y = around(x, y, 128 * size, angle)
        stem.append((x, y))
        angle -= bend / pairs * 2.2
    line = fills[-1] if len(fills) == 2 else fills[1]
    canvas.path(smooth(stem), stroke=line, stroke_width=9 * size, stroke_linecap="round")
    for place in range(1, len(stem)):
        (x, y), (before_x, before_y) = stem[place], stem[place - 1]
        along = math.atan2(y - before_y, x - before_x)
        share = place / (len(stem) - 1)
        length = size * (265 - 125 * share) * random.uniform(0.92, 1.08)
        width = length * random.uniform(0.19, 0.24)
        if place == len(stem) - 1:
            _leaf(canvas, x, y, along, length * 0.9, width, fills[0], fills[0])
            break
        for hand in (-1, 1):
            turn = along + hand * (0.98 - 0.38 * share) * random.uniform(0.9, 1.1)
            fill = fills[(place + (hand > 0)) % len(fills)]
            _leaf(canvas, x, y, turn, length, width, fill, mix(fill, line, 0.28))


def _leaf(
    canvas: Canvas,
    x: float,
    y: float,
    angle: float,
    length: float,
    width: float,
    fill: str,
    shade: str,
) -> None:
    """Two halves of one leaf, the lower one a little darker."""
    tip = around(x, y, length, angle)
    for hand, colour in ((-1, fill), (1, shade)):
        near = around(*around(x, y, length * 0.22, angle), width * hand * 1.25, angle + math.pi / 2)
        far = around(*around(x, y, length * 0.72, angle), width * hand, angle + math.pi / 2)
        curve = " ".join(n(value) for point in (near, far, tip) for value in point)
        canvas.path(f"M{n(x)} {n(y)}C{curve}Z", colour)
