"""Pictures of the gifts: boxes, sets and the paper bag."""

from __future__ import annotations

from tools.sample_art import emblems, mark, packs, setting, wares
from tools.sample_art.mark import han, seal
from tools.sample_art.setting import NIGHT, WARE, WARM, grain
from tools.sample_art.solids import shadow, solid
from tools.sample_art.svg import Sheet, dark, light, num
from tools.sample_art.table import bench
from tools.sample_art.wares import CELADON, GOLD, MOON, PERSIMMON, PINE, WOOD


def travel_set() -> Sheet:
    sheet = bench(WARM, 110)
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


SEASONS: tuple[tuple[str, emblems.Emblem, str], ...] = (
    ("#7f9f5c", emblems.hills, "#4d6b34"),
    ("#5f8577", emblems.orchid, "#35574b"),
    ("#c68a34", emblems.sun, "#7a4a14"),
    ("#7c2f26", emblems.pines, "#7c2f26"),
)


def four_seasons() -> Sheet:
    sheet = bench(NIGHT, 121)
    packs.box(sheet, 800, 1420, 1180, 250, PINE, depth=150)
    sheet.path("M330 1162L404 1030H1196L1270 1162Z", "#1d2f28")
    for i, (colour, emblem, ink) in enumerate(SEASONS):
        packs.cylinder(
            sheet, 440 + i * 240, 1140 + (i % 2) * 8, 106, 420, colour, emblem=emblem, ink=ink
        )
    sheet.rect(210, 1170, 1180, 250, sheet.down("#35544a", "#263e34"))
    sheet.line("M210 1170h1180", "#7d9a8b", 4)
    sheet.rect(760, 1170, 80, 250, PERSIMMON)
    sheet.rect(760, 1170, 80, 250, sheet.linear([(0, "#ffffff", 0.2), (1, "#2a211a", 0.25)]))
    sheet.oval(800, 1290, 92, 92, mark.PAPER)
    seal(sheet, 800, 1290, 78, PINE, mark.PAPER)
    grain(sheet)
    return sheet


def four_seasons_closed() -> Sheet:
    sheet = bench(WARM, 124, "arch")
    _gift_box(sheet, 800, 1380, 980, 520, PINE, PERSIMMON)
    grain(sheet)
    return sheet


def _gift_box(
    sheet: Sheet, cx: float, base: float, w: float, h: float, colour: str, ribbon: str
) -> None:
    packs.box(sheet, cx, base, w, h, colour, depth=190, lid=h * 0.3)
    top = base - h
    with sheet.clipped(f"M{num(cx - w / 2)} {num(top)}h{num(w)}v{num(h)}h{num(-w)}Z"):
        ridge = setting.hill(1600, base - 60, 190, 5, 1600)
        sheet.path(ridge, light(colour, 0.2), 0.5)
        sheet.path(setting.hill(1600, base - 10, 150, 9, 1600), light(colour, 0.32), 0.45)
        sheet.line(
            "".join(
                f"M{num(cx - w / 2 + 30 + i * 61 % w)} {num(top + h * 0.36 + i * 37 % 150)}l-10 44"
                for i in range(22)
            ),
            light(colour, 0.6),
            3,
            0.5,
        )
    sheet.path(
        f"M{num(cx - 46)} {num(top)}v{num(h)}h92v{num(-h)}L{num(cx + 34)} {num(top - 190)}h-68Z",
        ribbon,
    )
    sheet.path(
        f"M{num(cx - 46)} {num(top)}v{num(h)}h92v{num(-h)}Z",
        sheet.linear([(0, "#ffffff", 0.22), (1, "#2a211a", 0.3)]),
    )
    with sheet.moved(cx, top - 92):
        for flip in (False, True):
            with sheet.moved(flip=flip):
                sheet.path("M0 0C60-150 240-170 270-90C284-30 130 16 0 0Z", ribbon)
                sheet.path("M30-14C90-110 200-124 222-82C224-44 120-8 30-14Z", dark(ribbon, 0.35))
                sheet.path(
                    "M0 0C40 50 110 90 190 150L150 156L140 196C80 130 20 60 0 0Z", dark(ribbon, 0.1)
                )
        sheet.rect(-36, -38, 72, 66, light(ribbon, 0.1), 18)
    sheet.oval(cx, base - h * 0.36, 118, 118, mark.PAPER)
    seal(sheet, cx, base - h * 0.36, 100, colour, mark.PAPER)


def first_meeting() -> Sheet:
    sheet = bench(NIGHT, 131)
    packs.box(sheet, 800, 1420, 1120, 240, PERSIMMON, depth=150)
    sheet.path("M360 1172L430 1044H1170L1240 1172Z", "#6d2f18")
    packs.pouch(
        sheet, 560, 1170, 330, 500, "#c9d6b4", emblem=emblems.hills, ink="#4a6b3c", belly="#7f9f73"
    )
    wares.gaiwan(sheet, 1000, 1180, 0.72, MOON, motif="#5d7f73")
    sheet.rect(240, 1180, 1120, 240, sheet.down("#c2623a", "#9a4522"))
    sheet.line("M240 1180h1120", "#eeb492", 4)
    sheet.oval(800, 1300, 92, 92, mark.PAPER)
    seal(sheet, 800, 1300, 78, PERSIMMON, mark.PAPER)
    grain(sheet)
    return sheet


def sampler() -> Sheet:
    sheet = bench(WARM, 137, "arch")
    shadow(sheet, 800, 1430, 600, 60)
    looks = (
        ("#3f6650", emblems.hills, "#2f4a3f"),
        ("#c9d6b4", emblems.twig, "#4a6b3c"),
        ("#7c2f26", emblems.pines, "#7c2f26"),
        ("#5f8577", emblems.orchid, "#35574b"),
        ("#f3efe4", emblems.jasmine, "#4f6b4f"),
        ("#4a4038", emblems.cliff, "#4a4038"),
    )
    for i, (colour, emblem, ink) in enumerate(looks):
        row, column = divmod(i, 3)
        if i == 3:
            sheet.rect(300, 1000, 1000, 260, sheet.down(light(WOOD, 0.2), dark(WOOD, 0.15)), 8)
            sheet.rect(300, 1000, 1000, 12, light(WOOD, 0.5), 6)
        if i == 0:
            sheet.path("M330 940H1270L1300 1004H300Z", light(WOOD, 0.3))
        packs.pouch(
            sheet, 470 + column * 330, 990 + row * 440, 290, 450, colour, emblem=emblem, ink=ink
        )
    grain(sheet)
    return sheet


def bag() -> Sheet:
    sheet = bench(WARE, 149)
    shadow(sheet, 820, 1390, 400, 60)
    for x, y, tone in ((60, -26, dark(PINE, 0.3)), (0, 0, light(PINE, 0.3))):
        sheet.line(
            f"M{660 + x} {600 + y}C{660 + x} 380 {940 + x} 380 {940 + x} {600 + y}", tone, 16
        )
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
        han(sheet, mark.PAPER, 8)
    grain(sheet)
    return sheet
