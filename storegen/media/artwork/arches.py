"""Arches and steps: a still life of building blocks with a vase's calm."""

from __future__ import annotations

from random import Random

from storegen.media.artwork.canvas import SIDE, Canvas, n
from storegen.media.artwork.palette import Palette, mix


def arches(palette: Palette, random: Random) -> bytes:
    pale, soft, middle, strong, deep = palette.shades
    canvas = Canvas(palette.tint)
    floor = random.uniform(770, 830)
    canvas.rect(0, 0, SIDE, floor, canvas.gradient(palette.tint, mix(pale, palette.tint, 0.3)))
    mirror = random.random() < 0.5

    def place(x: float, wide: float) -> float:
        return SIDE - x - wide if mirror else x

    tall = random.uniform(560, 640)
    x = place(120, 380)
    for inset, colour in ((0, soft), (48, middle), (96, strong), (144, deep)):
        _arch(canvas, x + inset, floor, 380 - 2 * inset, tall - inset * 1.15, colour)
    sun = random.uniform(80, 110)
    canvas.circle(place(690, 0), random.uniform(210, 280), sun, palette.accent)
    low = random.uniform(250, 330)
    _arch(canvas, place(560, 220), floor, 220, low, mix(soft, pale, 0.3))
    _arch(canvas, place(610, 120), floor, 120, low - 72, palette.accent_soft)
    canvas.rect(0, floor, SIDE, SIDE - floor, mix(soft, middle, 0.35))
    canvas.rect(0, floor, SIDE, 10, mix(middle, strong, 0.3), opacity=0.5)
    step = place(730, 190)
    for level in range(3):
        inset = level * 34
        high = 62
        canvas.rect(
            step + inset / 2,
            floor + 60 - (level + 1) * high,
            190 - inset,
            high,
            (mix(strong, deep, 0.3), strong, middle)[level],
        )
    canvas.circle(step + 95, floor + 60 - 3 * 62 - 44, 44, palette.accent_soft)
    return canvas.svg()


def _arch(canvas: Canvas, x: float, floor: float, wide: float, tall: float, colour: str) -> None:
    r = wide / 2
    canvas.path(
        f"M{n(x)} {n(floor)}V{n(floor - tall + r)}A{n(r)} {n(r)} 0 0 1 {n(x + wide)} "
        f"{n(floor - tall + r)}V{n(floor)}Z",
        colour,
    )
