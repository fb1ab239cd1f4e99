"""Terrazzo: chips of stone, none touching another."""

from __future__ import annotations

import math
from random import Random

from storegen.media.artwork.canvas import SIDE, Canvas, around, polygon, smooth
from storegen.media.artwork.palette import Palette, mix

_TRIES = 2600


def terrazzo(palette: Palette, random: Random) -> bytes:
    pale, soft, middle, strong, deep = palette.shades
    canvas = Canvas(mix(palette.paper, pale, 0.4))
    fills = (strong, middle, soft, deep, palette.accent, palette.accent_soft, soft, pale, middle)
    laid: list[tuple[float, float, float]] = []
    for attempt in range(_TRIES):
        # Large chips first, then ever smaller ones into what is left between them.
        largest = 16 + 104 * (1 - attempt / _TRIES) ** 2.4
        r = random.uniform(largest * 0.62, largest)
        x, y = random.uniform(-60, SIDE + 60), random.uniform(-60, SIDE + 60)
        if any(math.hypot(x - a, y - b) < r + s + 9 for a, b, s in laid):
            continue
        laid.append((x, y, r))
        chip = _chip(random, x, y, r)
        fill = random.choice(fills)
        canvas.path(polygon(chip) if random.random() < 0.7 else smooth(chip, closed=True), fill)
    return canvas.svg()


def _chip(random: Random, x: float, y: float, r: float) -> list[tuple[float, float]]:
    corners = random.randint(4, 7)
    start = random.uniform(0, math.tau)
    squeeze, turn = random.uniform(0.62, 1.0), random.uniform(0, math.pi)
    points = []
    for corner in range(corners):
        angle = start + (corner + random.uniform(-0.28, 0.28)) / corners * math.tau
        px, py = around(0, 0, r * random.uniform(0.8, 1.0), angle)
        along, beside = (
            px * math.cos(turn) + py * math.sin(turn),
            (py * math.cos(turn) - px * math.sin(turn)) * squeeze,
        )
        points.append(
            (
                x + along * math.cos(turn) - beside * math.sin(turn),
                y + along * math.sin(turn) + beside * math.cos(turn),
            )
        )
    return points
