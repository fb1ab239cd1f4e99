"""Leaves, sprigs, flowers and heaps of dry tea."""

from __future__ import annotations

import math
import random

from tools.sample_art.svg import Sheet, dark, light, mix, num


def leaf(
    sheet: Sheet, x: float, y: float, length: float, turn: float, colour: str, width: float = 0.36
) -> None:
    """A fresh tea leaf growing from (x, y) in the direction ``turn`` (degrees, 0 = right)."""
    w = length * width / 2
    with sheet.moved(x, y, turn=turn):
        top = f"M0 0C{num(length * 0.25)} {num(-w * 1.5)} {num(length * 0.7)} {num(-w * 1.2)} {num(length)} 0"
        low = f"C{num(length * 0.7)} {num(w * 1.2)} {num(length * 0.25)} {num(w * 1.5)} 0 0Z"
        sheet.path(top + low, colour)
        sheet.path(f"{top}Z", light(colour, 0.22))
        veins = "".join(
            f"M{num(length * p)} 0l{num(length * 0.12)} {num(-w * 0.62)}"
            f"M{num(length * p)} 0l{num(length * 0.12)} {num(w * 0.62)}"
            for p in (0.22, 0.4, 0.58)
        )
        sheet.line(f"M0 0H{num(length * 0.94)}", dark(colour, 0.28), max(length / 70, 1.6), 0.75)
        sheet.line(veins, dark(colour, 0.28), max(length / 110, 1.2), 0.45)


def sprig(
    sheet: Sheet, x: float, y: float, size: float, turn: float = -70, colour: str = "#5f8a4e"
) -> None:
    """One bud and three leaves on a stem ``size`` long."""
    with sheet.moved(x, y, turn=turn):
        sheet.line(
            f"M0 0Q{num(size * 0.5)} {num(-size * 0.05)} {num(size)} 0",
            dark(colour, 0.15),
            size / 38,
        )
        leaf(sheet, size * 0.42, -size * 0.02, size * 0.56, 48, dark(colour, 0.16))
        leaf(sheet, size * 0.66, -size * 0.02, size * 0.62, -42, colour)
        leaf(sheet, size * 0.9, 0, size * 0.5, 34, light(colour, 0.06))
        leaf(sheet, size * 0.98, 0, size * 0.44, -6, mix(colour, "#d9e08a", 0.45), 0.22)


SHAPES: dict[str, tuple[float, float, float]] = {
    # kind: half length, how far it bends, thickness in the middle
    "needle": (46, 8, 9),
    "flat": (52, 4, 0),
    "curl": (32, 30, 13),
    "strip": (56, 22, 12),
    "ball": (20, 0, 0),
    "bud": (50, 12, 0),
    "broken": (24, 10, 14),
}


def piece(kind: str, dice: random.Random) -> str:
    """The outline of one dry leaf round (0, 0)."""
    size, bend, thick = SHAPES[kind]
    size *= dice.uniform(0.75, 1.15)
    bend *= dice.choice((-1, 1)) * dice.uniform(0.5, 1.2)
    if kind == "ball":
        a, b = size, size * dice.uniform(0.72, 0.95)
        return f"M{num(-a)} 0C{num(-a)} {num(-b * 1.3)} {num(a)} {num(-b * 1.3)} {num(a)} 0C{num(a)} {num(b * 1.3)} {num(-a)} {num(b * 1.3)} {num(-a)} 0Z"
    if kind == "flat":
        return f"M{num(-size)} 0C{num(-size * 0.4)} {num(-13)} {num(size * 0.5)} {num(-11 + bend)} {num(size)} 0C{num(size * 0.4)} {num(10)} {num(-size * 0.5)} {num(11)} {num(-size)} 0Z"
    if kind == "bud":
        return f"M{num(-size)} {num(bend)}C{num(-size * 0.3)} {num(-17)} {num(size * 0.5)} {num(-13)} {num(size)} 0C{num(size * 0.4)} {num(14)} {num(-size * 0.4)} {num(17)} {num(-size)} {num(bend)}Z"
    bend *= 2
    return (
        f"M{num(-size)} 0Q{num(-size * 0.2)} {num(bend - thick)} {num(size)} 0"
        f"Q{num(size * 0.1)} {num(bend + thick)} {num(-size)} 0Z"
    )


def heap(
    sheet: Sheet,
    cx: float,
    cy: float,
    rx: float,
    ry: float,
    kind: str,
    colour: str,
    n: int = 90,
    tip: str = "",
    seed: int = 3,
    dome: float = 0.5,
    size: float = 1,
) -> None:
    """``n`` dry leaves heaped in an ellipse; ``tip`` colours the buds among them.

    Five outlines are kept once and used again and again, which keeps the files small.
    """
    dice = random.Random(seed)
    placed = []
    for i in range(n):
        angle, far = dice.uniform(0, 2 * math.pi), math.sqrt(dice.random())
        x, y = cx + rx * far * math.cos(angle), cy + ry * far * math.sin(angle)
        placed.append((y - (1 - far) * ry * dome, x, far, i))
    placed.sort(key=lambda place: -place[2] if dome < 0.3 else place[0])
    bed = sheet.radial(
        [(0, dark(colour, 0.42), 1), (0.82, dark(colour, 0.42), 0.95), (1, dark(colour, 0.4), 0)]
    )
    sheet.oval(cx, cy - ry * dome * 0.2, rx * 0.93, ry * 0.95, bed)
    shapes = [sheet_id(sheet, piece(kind, dice)) for _ in range(5)]
    scale = "" if size == 1 else f"scale({num(size)})"
    for y, x, far, i in placed:
        depth = dice.choice((0.1, 0.35, 0.55, 0.75, 1)) * (1.1 - 0.35 * far)
        tone = mix(dark(colour, 0.3), light(colour, 0.34), min(depth, 1))
        if tip and i % 4 == 0:
            tone = tip
        sheet.add(
            f'<use href="#{dice.choice(shapes)}" transform="translate({x:.0f} {y:.0f})'
            f'rotate({dice.randrange(-70, 70, 10)}){scale}" fill="{tone}"/>'
        )


def sheet_id(sheet: Sheet, outline: str) -> str:
    """An outline kept once in the sheet; returns its id for ``use``."""
    return sheet.define(f'<path id="@" d="{outline}"/>')[5:-1]


def flower(
    sheet: Sheet,
    x: float,
    y: float,
    r: float,
    colour: str,
    heart: str,
    petals: int = 5,
    turn: float = 0,
) -> None:
    """A small open blossom seen from the front."""
    with sheet.moved(x, y, turn=turn):
        for i in range(petals):
            with sheet.moved(turn=360 / petals * i):
                w = r * 2.2 / petals
                sheet.path(
                    f"M0 0C{num(w * 1.25)} {num(-r * 0.3)} {num(w)} {num(-r)} 0 {num(-r)}C{num(-w)} {num(-r)} {num(-w * 1.25)} {num(-r * 0.3)} 0 0Z",
                    colour if i % 2 else dark(colour, 0.06),
                )
        sheet.oval(0, 0, r * 0.2, r * 0.2, heart)


def bamboo(sheet: Sheet, x: float, y: float, size: float, colour: str, flip: bool = False) -> None:
    """A hanging twig of bamboo."""
    with sheet.moved(x, y, flip=flip):
        sheet.line(
            f"M0 0Q{num(size * 0.5)} {num(size * 0.12)} {num(size)} {num(size * 0.5)}",
            dark(colour, 0.2),
            size / 60,
        )
        for part, turn, long in (
            (0.25, 70, 0.42),
            (0.3, 25, 0.4),
            (0.55, 88, 0.44),
            (0.62, 40, 0.46),
            (0.85, 98, 0.4),
            (0.95, 58, 0.42),
        ):
            px, py = size * part, size * (0.12 * part + 0.38 * part * part)
            leaf(sheet, px, py, size * long, turn, colour, 0.2)


def pine(sheet: Sheet, x: float, y: float, size: float, colour: str) -> None:
    """Needles in fans on a bent branch."""
    sheet.line(
        f"M{num(x)} {num(y)}q{num(size * 0.5)} {num(-size * 0.1)} {num(size)} {num(size * 0.15)}",
        dark(colour, 0.4),
        size / 30,
    )
    for dx, dy in ((0.2, -0.05), (0.55, -0.03), (0.95, 0.13)):
        fan = "".join(
            f"M{num(x + size * dx)} {num(y + size * dy)}l{num(size * 0.24 * math.cos(a))} {num(-size * 0.24 * math.sin(a))}"
            for a in (0.1, 0.45, 0.8, 1.15, 1.5, 1.85, 2.2, 2.55, 2.95)
        )
        sheet.line(fan, colour, size / 46)
