"""Pots, kettle and jar: the larger turned bodies."""

from __future__ import annotations

from tools.sample_art.solids import curve, gloss, lathe, shadow, solid
from tools.sample_art.svg import Sheet, dark, light, num
from tools.sample_art.wares import BAMBOO, at, ridge


def teapot(sheet: Sheet, cx: float, base: float, size: float, colour: str) -> None:
    """A low stoneware pot (石瓢): cone body, straight spout left, loop handle right."""
    s = size
    top = base - 330 * s
    shadow(sheet, cx, base, 330 * s, 66 * s)
    loop = (
        f"M{num(cx + 196 * s)} {num(top + 62 * s)}C{num(cx + 330 * s)} {num(top - 34 * s)} {num(cx + 500 * s)} {num(top + 40 * s)} "
        f"{num(cx + 446 * s)} {num(top + 150 * s)}C{num(cx + 420 * s)} {num(top + 210 * s)} {num(cx + 360 * s)} {num(top + 240 * s)} {num(cx + 300 * s)} {num(top + 250 * s)}"
    )
    sheet.line(loop, dark(colour, 0.34), 50 * s)
    sheet.line(loop, colour, 38 * s)
    sheet.line(loop, light(colour, 0.25), 8 * s, 0.6)
    spout = (
        curve(
            [
                (cx - 190 * s, top + 110 * s),
                (cx - 330 * s, top + 66 * s),
                (cx - 418 * s, top - 14 * s),
                (cx - 418 * s, top - 14 * s),
                (cx - 452 * s, top + 2 * s),
                (cx - 452 * s, top + 2 * s),
                (cx - 380 * s, top + 150 * s),
                (cx - 240 * s, top + 262 * s),
            ]
        )
        + "Z"
    )
    with solid(
        sheet,
        spout,
        colour,
        shade=((0, "#ffffff", 0.06), (0.6, "#2a211a", 0.05), (1, "#2a211a", 0.34)),
        foot=0.2,
    ):
        pass
    sheet.oval(cx - 435 * s, top - 6 * s, 20 * s, 9 * s, dark(colour, 0.55))
    body = at(
        [
            (0, 176),
            (10, 184),
            (70, 216),
            (170, 276),
            (250, 318),
            (286, 316),
            (312, 270),
            (330, 256),
        ],
        top,
        s,
    )
    with solid(sheet, lathe(cx, body, 0.16), colour):
        pass
    sheet.path(
        lathe(cx, at([(0, 176), (14, 188), (24, 192)], top, s), 0.16), dark(colour, 0.3), 0.7
    )
    lid = at([(0, 120), (10, 150), (26, 172), (40, 176)], top - 30 * s, s)
    with solid(sheet, lathe(cx, lid, 0.16), light(colour, 0.05), foot=0.05):
        pass
    sheet.oval(cx, top - 30 * s, 120 * s, 17 * s, light(colour, 0.16))
    bridge = at([(0, 34), (12, 46), (30, 52), (48, 44)], top - 78 * s, s)
    with solid(sheet, lathe(cx, bridge, 0.18), colour, foot=0.2):
        pass
    sheet.oval(cx, top - 78 * s, 34 * s, 8 * s, light(colour, 0.28))
    gloss(sheet, cx, body[2:5], 0.14)


def kettle(sheet: Sheet, cx: float, base: float, size: float, colour: str, wood: str) -> None:
    """A round kettle with a tall bail handle."""
    s = size
    top = base - 440 * s
    shadow(sheet, cx, base, 320 * s, 70 * s)
    bail = f"M{num(cx - 214 * s)} {num(top + 70 * s)}C{num(cx - 300 * s)} {num(top - 300 * s)} {num(cx + 300 * s)} {num(top - 300 * s)} {num(cx + 214 * s)} {num(top + 70 * s)}"
    sheet.line(bail, dark(colour, 0.4), 26 * s)
    sheet.line(bail, light(colour, 0.14), 9 * s, 0.7)
    grip = f"M{num(cx - 132 * s)} {num(top - 172 * s)}Q{num(cx)} {num(top - 242 * s)} {num(cx + 132 * s)} {num(top - 172 * s)}"
    sheet.line(grip, dark(wood, 0.25), 50 * s)
    sheet.line(grip, wood, 38 * s)
    sheet.line(grip, light(wood, 0.4), 7 * s, 0.8)
    spout = (
        curve(
            [
                (cx - 220 * s, top + 230 * s),
                (cx - 340 * s, top + 190 * s),
                (cx - 396 * s, top + 60 * s),
                (cx - 452 * s, top + 26 * s),
                (cx - 452 * s, top + 26 * s),
                (cx - 440 * s, top + 2 * s),
                (cx - 440 * s, top + 2 * s),
                (cx - 356 * s, top + 24 * s),
                (cx - 312 * s, top + 110 * s),
                (cx - 200 * s, top + 130 * s),
            ]
        )
        + "Z"
    )
    with solid(sheet, spout, colour, shade=((0, "#ffffff", 0.12), (1, "#2a211a", 0.25)), foot=0.2):
        pass
    body = at(
        [
            (0, 170),
            (16, 206),
            (80, 278),
            (170, 320),
            (270, 322),
            (360, 280),
            (420, 226),
            (440, 214),
        ],
        top,
        s,
    )
    with solid(sheet, lathe(cx, body, 0.16), colour):
        pass
    gloss(sheet, cx, body[2:5], 0.26)
    lid = at([(0, 90), (14, 128), (34, 164), (48, 170)], top - 34 * s, s)
    with solid(sheet, lathe(cx, lid, 0.17), light(colour, 0.06), foot=0.05):
        pass
    sheet.oval(cx, top - 34 * s, 90 * s, 14 * s, light(colour, 0.18))
    with solid(
        sheet, lathe(cx, at([(0, 34), (16, 42), (40, 34), (56, 24)], top - 88 * s, s), 0.2), wood
    ):
        pass
    sheet.oval(cx, top - 88 * s, 34 * s, 9 * s, light(wood, 0.3))


def jar(
    sheet: Sheet, cx: float, base: float, size: float, colour: str, wood: str, *, motif: str = ""
) -> None:
    """A caddy with a wooden lid; ``size`` 1 is 480 wide and 600 high."""
    s = size
    top = base - 540 * s
    shadow(sheet, cx, base, 240 * s, 60 * s)
    body = at(
        [
            (0, 170),
            (14, 176),
            (50, 206),
            (130, 238),
            (260, 240),
            (400, 218),
            (510, 182),
            (540, 178),
        ],
        top,
        s,
    )
    with solid(sheet, lathe(cx, body, 0.15), colour):
        if motif:
            ridge(sheet, cx, base - 190 * s, s * 0.95, motif)
    gloss(sheet, cx, body[2:6], 0.5)
    sheet.path(lathe(cx, at([(0, 172), (12, 176)], top, s), 0.15), dark(colour, 0.4), 0.5)
    cap = at([(0, 172), (12, 180), (62, 180)], top - 60 * s, s)
    with solid(sheet, lathe(cx, cap, 0.15), wood, foot=0.1):
        rings = "".join(
            f"M{num(cx - 200 * s)} {num(top - (44 - i * 15) * s)}q{num(200 * s)} {num(56 * s)} {num(400 * s)} 0"
            for i in range(4)
        )
        sheet.line(rings, dark(wood, 0.4), 3 * s, 0.35)
    sheet.oval(cx, top - 58 * s, 174 * s, 25 * s, light(wood, 0.25))
    sheet.oval(cx, top - 56 * s, 110 * s, 14 * s, wood, 0.6)


def tray(sheet: Sheet, cx: float, cy: float, w: float, h: float = 210) -> None:
    """A bamboo tray from a little above: slats, dark gaps, a front edge."""
    half, skew = w / 2, w * 0.09
    shadow(sheet, cx, cy + h * 0.5, half * 1.02, h * 0.42, 0.5)
    top = f"M{num(cx - half + skew)} {num(cy - h / 2)}H{num(cx + half - skew)}L{num(cx + half)} {num(cy + h / 2)}H{num(cx - half)}Z"
    sheet.path(top, BAMBOO)
    with sheet.clipped(top):
        n = 22
        for i in range(n):
            a = i / n
            x1, x2 = cx - half + skew + a * (w - 2 * skew), cx - half + a * w
            step1, step2 = (w - 2 * skew) / n, w / n
            tone = (
                light(BAMBOO, 0.22) if i % 3 == 0 else dark(BAMBOO, 0.08) if i % 3 == 1 else BAMBOO
            )
            sheet.path(
                f"M{num(x1)} {num(cy - h / 2)}h{num(step1 * 0.82)}L{num(x2 + step2 * 0.82)} {num(cy + h / 2)}h{num(-step2 * 0.82)}Z",
                tone,
            )
            sheet.path(
                f"M{num(x1 + step1 * 0.82)} {num(cy - h / 2)}h{num(step1 * 0.18)}L{num(x2 + step2)} {num(cy + h / 2)}h{num(-step2 * 0.18)}Z",
                dark(BAMBOO, 0.62),
            )
    sheet.path(
        f"M{num(cx - half)} {num(cy + h / 2)}h{num(w)}v44h{num(-w)}Z",
        sheet.down(light(BAMBOO, 0.05), dark(BAMBOO, 0.3)),
    )
    sheet.line(f"M{num(cx - half)} {num(cy + h / 2)}h{num(w)}", light(BAMBOO, 0.5), 5)
    sheet.line(top, dark(BAMBOO, 0.25), 12)
