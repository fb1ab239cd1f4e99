"""Pictures of the smaller things on the tea table."""

from __future__ import annotations

from tools.sample_art import botany, mark, packs, pots, wares
from tools.sample_art.mark import drop, han
from tools.sample_art.setting import WARE, WARM, circle, grain
from tools.sample_art.solids import lathe, rim, shadow, solid
from tools.sample_art.svg import Sheet, dark, light, num
from tools.sample_art.table import bench
from tools.sample_art.wares import BAMBOO, CELADON, IRON, MOON, PINE, WOOD


def glass_mug() -> Sheet:
    sheet = bench(WARE, 52)
    cx, base, top = 760.0, 1360.0, 600.0
    shadow(sheet, cx, base, 300, 66, 0.4)
    loop = f"M{num(cx + 250)} 780C{num(cx + 480)} 740 {num(cx + 470)} 1160 {num(cx + 246)} 1180"
    sheet.line(loop, "#9db3ac", 46, 0.55)
    sheet.line(loop, "#ffffff", 22, 0.6)
    body = lathe(
        cx, [(top, 270), (top + 30, 264), (base - 90, 258), (base - 20, 236), (base, 220)], 0.14
    )
    sheet.path(body, "#dfe9e4", 0.55)
    tea = [(810.0, 254.0), (base - 90, 247.0), (base - 34, 226.0), (base - 26, 214.0)]
    sheet.path(lathe(cx, tea, 0.14), "#cfd07c", 0.8)
    botany.heap(sheet, cx, base - 60, 190, 42, "bud", "#86a35e", 34, "#c8d59a", seed=4)
    for x, y, turn in (
        (640, 1100, 60),
        (830, 1040, 110),
        (900, 1170, 80),
        (700, 960, 95),
        (590, 1210, 70),
    ):
        botany.leaf(sheet, x, y, 100, turn, "#7d9f58", 0.24)
    sheet.oval(cx, 810, 254, 36, "#e6e6b4", 0.9)
    # The infuser hangs in the mouth.
    steel = lathe(cx, [(588, 236), (620, 214), (960, 196), (1010, 176)], 0.14)
    sheet.path(steel, "#f3f6f2", 0.28)
    mesh = "".join(f"M{x} 660V980" for x in range(580, 960, 30)) + "".join(
        f"M560 {y}H960" for y in range(680, 990, 30)
    )
    with sheet.clipped(steel):
        sheet.line(mesh, "#6e7d77", 3, 0.42)
    sheet.path(
        body,
        sheet.linear(
            [
                (0, "#2a211a", 0.26),
                (0.06, "#ffffff", 0.35),
                (0.2, "#ffffff", 0.4),
                (0.3, "#ffffff", 0),
                (0.8, "#ffffff", 0.02),
                (0.93, "#ffffff", 0.32),
                (1, "#2a211a", 0.28),
            ]
        ),
    )
    rim(sheet, cx, top - 6, 282, "#f3f6f2", squash=0.15, wall=26, inside="#d5ddd7")
    lid = wares.at([(0, 150), (30, 230), (52, 262), (70, 262)], 500, 1)
    with solid(sheet, lathe(cx, lid, 0.15), WOOD, foot=0.1):
        pass
    sheet.oval(cx, 500, 152, 22, light(WOOD, 0.25))
    with solid(
        sheet, lathe(cx, wares.at([(0, 44), (30, 52), (60, 36)], 436, 1), 0.2), dark(WOOD, 0.1)
    ):
        pass
    sheet.oval(cx, 436, 44, 10, light(WOOD, 0.2))
    grain(sheet)
    return sheet


def tray() -> Sheet:
    sheet = bench(WARM, 61)
    pots.tray(sheet, 800, 1270, 1280, 270)
    wares.gaiwan(sheet, 620, 1310, 0.66, MOON, motif="#5d7f73")
    wares.cup(sheet, 960, 1280, 0.62, CELADON, liquid="#d7b45e")
    wares.cup(sheet, 1110, 1350, 0.62, CELADON, liquid="#d7b45e")
    grain(sheet)
    return sheet


def tools() -> Sheet:
    sheet = bench(WARE, 70, "arch")
    holder = [(0.0, 120.0), (20.0, 124.0), (240.0, 132.0), (330.0, 124.0), (344.0, 118.0)]
    cx, top = 640.0, 1000.0
    for x, turn, kind in ((590, -9, "pick"), (650, 2, "scoop"), (700, 11, "tongs")):
        with sheet.moved(x, top + 60, turn=turn):
            sheet.rect(
                -12,
                -560,
                24,
                600,
                sheet.linear([(0, light(WOOD, 0.25), 1), (1, dark(WOOD, 0.25), 1)]),
                12,
            )
            if kind == "scoop":
                sheet.path("M-46-560C-60-700-30-770 0-780C30-770 60-700 46-560Q0-520-46-560Z", WOOD)
                sheet.path(
                    "M-28-580C-36-690-16-740 0-746C16-740 36-690 28-580Q0-556-28-580Z",
                    dark(WOOD, 0.35),
                )
            elif kind == "pick":
                sheet.path("M-12-550L0-720L12-550Z", WOOD)
            else:
                sheet.line("M-6-540C-40-620-34-700-14-760M6-540C40-620 34-700 14-760", WOOD, 20)
    shadow(sheet, cx, top + 344, 130, 40)
    with solid(sheet, lathe(cx, wares.at(holder, top), 0.16), BAMBOO):
        sheet.line(f"M{num(cx - 200)} {num(top + 236)}q200 44 400 0", dark(BAMBOO, 0.4), 6, 0.6)
        with sheet.moved(cx - 32, top + 50, 0.62):
            han(sheet, dark(BAMBOO, 0.6), 9)
    sheet.add(
        f'<path d="M{num(cx - 118)} {num(top)}a118 20 0 0 0 236 0" fill="none" stroke="{light(BAMBOO, 0.5)}" stroke-width="8"/>'
    )
    with sheet.moved(1080, 1360, turn=-8):
        sheet.oval(20, 30, 300, 40, "#2a211a", 0.22)
        sheet.path(
            "M-290-6C-290-80-160-96-20-80C100-66 230-44 310-26Q326 0 310 26C210 50 100 70-20 76C-160 84-290 70-290-6Z",
            BAMBOO,
        )
        sheet.path(
            "M-256-6C-252-56-150-66-20-54C90-44 200-26 286-12C190 16 90 40-20 46C-150 52-254 44-256-6Z",
            dark(BAMBOO, 0.3),
        )
        botany.heap(sheet, -90, -8, 130, 26, "curl", "#5c7346", 34, "#b9c191", seed=2)
    grain(sheet)
    return sheet


def frog() -> Sheet:
    """The rain frog: a small clay figure under a lotus leaf."""
    sheet = bench(WARE, 95)
    skin, belly = "#7d9a6a", "#dfe0bd"
    shadow(sheet, 800, 1370, 430, 80)
    sheet.line("M1120 1370C1180 1060 1120 740 880 455", "#4f7148", 22)
    with sheet.moved(830, 470, turn=-8):
        sheet.path(
            "M-420 60C-380-120-160-210 40-190C280-170 430-60 440 70C300 10 240 60 150 40C60 20 10 80-90 50C-190 20-280 90-420 60Z",
            "#5d8557",
        )
        sheet.path(
            "M-420 60C-380-120-160-210 40-190C280-170 430-60 440 70C340-70 120-130-40-120C-220-110-360-40-420 60Z",
            "#7ba26d",
        )
        sheet.line(
            "M40-188C-60-110-160-40-270 46M40-188C30-100 10-20-20 56M40-188C130-110 200-40 230 36M40-188C220-130 320-60 390 36",
            "#41633f",
            7,
            0.6,
        )
    for x, y in ((430, 640), (560, 560), (1210, 660), (1290, 540)):
        sheet.path(drop(x, y, 24), "#ffffff", 0.85)
    for side in (-1, 1):  # haunches
        with sheet.moved(800, 1200, flip=side > 0):
            sheet.path(
                "M-190-40C-380-60-440 60-400 150C-380 180-300 176-220 170C-120 160-100-10-190-40Z",
                dark(skin, 0.1),
            )
            sheet.path(
                "M-420 150C-470 150-490 184-440 188H-270C-240 186-240 160-280 156Z", dark(skin, 0.2)
            )
    d = "M800 860C1010 860 1080 1000 1070 1150C1060 1300 960 1380 800 1380C640 1380 540 1300 530 1150C520 1000 590 860 800 860Z"
    with solid(sheet, d, skin):
        sheet.path(
            "M800 1050C920 1050 970 1140 960 1240C950 1340 890 1390 800 1390C710 1390 650 1340 640 1240C630 1140 680 1050 800 1050Z",
            belly,
        )
        wares.speckle(sheet, 800, 880, 260, 170, dark(skin, 0.5))
    for side in (-1, 1):
        x = 800 + side * 150
        with solid(sheet, circle(x, 868, 92), skin, foot=0.1):
            pass
        sheet.oval(x, 862, 60, 62, "#fbf7e6")
        sheet.oval(x - 8, 870, 36, 40, "#2a2620")
        sheet.oval(x - 22, 852, 12, 13, "#ffffff")
        with sheet.moved(800, 1200, flip=side > 0):
            sheet.path(
                "M-120-40C-170 20-180 110-160 170C-200 176-210 196-180 198H-70C-50 196-56 176-80 170C-70 100-60 20-120-40Z",
                light(skin, 0.08),
            )
        sheet.oval(x + side * 44, 1010, 44, 26, "#d98f6a", 0.5)
    sheet.line("M690 1000Q800 1072 910 1000", dark(skin, 0.6), 11)
    sheet.oval(770, 952, 6, 5, dark(skin, 0.6))
    sheet.oval(830, 952, 6, 5, dark(skin, 0.6))
    sheet.path("M640 930C670 890 740 876 790 880C720 892 680 910 640 930Z", "#ffffff", 0.45)
    grain(sheet)
    return sheet


def cloth(colour: str) -> Sheet:
    sheet = bench(WARM if colour == PINE else WARE, 101, "arch")
    shadow(sheet, 800, 1410, 520, 70)
    for i, (dx, h) in enumerate(((0, 0), (10, 1), (-8, 2))):
        y = 1310 - h * 92
        tone = light(colour, 0.06 * i)
        sheet.path(
            f"M{300 + dx} {y + 96}C{280 + dx} {y + 60} {290 + dx} {y + 6} {330 + dx} {y}H{1290 + dx}C{1310 + dx} {y + 30} {1306 + dx} {y + 80} {1286 + dx} {y + 96}Z",
            tone,
        )
        sheet.path(
            f"M{300 + dx} {y + 96}C{280 + dx} {y + 60} {290 + dx} {y + 6} {330 + dx} {y}H{1290 + dx}C{1310 + dx} {y + 30} {1306 + dx} {y + 80} {1286 + dx} {y + 96}Z",
            sheet.linear(
                [(0, "#ffffff", 0.18), (0.3, "#ffffff", 0), (1, "#2a211a", 0.38)], (0, 0, 0, 1)
            ),
        )
        sheet.line(f"M{330 + dx} {y + 74}H{1280 + dx}", light(colour, 0.5), 3, 0.6)
    top = "M330 1126L470 930H1190L1284 1126Z"
    with solid(sheet, top, light(colour, 0.12), shade=packs.FLAT, foot=0.05):
        weave = "".join(f"M300 {y}H1300" for y in range(938, 1126, 9))
        sheet.line(weave, light(colour, 0.4), 2, 0.28)
        sheet.line(
            "".join(f"M{x} 930L{x - 60 + (x - 800) * 0.2:.0f} 1126" for x in range(440, 1300, 12)),
            dark(colour, 0.4),
            1.5,
            0.2,
        )
    sheet.line("M372 1096L498 950H1168L1246 1096Z", light(colour, 0.55), 4, 0.7)
    with sheet.moved(1130, 1030, 1, -4):
        sheet.rect(-46, -62, 92, 118, mark.PAPER, 4)
        with sheet.moved(-24, -48, 0.48):
            han(sheet, packs.INK, 10)
    wares.cup(sheet, 690, 1060, 0.9, IRON if colour != PINE else MOON, liquid="#c9903f")
    grain(sheet)
    return sheet
