"""Pictures of the tea ware and of the gifts."""

from __future__ import annotations

from collections.abc import Callable

from tools.sample_art import botany, packs, setting, wares
from tools.sample_art.mark import drop, han, seal
from tools.sample_art.setting import NIGHT, WARE, WARM, Tone, circle, grain, room
from tools.sample_art.solids import curve, lathe, rim, shadow, solid
from tools.sample_art.svg import Sheet, dark, light, mix, num

MOON, CELADON, IRON = "#eeeade", "#9db8a8", "#45423f"
CLAY, WOOD, BAMBOO, LINEN = "#8a4b36", "#9a6b43", "#c99f63", "#d9cdb5"
PINE, PERSIMMON = "#2f4a3f", "#b4532a"
GOLD = "#d9b878"


def _bench(tone: Tone, seed: int, opening: str = "moon") -> Sheet:
    return room(tone, seed=seed, opening=opening)


def gaiwan(glaze: str) -> Sheet:
    sheet = _bench(WARE if glaze != CELADON else WARM, 21)
    motif = {MOON: "#5d7f73", CELADON: "", IRON: ""}[glaze]
    spots = "#c9a25e" if glaze == IRON else "#5b6f5f" if glaze == CELADON else ""
    wares.gaiwan(sheet, 800, 1360, 1.42, glaze, motif=motif, spots=spots)
    grain(sheet)
    return sheet


def gaiwan_open() -> Sheet:
    sheet = _bench(WARE, 27, "arch")
    wares.saucer(sheet, 680, 1290, 400, MOON)
    bowl = wares.at([(0, 268), (8, 262), (60, 246), (150, 214), (220, 150), (252, 112), (268, 110)], 1290 - 356, 1.32)
    with solid(sheet, lathe(680, bowl, 0.14), MOON):
        wares.ridge(sheet, 680, 1180, 1.32, "#5d7f73")
    rim(sheet, 680, 934, 354, light(MOON, 0.2), squash=0.17, wall=12, liquid="#d7d98a", level=0.5)
    wares.steam(sheet, 660, 880, 1.5)
    with sheet.moved(1190, 1296, turn=-62):
        lid = wares.at([(0, 62), (14, 80), (40, 150), (84, 208), (124, 230), (136, 230)], -150, 1.1)
        with solid(sheet, lathe(0, lid, 0.15), MOON, foot=0.05):
            pass
        with solid(sheet, lathe(0, wares.at([(0, 66), (14, 56), (40, 42), (54, 58)], -200, 1.1), 0.16), MOON):
            pass
        sheet.oval(0, -200, 72, 13, light(MOON, 0.3))
    botany.sprig(sheet, 330, 1480, 220, -20, "#6a9153")
    grain(sheet)
    return sheet


def pitcher(glass: bool) -> Sheet:
    sheet = _bench(WARM if glass else WARE, 14 if glass else 9, "moon")
    wares.pitcher(sheet, 740, 1350, 1.75, "#dfe9e4" if glass else CELADON, liquid="#d9923a", glass=glass)
    wares.cup(sheet, 1230, 1430, 0.85, MOON, liquid="#d9923a")
    grain(sheet)
    return sheet


def teapot() -> Sheet:
    sheet = _bench(WARM, 33)
    wares.teapot(sheet, 800, 1340, 1.36, CLAY)
    grain(sheet)
    return sheet


def teapot_served() -> Sheet:
    sheet = _bench(WARM, 35, "arch")
    _tray(sheet, 800, 1370, 1180)
    wares.teapot(sheet, 720, 1296, 0.94, CLAY)
    for x, y in ((1140, 1290), (1270, 1360)):
        wares.cup(sheet, x, y, 0.62, MOON, liquid="#b9612c")
    wares.steam(sheet, 1140, 1140, 0.9)
    grain(sheet)
    return sheet


def cups(glaze: str) -> Sheet:
    sheet = _bench(WARE if glaze == CELADON else WARM, 41, "arch")
    spots = {MOON: "", CELADON: "#5b6f5f", IRON: "#c9a25e"}[glaze]
    motif = "#5d7f73" if glaze == MOON else ""
    wares.cup(sheet, 610, 1290, 1.75, glaze, liquid="#d7b45e", spots=spots, motif=motif, profile=wares.BEAKER)
    wares.cup(sheet, 1010, 1410, 1.75, glaze, liquid="#d7b45e", spots=spots, motif=motif)
    grain(sheet)
    return sheet


def glass_mug() -> Sheet:
    sheet = _bench(WARE, 52)
    cx, base, top = 760.0, 1360.0, 600.0
    shadow(sheet, cx, base, 300, 66, 0.4)
    loop = f"M{num(cx + 250)} 780C{num(cx + 480)} 740 {num(cx + 470)} 1160 {num(cx + 246)} 1180"
    sheet.line(loop, "#9db3ac", 46, 0.55)
    sheet.line(loop, "#ffffff", 22, 0.6)
    body = lathe(cx, [(top, 270), (top + 30, 264), (base - 90, 258), (base - 20, 236), (base, 220)], 0.14)
    sheet.path(body, "#dfe9e4", 0.55)
    tea = [(810.0, 254.0), (base - 90, 247.0), (base - 34, 226.0), (base - 26, 214.0)]
    sheet.path(lathe(cx, tea, 0.14), "#cfd07c", 0.8)
    botany.heap(sheet, cx, base - 60, 190, 42, "bud", "#86a35e", 34, "#c8d59a", seed=4)
    for x, y, turn in ((640, 1100, 60), (830, 1040, 110), (900, 1170, 80), (700, 960, 95), (590, 1210, 70)):
        botany.leaf(sheet, x, y, 100, turn, "#7d9f58", 0.24)
    sheet.oval(cx, 810, 254, 36, "#e6e6b4", 0.9)
    # The infuser hangs in the mouth.
    steel = lathe(cx, [(588, 236), (620, 214), (960, 196), (1010, 176)], 0.14)
    sheet.path(steel, "#f3f6f2", 0.28)
    mesh = "".join(f"M{x} 660V980" for x in range(580, 960, 30)) + "".join(f"M560 {y}H960" for y in range(680, 990, 30))
    with sheet.clipped(steel):
        sheet.line(mesh, "#6e7d77", 3, 0.42)
    sheet.path(body, sheet.linear([(0, "#2a211a", 0.26), (0.06, "#ffffff", 0.35), (0.2, "#ffffff", 0.4), (0.3, "#ffffff", 0), (0.8, "#ffffff", 0.02), (0.93, "#ffffff", 0.32), (1, "#2a211a", 0.28)]))
    rim(sheet, cx, top - 6, 282, "#f3f6f2", squash=0.15, wall=26, inside="#d5ddd7")
    lid = wares.at([(0, 150), (30, 230), (52, 262), (70, 262)], 500, 1)
    with solid(sheet, lathe(cx, lid, 0.15), WOOD, foot=0.1):
        pass
    sheet.oval(cx, 500, 152, 22, light(WOOD, 0.25))
    with solid(sheet, lathe(cx, wares.at([(0, 44), (30, 52), (60, 36)], 436, 1), 0.2), dark(WOOD, 0.1)):
        pass
    sheet.oval(cx, 436, 44, 10, light(WOOD, 0.2))
    grain(sheet)
    return sheet


def _tray(sheet: Sheet, cx: float, cy: float, w: float, h: float = 210) -> None:
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
            tone = light(BAMBOO, 0.22) if i % 3 == 0 else dark(BAMBOO, 0.08) if i % 3 == 1 else BAMBOO
            sheet.path(f"M{num(x1)} {num(cy - h / 2)}h{num(step1 * 0.82)}L{num(x2 + step2 * 0.82)} {num(cy + h / 2)}h{num(-step2 * 0.82)}Z", tone)
            sheet.path(f"M{num(x1 + step1 * 0.82)} {num(cy - h / 2)}h{num(step1 * 0.18)}L{num(x2 + step2)} {num(cy + h / 2)}h{num(-step2 * 0.18)}Z", dark(BAMBOO, 0.62))
    sheet.path(f"M{num(cx - half)} {num(cy + h / 2)}h{num(w)}v44h{num(-w)}Z", sheet.down(light(BAMBOO, 0.05), dark(BAMBOO, 0.3)))
    sheet.line(f"M{num(cx - half)} {num(cy + h / 2)}h{num(w)}", light(BAMBOO, 0.5), 5)
    sheet.line(top, dark(BAMBOO, 0.25), 12)


def tray() -> Sheet:
    sheet = _bench(WARM, 61)
    _tray(sheet, 800, 1270, 1280, 270)
    wares.gaiwan(sheet, 620, 1310, 0.66, MOON, motif="#5d7f73")
    wares.cup(sheet, 960, 1280, 0.62, CELADON, liquid="#d7b45e")
    wares.cup(sheet, 1110, 1350, 0.62, CELADON, liquid="#d7b45e")
    grain(sheet)
    return sheet


def tools() -> Sheet:
    sheet = _bench(WARE, 70, "arch")
    holder = [(0.0, 120.0), (20.0, 124.0), (240.0, 132.0), (330.0, 124.0), (344.0, 118.0)]
    cx, top = 640.0, 1000.0
    for x, turn, kind in ((590, -9, "pick"), (650, 2, "scoop"), (700, 11, "tongs")):
        with sheet.moved(x, top + 60, turn=turn):
            sheet.rect(-12, -560, 24, 600, sheet.linear([(0, light(WOOD, 0.25), 1), (1, dark(WOOD, 0.25), 1)]), 12)
            if kind == "scoop":
                sheet.path("M-46-560C-60-700-30-770 0-780C30-770 60-700 46-560Q0-520-46-560Z", WOOD)
                sheet.path("M-28-580C-36-690-16-740 0-746C16-740 36-690 28-580Q0-556-28-580Z", dark(WOOD, 0.35))
            elif kind == "pick":
                sheet.path("M-12-550L0-720L12-550Z", WOOD)
            else:
                sheet.line("M-6-540C-40-620-34-700-14-760M6-540C40-620 34-700 14-760", WOOD, 20)
    shadow(sheet, cx, top + 344, 130, 40)
    with solid(sheet, lathe(cx, wares.at(holder, top), 0.16), BAMBOO):
        sheet.line(f"M{num(cx - 200)} {num(top + 236)}q200 44 400 0", dark(BAMBOO, 0.4), 6, 0.6)
        with sheet.moved(cx - 32, top + 50, 0.62):
            han(sheet, dark(BAMBOO, 0.6), 9)
    sheet.add(f'<path d="M{num(cx - 118)} {num(top)}a118 20 0 0 0 236 0" fill="none" stroke="{light(BAMBOO, 0.5)}" stroke-width="8"/>')
    with sheet.moved(1080, 1360, turn=-8):
        sheet.oval(20, 30, 300, 40, "#2a211a", 0.22)
        sheet.path("M-290-6C-290-80-160-96-20-80C100-66 230-44 310-26Q326 0 310 26C210 50 100 70-20 76C-160 84-290 70-290-6Z", BAMBOO)
        sheet.path("M-256-6C-252-56-150-66-20-54C90-44 200-26 286-12C190 16 90 40-20 46C-150 52-254 44-256-6Z", dark(BAMBOO, 0.3))
        botany.heap(sheet, -90, -8, 130, 26, "curl", "#5c7346", 34, "#b9c191", seed=2)
    grain(sheet)
    return sheet


def kettle() -> Sheet:
    sheet = _bench(WARM, 77)
    shadow(sheet, 820, 1440, 360, 60)
    stove = [(0.0, 300.0), (12.0, 306.0), (120.0, 300.0), (160.0, 270.0)]
    with solid(sheet, lathe(820, wares.at(stove, 1290), 0.15), "#5e5750"):
        sheet.path("M730 1440q0-96 90-96t90 96Z", "#2a1f1a")
        sheet.path("M776 1440q10-50 44-70q34 24 42 70Z", "#e08a3a")
        sheet.path("M800 1444q4-30 22-44q16 18 18 44Z", "#f6d27a")
    sheet.oval(820, 1290, 300, 44, "#6f675f")
    wares.kettle(sheet, 820, 1306, 1.2, IRON, WOOD)
    wares.steam(sheet, 292, 770, 1.2, alpha=0.85)
    grain(sheet)
    return sheet


def caddy() -> Sheet:
    sheet = _bench(WARE, 83)
    wares.jar(sheet, 680, 1340, 1.25, CELADON, WOOD, motif="#3d6256")
    wares.jar(sheet, 1160, 1430, 0.72, MOON, WOOD, motif="#5d7f73")
    grain(sheet)
    return sheet


def frog() -> Sheet:
    """The rain frog: a small clay figure under a lotus leaf."""
    sheet = _bench(WARE, 95)
    skin, belly = "#7d9a6a", "#dfe0bd"
    shadow(sheet, 800, 1370, 430, 80)
    sheet.line("M1120 1370C1180 1060 1120 740 880 455", "#4f7148", 22)
    with sheet.moved(830, 470, turn=-8):
        sheet.path("M-420 60C-380-120-160-210 40-190C280-170 430-60 440 70C300 10 240 60 150 40C60 20 10 80-90 50C-190 20-280 90-420 60Z", "#5d8557")
        sheet.path("M-420 60C-380-120-160-210 40-190C280-170 430-60 440 70C340-70 120-130-40-120C-220-110-360-40-420 60Z", "#7ba26d")
        sheet.line("M40-188C-60-110-160-40-270 46M40-188C30-100 10-20-20 56M40-188C130-110 200-40 230 36M40-188C220-130 320-60 390 36", "#41633f", 7, 0.6)
    for x, y in ((430, 640), (560, 560), (1210, 660), (1290, 540)):
        sheet.path(drop(x, y, 24), "#ffffff", 0.85)
    for side in (-1, 1):  # haunches
        with sheet.moved(800, 1200, flip=side > 0):
            sheet.path("M-190-40C-380-60-440 60-400 150C-380 180-300 176-220 170C-120 160-100-10-190-40Z", dark(skin, 0.1))
            sheet.path("M-420 150C-470 150-490 184-440 188H-270C-240 186-240 160-280 156Z", dark(skin, 0.2))
    d = "M800 860C1010 860 1080 1000 1070 1150C1060 1300 960 1380 800 1380C640 1380 540 1300 530 1150C520 1000 590 860 800 860Z"
    with solid(sheet, d, skin):
        sheet.path("M800 1050C920 1050 970 1140 960 1240C950 1340 890 1390 800 1390C710 1390 650 1340 640 1240C630 1140 680 1050 800 1050Z", belly)
        wares.speckle(sheet, 800, 880, 260, 170, dark(skin, 0.5))
    for side in (-1, 1):
        x = 800 + side * 150
        with solid(sheet, circle(x, 868, 92), skin, foot=0.1):
            pass
        sheet.oval(x, 862, 60, 62, "#fbf7e6")
        sheet.oval(x - 8, 870, 36, 40, "#2a2620")
        sheet.oval(x - 22, 852, 12, 13, "#ffffff")
        with sheet.moved(800, 1200, flip=side > 0):
            sheet.path("M-120-40C-170 20-180 110-160 170C-200 176-210 196-180 198H-70C-50 196-56 176-80 170C-70 100-60 20-120-40Z", light(skin, 0.08))
        sheet.oval(x + side * 44, 1010, 44, 26, "#d98f6a", 0.5)
    sheet.line("M690 1000Q800 1072 910 1000", dark(skin, 0.6), 11)
    sheet.oval(770, 952, 6, 5, dark(skin, 0.6))
    sheet.oval(830, 952, 6, 5, dark(skin, 0.6))
    sheet.path("M640 930C670 890 740 876 790 880C720 892 680 910 640 930Z", "#ffffff", 0.45)
    grain(sheet)
    return sheet


def cloth(colour: str) -> Sheet:
    sheet = _bench(WARM if colour == PINE else WARE, 101, "arch")
    shadow(sheet, 800, 1410, 520, 70)
    for i, (dx, h) in enumerate(((0, 0), (10, 1), (-8, 2))):
        y = 1310 - h * 92
        tone = light(colour, 0.06 * i)
        sheet.path(f"M{300 + dx} {y + 96}C{280 + dx} {y + 60} {290 + dx} {y + 6} {330 + dx} {y}H{1290 + dx}C{1310 + dx} {y + 30} {1306 + dx} {y + 80} {1286 + dx} {y + 96}Z", tone)
        sheet.path(f"M{300 + dx} {y + 96}C{280 + dx} {y + 60} {290 + dx} {y + 6} {330 + dx} {y}H{1290 + dx}C{1310 + dx} {y + 30} {1306 + dx} {y + 80} {1286 + dx} {y + 96}Z", sheet.linear([(0, "#ffffff", 0.18), (0.3, "#ffffff", 0), (1, "#2a211a", 0.38)], (0, 0, 0, 1)))
        sheet.line(f"M{330 + dx} {y + 74}H{1280 + dx}", light(colour, 0.5), 3, 0.6)
    top = "M330 1126L470 930H1190L1284 1126Z"
    with solid(sheet, top, light(colour, 0.12), shade=packs.FLAT, foot=0.05):
        weave = "".join(f"M300 {y}H1300" for y in range(938, 1126, 9))
        sheet.line(weave, light(colour, 0.4), 2, 0.28)
        sheet.line("".join(f"M{x} 930L{x - 60 + (x - 800) * 0.2:.0f} 1126" for x in range(440, 1300, 12)), dark(colour, 0.4), 1.5, 0.2)
    sheet.line("M372 1096L498 950H1168L1246 1096Z", light(colour, 0.55), 4, 0.7)
    with sheet.moved(1130, 1030, 1, -4):
        sheet.rect(-46, -62, 92, 118, packs.PAPER, 4)
        with sheet.moved(-24, -48, 0.48):
            han(sheet, packs.INK, 10)
    wares.cup(sheet, 690, 1060, 0.9, IRON if colour != PINE else MOON, liquid="#c9903f")
    grain(sheet)
    return sheet


def travel_set() -> Sheet:
    sheet = _bench(WARM, 110)
    shadow(sheet, 820, 1400, 560, 70)
    # The open case: padded lid behind, tray in front.
    sheet.rect(330, 560, 940, 560, dark(PINE, 0.15), 60)
    sheet.rect(362, 592, 876, 500, "#3d5c50", 44)
    sheet.line("M392 640H1208V1090", "#6d8a7b", 3, 0.5)
    with sheet.moved(760, 668, 0.86):
        han(sheet, GOLD, 8)
    sheet.rect(300, 1096, 1000, 290, PINE, 50)
    sheet.path("M300 1146q0-50 50-50h900q50 0 50 50Z", "#1f332b")
    sheet.rect(300, 1200, 1000, 186, sheet.down("#2f4a3f", "#22372f"), 50)
    wares.gaiwan(sheet, 560, 1216, 0.62, MOON, motif="#5d7f73")
    wares.pitcher(sheet, 880, 1210, 0.62, "#dfe9e4", liquid="#d9923a", glass=True)
    for x in (1080, 1180):
        wares.cup(sheet, x, 1206, 0.46, CELADON)
    sheet.path("M300 1200H1300V1336q0 50-50 50H350q-50 0-50-50Z", sheet.down("#35544a", "#243a31"))
    sheet.line("M330 1226H1270", "#7d9a8b", 3, 0.6)
    sheet.rect(750, 1180, 100, 62, WOOD, 10)
    sheet.oval(800, 1212, 12, 12, GOLD)
    grain(sheet)
    return sheet


SEASONS: tuple[tuple[str, packs.Emblem, str], ...] = (
    ("#7f9f5c", packs.hills, "#4d6b34"),
    ("#5f8577", packs.orchid, "#35574b"),
    ("#c68a34", packs.sun, "#7a4a14"),
    ("#7c2f26", packs.pines, "#7c2f26"),
)


def four_seasons() -> Sheet:
    sheet = _bench(NIGHT, 121)
    packs.box(sheet, 800, 1420, 1180, 250, PINE, depth=150)
    sheet.path("M330 1162L404 1030H1196L1270 1162Z", "#1d2f28")
    for i, (colour, emblem, ink) in enumerate(SEASONS):
        packs.cylinder(sheet, 440 + i * 240, 1140 + (i % 2) * 8, 106, 420, colour, emblem=emblem, ink=ink)
    sheet.rect(210, 1170, 1180, 250, sheet.down("#35544a", "#263e34"))
    sheet.line("M210 1170h1180", "#7d9a8b", 4)
    sheet.rect(760, 1170, 80, 250, PERSIMMON)
    sheet.rect(760, 1170, 80, 250, sheet.linear([(0, "#ffffff", 0.2), (1, "#2a211a", 0.25)]))
    sheet.oval(800, 1290, 92, 92, packs.PAPER)
    seal(sheet, 800, 1290, 78, PINE, packs.PAPER)
    grain(sheet)
    return sheet


def four_seasons_closed() -> Sheet:
    sheet = _bench(WARM, 124, "arch")
    _gift_box(sheet, 800, 1380, 980, 520, PINE, PERSIMMON)
    grain(sheet)
    return sheet


def _gift_box(sheet: Sheet, cx: float, base: float, w: float, h: float, colour: str, ribbon: str) -> None:
    packs.box(sheet, cx, base, w, h, colour, depth=190, lid=h * 0.3)
    top = base - h
    with sheet.clipped(f"M{num(cx - w / 2)} {num(top)}h{num(w)}v{num(h)}h{num(-w)}Z"):
        ridge = setting.hill(1600, base - 60, 190, 5, 1600)
        sheet.path(ridge, light(colour, 0.2), 0.5)
        sheet.path(setting.hill(1600, base - 10, 150, 9, 1600), light(colour, 0.32), 0.45)
        sheet.line("".join(f"M{num(cx - w / 2 + 30 + i * 61 % w)} {num(top + h * 0.36 + i * 37 % 150)}l-10 44" for i in range(22)), light(colour, 0.6), 3, 0.5)
    sheet.path(f"M{num(cx - 46)} {num(top)}v{num(h)}h92v{num(-h)}L{num(cx + 34)} {num(top - 190)}h-68Z", ribbon)
    sheet.path(f"M{num(cx - 46)} {num(top)}v{num(h)}h92v{num(-h)}Z", sheet.linear([(0, "#ffffff", 0.22), (1, "#2a211a", 0.3)]))
    with sheet.moved(cx, top - 92):
        for flip in (False, True):
            with sheet.moved(flip=flip):
                sheet.path("M0 0C60-150 240-170 270-90C284-30 130 16 0 0Z", ribbon)
                sheet.path("M30-14C90-110 200-124 222-82C224-44 120-8 30-14Z", dark(ribbon, 0.35))
                sheet.path("M0 0C40 50 110 90 190 150L150 156L140 196C80 130 20 60 0 0Z", dark(ribbon, 0.1))
        sheet.rect(-36, -38, 72, 66, light(ribbon, 0.1), 18)
    sheet.oval(cx, base - h * 0.36, 118, 118, packs.PAPER)
    seal(sheet, cx, base - h * 0.36, 100, colour, packs.PAPER)


def first_meeting() -> Sheet:
    sheet = _bench(NIGHT, 131)
    packs.box(sheet, 800, 1420, 1120, 240, PERSIMMON, depth=150)
    sheet.path("M360 1172L430 1044H1170L1240 1172Z", "#6d2f18")
    packs.pouch(sheet, 560, 1170, 330, 500, "#c9d6b4", emblem=packs.hills, ink="#4a6b3c", belly="#7f9f73")
    wares.gaiwan(sheet, 1000, 1180, 0.72, MOON, motif="#5d7f73")
    sheet.rect(240, 1180, 1120, 240, sheet.down("#c2623a", "#9a4522"))
    sheet.line("M240 1180h1120", "#eeb492", 4)
    sheet.oval(800, 1300, 92, 92, packs.PAPER)
    seal(sheet, 800, 1300, 78, PERSIMMON, packs.PAPER)
    grain(sheet)
    return sheet


def sampler() -> Sheet:
    sheet = _bench(WARM, 137, "arch")
    shadow(sheet, 800, 1430, 600, 60)
    looks = (
        ("#3f6650", packs.hills, "#2f4a3f"), ("#c9d6b4", packs.twig, "#4a6b3c"),
        ("#7c2f26", packs.pines, "#7c2f26"), ("#5f8577", packs.orchid, "#35574b"),
        ("#f3efe4", packs.jasmine, "#4f6b4f"), ("#4a4038", packs.cliff, "#4a4038"),
    )
    for i, (colour, emblem, ink) in enumerate(looks):
        row, column = divmod(i, 3)
        if i == 3:
            sheet.rect(300, 1000, 1000, 260, sheet.down(light(WOOD, 0.2), dark(WOOD, 0.15)), 8)
            sheet.rect(300, 1000, 1000, 12, light(WOOD, 0.5), 6)
        if i == 0:
            sheet.path("M330 940H1270L1300 1004H300Z", light(WOOD, 0.3))
        packs.pouch(sheet, 470 + column * 330, 990 + row * 440, 290, 450, colour, emblem=emblem, ink=ink)
    grain(sheet)
    return sheet


def bag() -> Sheet:
    sheet = _bench(WARE, 149)
    shadow(sheet, 820, 1390, 400, 60)
    for x, y, tone in ((60, -26, dark(PINE, 0.3)), (0, 0, light(PINE, 0.3))):
        sheet.line(f"M{660 + x} {600 + y}C{660 + x} 380 {940 + x} 380 {940 + x} {600 + y}", tone, 16)
    sheet.path("M1120 580L1230 530V1330L1120 1390Z", "#1d2f28")
    sheet.path("M1120 580L1176 960L1120 1390Z", "#35544a", 0.5)
    with solid(sheet, "M480 580H1120V1390H480Z", PINE, shade=packs.FLAT):
        sheet.path(setting.hill(1600, 1290, 190, 5, 1600), light(PINE, 0.16))
        sheet.path(setting.hill(1600, 1350, 150, 9, 1600), light(PINE, 0.28))
        setting.rain(sheet, (480, 640, 640, 560), 26, 4, light(PINE, 0.6), 0.5)
    sheet.rect(480, 580, 640, 60, "#263e34")
    for x in (660, 940):
        sheet.oval(x, 604, 15, 15, GOLD)
        sheet.oval(x, 604, 8, 8, "#1d2f28")
    sheet.path("M480 580L640 566L1120 580Z", "#4c6d5e")
    with sheet.moved(738, 760, 1.24):
        han(sheet, packs.PAPER, 8)
    grain(sheet)
    return sheet


PICTURES: dict[str, Callable[[], Sheet]] = {
    "gaiwan-moon": lambda: gaiwan(MOON),
    "gaiwan-celadon": lambda: gaiwan(CELADON),
    "gaiwan-iron": lambda: gaiwan(IRON),
    "gaiwan-open": gaiwan_open,
    "pitcher-celadon": lambda: pitcher(glass=False),
    "pitcher-glass": lambda: pitcher(glass=True),
    "shipiao-teapot": teapot,
    "shipiao-teapot-2": teapot_served,
    "cups-moon": lambda: cups(MOON),
    "cups-celadon": lambda: cups(CELADON),
    "cups-iron": lambda: cups(IRON),
    "glass-mug": glass_mug,
    "bamboo-tray": tray,
    "tea-tools": tools,
    "iron-kettle": kettle,
    "tea-caddy": caddy,
    "rain-frog": frog,
    "tea-cloth-pine": lambda: cloth("#4c6d5e"),
    "tea-cloth-linen": lambda: cloth(LINEN),
    "tea-cloth-persimmon": lambda: cloth(PERSIMMON),
    "travel-set": travel_set,
    "four-seasons": four_seasons,
    "four-seasons-2": four_seasons_closed,
    "first-meeting": first_meeting,
    "sampler-six": sampler,
    "gift-bag": bag,
}
