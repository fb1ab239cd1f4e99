"""Where the wares stand: paper wall, moon window with rain and hills, table, paper grain."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

from tools.sample_art.solids import curve
from tools.sample_art.svg import Sheet, dark, light, mix, num


@dataclass(frozen=True, slots=True)
class Tone:
    """The colours of one setting: wall, sky in the window, hills from far to near, table."""

    wall: str
    sky: str
    hill: str
    table: str


GREEN = Tone("#eef0e1", "#d9e2c6", "#7f9c73", "#d9cdb4")
RED = Tone("#f5e8dd", "#eccfb8", "#b9755a", "#d8bfa4")
OOLONG = Tone("#f1e8d4", "#e6d2a4", "#8f8a57", "#d3bf9c")
WHITE = Tone("#f2f0ea", "#dfddd3", "#9aa197", "#d8d0c0")
FLOWER = Tone("#f8ece6", "#f2d5cb", "#c98f86", "#e0cbb6")
DARK = Tone("#ece4da", "#d6c2ab", "#7f6654", "#c9b196")
WARE = Tone("#e9eeea", "#c9d8d2", "#6f9088", "#d5ccba")
WARM = Tone("#f4ecdf", "#ead9bd", "#b09468", "#d9c6a8")
NIGHT = Tone("#dfe5e1", "#2f4a3f", "#4c6d5e", "#cdbb9c")


def hill(
    width: float,
    base: float,
    height: float,
    seed: int,
    bottom: float,
    steps: int = 7,
    seen: tuple[float, float] | None = None,
) -> str:
    """One ridge from edge to edge, closed at ``bottom``; only as much as shows between the two
    ends of ``seen``, since everything that is drawn costs."""
    dice = random.Random(seed)
    points = [(-60.0, base)]
    for i in range(steps + 1):
        wave = math.sin(i * 1.9 + seed) * 0.45 + 0.55
        points.append((i * width / steps, base - height * wave * dice.uniform(0.6, 1)))
    points.append((width + 60, base))
    if seen:  # two points more on each side keep the curve inside as it is
        beyond = width * 2 / steps
        points = [p for p in points if seen[0] - beyond <= p[0] <= seen[1] + beyond]
    left, right = points[0][0], points[-1][0]
    return curve(points) + f"L{num(right)} {num(bottom)}L{num(left)} {num(bottom)}Z"


def rain(
    sheet: Sheet,
    box: tuple[float, float, float, float],
    n: int,
    seed: int,
    colour: str,
    alpha: float = 0.5,
) -> None:
    """Thin slanting strokes inside ``box`` (x, y, width, height), as one path."""
    dice = random.Random(seed)
    x, y, w, h = box
    strokes = []
    for _ in range(n):
        length = dice.uniform(26, 70)
        strokes.append(
            f"M{dice.uniform(x, x + w):.0f} {dice.uniform(y, y + h):.0f}"
            f"l{-length * 0.2:.0f} {length:.0f}"
        )
    sheet.line("".join(strokes), colour, 2.5, alpha)


def grain(sheet: Sheet, seed: int = 5) -> None:
    """Paper: a tile of specks and short fibres over the whole sheet."""
    dice = random.Random(seed)
    dots = "".join(
        f"M{dice.uniform(0, 180):.0f} {dice.uniform(0, 180):.0f}h{dice.choice((1, 2, 2, 3))}"
        for _ in range(70)
    )
    fibres = "".join(
        f"M{dice.uniform(0, 180):.0f} {dice.uniform(0, 180):.0f}"
        f"l{dice.uniform(-9, 9):.0f} {dice.uniform(-5, 5):.0f}"
        for _ in range(9)
    )
    sheet.repeat(
        f'<path d="{dots}" stroke="#4a3b2a" stroke-width="2" stroke-opacity=".10"/>'
        f'<path d="{fibres}" stroke="#fff" stroke-width="1.5" stroke-opacity=".35"/>',
        180,
    )


def circle(cx: float, cy: float, r: float) -> str:
    """A circle as a path, for clips."""
    return f"M{num(cx - r)} {num(cy)}a{num(r)} {num(r)} 0 1 0 {num(2 * r)} 0a{num(r)} {num(r)} 0 1 0 {num(-2 * r)} 0Z"


def arch(cx: float, top: float, half: float, bottom: float) -> str:
    """A doorway with a round top."""
    return (
        f"M{num(cx - half)} {num(bottom)}V{num(top + half)}a{num(half)} {num(half)} 0 0 1 "
        f"{num(2 * half)} 0V{num(bottom)}Z"
    )


Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


def window(sheet: Sheet, outline: str, box: Box, tone: Tone, seed: int, horizon: float) -> None:
    """Rain and three ridges seen through an opening in the wall, ``box`` around ``outline``.

    Nothing is drawn far outside of the box: what a clip cuts away is drawn all the same.
    """
    left, top, right, bottom = box
    frame = dark(tone.wall, 0.13)
    sheet.add(f'<path d="{outline}" fill="{frame}" transform="translate(10 14)"/>')
    with sheet.clipped(outline):
        high = light(tone.sky, 0.35)
        sky = sheet.down(mix(high, tone.sky, top / 1600), mix(high, tone.sky, bottom / 1600))
        sheet.rect(left, top, right - left, bottom - top, sky)
        for step, part in enumerate((0.72, 0.5, 0.22)):
            colour = mix(tone.hill, tone.sky, part)
            base = horizon - 190 + step * 85
            height = 250 - step * 45
            d = hill(1600, base, height, seed + step * 3, bottom, seen=(left, right))
            mist = 0.55 * (bottom - base + height) / (1600 - base + height)
            sheet.path(d, sheet.down(colour, mix(colour, tone.sky, mist)))
        rain(sheet, (200, 60, 1200, 900), 80, seed, light(tone.sky, 0.85), 0.9)
    sheet.line(outline, light(tone.wall, 0.6), 7)


def room(
    tone: Tone, *, seed: int = 1, opening: str = "moon", horizon: float = 1130, shift: float = 0
) -> Sheet:
    """A 1600 × 1600 sheet with wall, opening (moon, arch or none) and table."""
    sheet = Sheet(1600, 1600)
    middle = 800 + shift
    outline, box = "", (0.0, 0.0, 0.0, 0.0)
    if opening == "moon":
        outline, box = circle(middle, 640, 520), (middle - 520, 120, middle + 520, 1160)
    elif opening == "arch":
        outline = arch(middle, 150, 450, horizon + 20)
        box = (middle - 450, 150, middle + 450, horizon + 20)
    sheet.rect(0, 0, 1600, 1600, tone.wall)
    # Light falls in from above on the left; the opening and the table would hide it, so it ends.
    plain, lit = light(tone.wall, 0.15), mix(tone.wall, "#ffffff", 0.8)
    glow = sheet.radial([(0, lit, 1), (0.65, plain, 1), (1, tone.wall, 1)], 0.3, 0.35, 1.05)
    sheet.add(f'<path d="M0 0H1600V{num(horizon)}H0Z{outline}" fill-rule="evenodd" fill="{glow}"/>')
    if outline:
        window(sheet, outline, box, tone, seed, horizon)
    table(sheet, tone.table, horizon)
    return sheet


def table(sheet: Sheet, colour: str, horizon: float) -> None:
    """A plain wooden top with a lit far edge and a few long grains."""
    w, h = sheet.width, sheet.height
    sheet.rect(0, horizon, w, h - horizon, sheet.down(light(colour, 0.18), dark(colour, 0.12)))
    sheet.rect(0, horizon, w, 7, light(colour, 0.5))
    dice = random.Random(int(horizon))
    strokes = []
    for _ in range(16):
        y = dice.uniform(horizon + 40, h - 10)
        x = dice.uniform(-100, w - 200)
        run = dice.uniform(180, 620)
        strokes.append(f"M{x:.0f} {y:.0f}q{run / 2:.0f} {dice.uniform(-9, 9):.0f} {run:.0f} 0")
    sheet.line("".join(strokes), dark(colour, 0.3), 2.5, 0.28)
