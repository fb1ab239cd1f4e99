"""Pictures of the tea ware and of the gifts."""

from __future__ import annotations

from tools.sample_art import botany, pots, wares
from tools.sample_art.setting import WARE, WARM, Tone, grain, room
from tools.sample_art.solids import lathe, rim, shadow, solid
from tools.sample_art.svg import Sheet, light
from tools.sample_art.wares import CELADON, CLAY, IRON, MOON, WOOD


def bench(tone: Tone, seed: int, opening: str = "moon") -> Sheet:
    return room(tone, seed=seed, opening=opening)


def gaiwan(glaze: str) -> Sheet:
    sheet = bench(WARE if glaze != CELADON else WARM, 21)
    motif = {MOON: "#5d7f73", CELADON: "", IRON: ""}[glaze]
    spots = "#c9a25e" if glaze == IRON else "#5b6f5f" if glaze == CELADON else ""
    wares.gaiwan(sheet, 800, 1360, 1.42, glaze, motif=motif, spots=spots)
    grain(sheet)
    return sheet


def gaiwan_open() -> Sheet:
    sheet = bench(WARE, 27, "arch")
    wares.saucer(sheet, 680, 1290, 400, MOON)
    bowl = wares.at(
        [(0, 268), (8, 262), (60, 246), (150, 214), (220, 150), (252, 112), (268, 110)],
        1290 - 356,
        1.32,
    )
    with solid(sheet, lathe(680, bowl, 0.14), MOON):
        wares.ridge(sheet, 680, 1180, 1.32, "#5d7f73")
    rim(sheet, 680, 934, 354, light(MOON, 0.2), squash=0.17, wall=12, liquid="#d7d98a", level=0.5)
    wares.steam(sheet, 660, 880, 1.5)
    with sheet.moved(1190, 1296, turn=-62):
        lid = wares.at([(0, 62), (14, 80), (40, 150), (84, 208), (124, 230), (136, 230)], -150, 1.1)
        with solid(sheet, lathe(0, lid, 0.15), MOON, foot=0.05):
            pass
        with solid(
            sheet,
            lathe(0, wares.at([(0, 66), (14, 56), (40, 42), (54, 58)], -200, 1.1), 0.16),
            MOON,
        ):
            pass
        sheet.oval(0, -200, 72, 13, light(MOON, 0.3))
    botany.sprig(sheet, 330, 1480, 220, -20, "#6a9153")
    grain(sheet)
    return sheet


def pitcher(glass: bool) -> Sheet:
    sheet = bench(WARM if glass else WARE, 14 if glass else 9, "moon")
    wares.pitcher(
        sheet, 740, 1350, 1.75, "#dfe9e4" if glass else CELADON, liquid="#d9923a", glass=glass
    )
    wares.cup(sheet, 1230, 1430, 0.85, MOON, liquid="#d9923a")
    grain(sheet)
    return sheet


def teapot() -> Sheet:
    sheet = bench(WARM, 33)
    pots.teapot(sheet, 800, 1340, 1.36, CLAY)
    grain(sheet)
    return sheet


def teapot_served() -> Sheet:
    sheet = bench(WARM, 35, "arch")
    pots.tray(sheet, 800, 1370, 1180)
    pots.teapot(sheet, 720, 1296, 0.94, CLAY)
    for x, y in ((1140, 1290), (1270, 1360)):
        wares.cup(sheet, x, y, 0.62, MOON, liquid="#b9612c")
    wares.steam(sheet, 1140, 1140, 0.9)
    grain(sheet)
    return sheet


def cups(glaze: str) -> Sheet:
    sheet = bench(WARE if glaze == CELADON else WARM, 41, "arch")
    spots = {MOON: "", CELADON: "#5b6f5f", IRON: "#c9a25e"}[glaze]
    motif = "#5d7f73" if glaze == MOON else ""
    wares.cup(
        sheet,
        610,
        1290,
        1.75,
        glaze,
        liquid="#d7b45e",
        spots=spots,
        motif=motif,
        profile=wares.BEAKER,
    )
    wares.cup(sheet, 1010, 1410, 1.75, glaze, liquid="#d7b45e", spots=spots, motif=motif)
    grain(sheet)
    return sheet


def kettle() -> Sheet:
    sheet = bench(WARM, 77)
    shadow(sheet, 820, 1440, 360, 60)
    stove = [(0.0, 300.0), (12.0, 306.0), (120.0, 300.0), (160.0, 270.0)]
    with solid(sheet, lathe(820, wares.at(stove, 1290), 0.15), "#5e5750"):
        sheet.path("M730 1440q0-96 90-96t90 96Z", "#2a1f1a")
        sheet.path("M776 1440q10-50 44-70q34 24 42 70Z", "#e08a3a")
        sheet.path("M800 1444q4-30 22-44q16 18 18 44Z", "#f6d27a")
    sheet.oval(820, 1290, 300, 44, "#6f675f")
    pots.kettle(sheet, 820, 1306, 1.2, IRON, WOOD)
    wares.steam(sheet, 292, 770, 1.2, alpha=0.85)
    grain(sheet)
    return sheet


def caddy() -> Sheet:
    sheet = bench(WARE, 83)
    pots.jar(sheet, 680, 1340, 1.25, CELADON, WOOD, motif="#3d6256")
    pots.jar(sheet, 1160, 1430, 0.72, MOON, WOOD, motif="#5d7f73")
    grain(sheet)
    return sheet
