"""Tea rings: cups seen from above, and the circles they leave."""

from __future__ import annotations

import math
from random import Random

from storegen.media.artwork.canvas import Canvas, around
from storegen.media.artwork.palette import Palette, mix


def rings(palette: Palette, random: Random) -> bytes:
    pale, soft, middle, strong, deep = palette.shades
    canvas = Canvas(palette.tint)
    turn = random.uniform(0, math.tau)
    x, y = around(500, 500, 120, turn)
    far_x, far_y = around(500, 500, 330, turn + math.pi + random.uniform(-0.3, 0.3))
    third_x, third_y = around(500, 500, 380, turn + random.choice((-1, 1)) * math.pi / 2)
    _stain(canvas, random, third_x, third_y, random.uniform(120, 170), palette.accent)
    _stain(canvas, random, x + 40, y + 46, 345, soft)
    _cup(
        canvas,
        far_x,
        far_y,
        random.uniform(150, 185),
        (palette.paper, mix(palette.accent, palette.accent_soft, 0.35), palette.accent_soft),
        pale,
    )
    _cup(canvas, x, y, random.uniform(285, 325), (palette.paper, strong, middle), pale)
    leaf = random.uniform(0, math.tau)
    for place in range(3):
        lx, ly = around(x, y, 90 + 28 * place, leaf + place * 1.35)
        canvas.path(_sliver(lx, ly, leaf + place * 2.1, 62 - place * 9), deep, opacity=0.85)
    return canvas.svg()


def _cup(
    canvas: Canvas, x: float, y: float, r: float, fills: tuple[str, str, str], shadow: str
) -> None:
    rim, tea, light = fills
    canvas.circle(x + r * 0.07, y + r * 0.09, r * 1.02, mix(shadow, tea, 0.3), opacity=0.55)
    canvas.circle(x, y, r, rim)
    canvas.circle(x, y, r * 0.9, mix(rim, shadow, 0.7))
    canvas.circle(x + r * 0.012, y + r * 0.02, r * 0.835, tea)
    for ring, share in enumerate((0.66, 0.46, 0.27)):
        canvas.circle(x - r * 0.03, y - r * 0.03, r * share, mix(tea, light, 0.34 + 0.28 * ring))
    start, end = around(x, y, r * 0.75, -2.5), around(x, y, r * 0.75, -1.75)
    canvas.path(
        f"M{start[0]:.0f} {start[1]:.0f}A{r * 0.75:.0f} {r * 0.75:.0f} 0 0 1 "
        f"{end[0]:.0f} {end[1]:.0f}",
        stroke=rim,
        stroke_width=r * 0.035,
        stroke_linecap="round",
        opacity=0.8,
    )


def _stain(canvas: Canvas, random: Random, x: float, y: float, r: float, colour: str) -> None:
    """A wet cup's circle, broken in places, with a finer one inside."""
    for share, width, opacity in ((1.0, 13.0, 0.5), (0.94, 4.0, 0.4), (1.05, 3.0, 0.3)):
        around_length = math.tau * r * share
        gap = random.uniform(0.06, 0.14)
        canvas.circle(
            x,
            y,
            r * share,
            stroke=colour,
            stroke_width=width,
            opacity=opacity,
            stroke_linecap="round",
            stroke_dasharray=f"{around_length * (1 - gap):.0f} {around_length * gap:.0f}",
            stroke_dashoffset=random.uniform(0, around_length),
        )


def _sliver(x: float, y: float, angle: float, length: float) -> str:
    ends = around(x, y, length, angle), around(x, y, length, angle + math.pi)
    bows = (around(x, y, length * 0.42, angle + turn) for turn in (1.4, -1.9))
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = (*ends, *bows)
    return (
        f"M{ax:.0f} {ay:.0f}Q{cx:.0f} {cy:.0f} {bx:.0f} {by:.0f}"
        f"Q{dx:.0f} {dy:.0f} {ax:.0f} {ay:.0f}Z"
    )
