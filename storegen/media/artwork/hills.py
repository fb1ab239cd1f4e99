"""Layered hills in mist below a low sun."""

from __future__ import annotations

import math
from random import Random

from storegen.media.artwork.canvas import SIDE, Canvas, smooth
from storegen.media.artwork.palette import Palette, mix


def hills(palette: Palette, random: Random) -> bytes:
    pale, soft, _, strong, deep = palette.shades
    canvas = Canvas(palette.tint)
    canvas.rect(0, 0, SIDE, SIDE, canvas.gradient(palette.tint, mix(pale, soft, 0.35)))
    sun_x, sun_y = random.uniform(250, 750), random.uniform(220, 360)
    radius = random.uniform(85, 135)
    canvas.circle(sun_x, sun_y, radius * 1.55, palette.accent_soft, opacity=0.45)
    canvas.circle(sun_x, sun_y, radius, palette.accent, opacity=0.92)
    layers = random.choice((5, 6, 7))
    for layer in range(layers):
        share = layer / (layers - 1)
        colour = mix(soft, strong, share * 1.6) if share < 0.6 else mix(strong, deep, share)
        base = 400 + 520 * share**1.1
        height = 150 - 70 * share
        ridge = _ridge(random, base, height)
        # Each ridge pales towards its foot, where the mist of the next valley lies.
        foot = mix(colour, pale, 0.55 * (1 - share) + 0.08)
        canvas.path(f"{smooth(ridge)}V{SIDE}H0Z", canvas.gradient(colour, foot))
    _birds(canvas, random, sun_x, sun_y, deep)
    return canvas.svg()


def _ridge(random: Random, base: float, height: float) -> list[tuple[float, float]]:
    waves = [(random.uniform(0.6, 1.5), random.uniform(0, math.tau), 1.0)]
    waves += [(random.uniform(2, 4), random.uniform(0, math.tau), 0.35)]
    return [
        (
            x,
            base
            - height * sum(a * math.sin(f * x / SIDE * math.tau + p) for f, p, a in waves) / 1.4,
        )
        for x in range(-50, SIDE + 51, 50)
    ]


def _birds(canvas: Canvas, random: Random, x: float, y: float, colour: str) -> None:
    side = -1 if x > SIDE / 2 else 1
    for bird in range(3):
        left = x + side * (190 + bird * random.uniform(52, 70))
        top = y - 70 + bird * random.uniform(-34, 30)
        wing = 20 - bird * 3.5
        d = f"M{left - wing:.0f} {top - 4:.0f}q{wing * 0.6:.0f} -9 {wing:.0f} 5"
        d += f"q{wing * 0.4:.0f} -14 {wing:.0f} -5"
        canvas.path(
            d, stroke=colour, stroke_width=4, stroke_linecap="round", stroke_linejoin="round"
        )
