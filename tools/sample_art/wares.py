"""Tea ware: turned bodies with lids, spouts and handles."""

from __future__ import annotations

import random

from tools.sample_art.solids import ROUND, curve, gloss, lathe, rim, shadow, solid
from tools.sample_art.svg import Sheet, dark, light, mix, num

MOON, CELADON, IRON = "#eeeade", "#9db8a8", "#45423f"
CLAY, WOOD, BAMBOO, LINEN = "#8a4b36", "#9a6b43", "#c99f63", "#d9cdb5"
PINE, PERSIMMON, GOLD = "#2f4a3f", "#b4532a", "#d9b878"

Profile = list[tuple[float, float]]


def at(profile: Profile, y: float, size: float = 1) -> Profile:
    """A profile given from its top at 0, put at ``y`` and scaled."""
    return [(y + step * size, r * size) for step, r in profile]


def speckle(sheet: Sheet, cx: float, cy: float, w: float, h: float, colour: str) -> None:
    """Iron spots in a glaze."""
    dice = random.Random(11)
    dots = "".join(
        f"M{dice.uniform(cx - w, cx + w):.0f} {dice.uniform(cy, cy + h):.0f}h{dice.choice((0.1, 0.1, 3))}"
        for _ in range(70)
    )
    sheet.line(dots, colour, 4, 0.35)


def sheen(colour: str) -> float:
    """How strongly a glaze mirrors the window: a dark one needs less to look as wet."""
    return 0.5 if int(colour[1:3], 16) > 120 else 0.2


def saucer(sheet: Sheet, cx: float, cy: float, r: float, colour: str) -> None:
    """A plate seen from a little above."""
    shadow(sheet, cx, cy + r * 0.13, r * 1.02, r * 0.26)
    sheet.path(
        lathe(cx, [(cy, r), (cy + r * 0.05, r * 0.97), (cy + r * 0.16, r * 0.5)], 0.2),
        dark(colour, 0.22),
    )
    sheet.oval(cx, cy, r, r * 0.2, light(colour, 0.08))
    sheet.oval(cx, cy, r, r * 0.2, sheet.linear(ROUND))
    sheet.oval(cx, cy + 4, r * 0.9, r * 0.165, dark(colour, 0.06))
    sheet.oval(cx, cy + 8, r * 0.6, r * 0.10, dark(colour, 0.24), 0.55)


def gaiwan(
    sheet: Sheet,
    cx: float,
    base: float,
    size: float,
    colour: str,
    *,
    motif: str = "",
    spots: str = "",
) -> None:
    """Bowl, lid and saucer; ``size`` 1 is 640 wide and 560 high."""
    s = size
    saucer(sheet, cx, base - 46 * s, 320 * s, colour)
    bowl = at(
        [(0, 268), (8, 262), (60, 246), (150, 214), (220, 150), (252, 112), (268, 110)],
        base - 330 * s,
        s,
    )
    with solid(sheet, lathe(cx, bowl, 0.14), colour):
        if spots:
            speckle(sheet, cx, base - 330 * s, 260 * s, 260 * s, spots)
        if motif:
            ridge(sheet, cx, base - 150 * s, s, motif)
        sheet.path(
            lathe(cx, at([(250, 112), (268, 110)], base - 330 * s, s), 0.14),
            dark(colour, 0.25),
            0.5,
        )
    shine = sheen(colour)
    gloss(sheet, cx, bowl[1:5], shine)
    rim(sheet, cx, base - 330 * s, 268 * s, light(colour, 0.2), squash=0.13, wall=9 * s)
    lid_y = base - 470 * s
    lid = at([(0, 62), (14, 80), (40, 150), (84, 208), (124, 230), (136, 230)], lid_y, s)
    with solid(sheet, lathe(cx, lid, 0.15), colour, foot=0.05):
        if spots:
            speckle(sheet, cx, lid_y, 220 * s, 130 * s, spots)
    gloss(sheet, cx, lid[2:5], shine * 0.8)
    knob = at([(0, 66), (14, 56), (40, 42), (54, 58)], base - 516 * s, s)
    with solid(sheet, lathe(cx, knob, 0.16), colour, foot=0.2):
        pass
    rim(sheet, cx, base - 516 * s, 66 * s, light(colour, 0.22), squash=0.17, wall=8 * s)


def ridge(sheet: Sheet, cx: float, y: float, s: float, colour: str) -> None:
    """A brushed line of hills round a bowl."""
    d = f"M{num(cx - 300 * s)} {num(y)}"
    d += "".join(
        f"q{num(w * s / 2)} {num(-h * s)} {num(w * s)} {num(k * s)}"
        for w, h, k in ((150, 96, 6), (120, 60, -4), (170, 130, 4), (160, 74, 0))
    )
    sheet.path(d + f"V{num(y + 240 * s)}H{num(cx - 300 * s)}Z", colour, 0.28)
    sheet.line(d, colour, 6 * s, 0.85)


CUP: Profile = [(0, 150), (10, 147), (70, 138), (130, 112), (170, 74), (184, 70), (198, 70)]
BEAKER: Profile = [(0, 128), (10, 126), (90, 122), (170, 110), (206, 84), (214, 82), (222, 82)]


def cup(
    sheet: Sheet,
    cx: float,
    base: float,
    size: float,
    colour: str,
    *,
    liquid: str = "",
    profile: Profile = CUP,
    spots: str = "",
    inside: str = "",
    motif: str = "",
) -> None:
    """A handleless cup; ``size`` 1 is 300 wide and 200 high."""
    height = profile[-1][0]
    body = at(profile, base - height * size, size)
    shadow(sheet, cx, base, 96 * size * 1.3, 30 * size)
    with solid(sheet, lathe(cx, body, 0.16), colour):
        if spots:
            speckle(sheet, cx, body[0][0], 150 * size, 200 * size, spots)
        if motif:
            ridge(sheet, cx, base - 90 * size, 0.56 * size, motif)
    gloss(sheet, cx, body[1:4], sheen(colour))
    rim(
        sheet,
        cx,
        body[0][0],
        body[0][1],
        light(colour, 0.22),
        squash=0.2,
        wall=7 * size,
        inside=inside or light(colour, 0.1),
        liquid=liquid,
    )


def pitcher(
    sheet: Sheet,
    cx: float,
    base: float,
    size: float,
    colour: str,
    *,
    liquid: str = "",
    glass: bool = False,
) -> None:
    """A fairness pitcher with a lip on the left and a loop handle on the right."""
    s = size
    top = base - 430 * s
    shadow(sheet, cx, base, 190 * s, 48 * s)
    hx = cx + 196 * s
    loop = f"M{num(hx - 16 * s)} {num(top + 70 * s)}C{num(hx + 170 * s)} {num(top + 40 * s)} {num(hx + 150 * s)} {num(top + 300 * s)} {num(hx - 6 * s)} {num(top + 300 * s)}"
    sheet.line(loop, dark(colour, 0.26), 34 * s, 0.75 if glass else 1)
    sheet.line(loop, light(colour, 0.12), 20 * s)
    body = at(
        [
            (0, 186),
            (14, 180),
            (60, 172),
            (150, 184),
            (260, 208),
            (350, 204),
            (410, 160),
            (430, 150),
        ],
        top,
        s,
    )
    d = lathe(cx, body, 0.15)
    lip = (
        curve(
            [
                (cx - 120 * s, top - 20 * s),
                (cx - 180 * s, top - 22 * s),
                (cx - 256 * s, top - 34 * s),
                (cx - 256 * s, top - 34 * s),
                (cx - 226 * s, top + 34 * s),
                (cx - 184 * s, top + 84 * s),
                (cx - 170 * s, top + 130 * s),
                (cx - 170 * s, top + 130 * s),
            ]
        )
        + "Z"
    )
    sheet.path(lip, mix(colour, "#2a211a", 0.14))
    if glass:
        sheet.path(d, colour, 0.5)
        if liquid:
            fill = [(top + 190 * s, 190 * s), *[p for p in body if p[0] > top + 190 * s]]
            sheet.path(lathe(cx, [(y, r - 9 * s) for y, r in fill], 0.15), liquid, 0.9)
            sheet.oval(cx, top + 190 * s, 181 * s, 27 * s, light(liquid, 0.25), 0.95)
        sheet.path(
            d,
            sheet.linear(
                [
                    (0, "#2a211a", 0.16),
                    (0.1, "#ffffff", 0.2),
                    (0.3, "#ffffff", 0.28),
                    (0.5, "#ffffff", 0),
                    (0.9, "#2a211a", 0.12),
                    (1, "#2a211a", 0.22),
                ]
            ),
        )
    else:
        with solid(sheet, d, colour):
            pass
    gloss(sheet, cx, body[2:6], 0.5)
    rim(
        sheet,
        cx,
        top,
        186 * s,
        light(colour, 0.24),
        squash=0.16,
        wall=9 * s,
        liquid="" if glass else liquid,
        inside=mix(colour, "#ffffff", 0.4) if glass else "",
    )


def steam(
    sheet: Sheet, cx: float, y: float, size: float, colour: str = "#ffffff", alpha: float = 0.7
) -> None:
    """Two rising wisps."""
    for dx, long in ((-34, 1.0), (26, 0.78)):
        h = 190 * size * long
        sheet.line(
            f"M{num(cx + dx * size)} {num(y)}c{num(-40 * size)} {num(-h * 0.3)} {num(44 * size)} {num(-h * 0.5)} 0 {num(-h)}",
            colour,
            11 * size,
            alpha * long,
        )
