"""Banners, the story's picture, the mark and the wordmark."""

from __future__ import annotations

from tools.sample_art import botany, wares
from tools.sample_art.mark import SHAN, YU, YU_DROPS, drop, latin, seal
from tools.sample_art.setting import grain, hill, rain, table
from tools.sample_art.solids import shadow
from tools.sample_art.svg import Sheet, dark, light, mix, num
from tools.sample_art.wares import CELADON, MOON, PERSIMMON, PINE, WOOD

SKY, MIST = "#dfe8dc", "#f4f1e4"


def _valley(sheet: Sheet, horizon: float, lift: float) -> None:
    """Far ridges, mist between them, and terraces of tea nearer by."""
    w, h = sheet.width, sheet.height
    sheet.rect(0, 0, w, h, sheet.down("#d3e0d6", MIST))
    sheet.oval(
        w * 0.74,
        horizon - lift * 0.92,
        96,
        96,
        sheet.radial([(0, "#fff8e2", 1), (0.62, "#fff3d2", 0.9), (1, "#fff3d2", 0)]),
    )
    for step, (part, rise) in enumerate(((0.74, 0.62), (0.58, 0.46), (0.40, 0.34), (0.2, 0.2))):
        colour = mix("#4f7a68", SKY, part)
        base = horizon - lift * (0.42 - step * 0.14)
        d = hill(w, base, lift * rise, 4 + step * 5, h, 8)
        sheet.path(
            d,
            sheet.linear(
                [(0, colour, 1), (0.55, mix(colour, MIST, 0.7), 1), (1, MIST, 1)], (0, 0, 0, 1)
            ),
        )


def _terraces(
    sheet: Sheet,
    top: float,
    bottom: float,
    left: float,
    right: float,
    rows: int = 7,
    near: float = 1,
) -> None:
    """Rows of clipped tea bushes following the slope, far and small to near and large."""
    for i in range(rows):
        part = i / (rows - 1)
        y = top + (bottom - top) * part**1.3
        size = (16 + 40 * part) * near
        tone = mix("#8fae7c", "#3f6a4c", part)
        count = round((right - left) / (size * 1.7)) + 1
        start, x, bumps = y - 90, left - size, ""
        for k in range(count):
            wave = 1 - (k + 1) / count
            fall = (y - 90 * wave * wave) - (y - 90 * (wave + 1 / count) ** 2)
            bumps += f"q{num(size * 0.85)} {num(-size * (0.9 + 0.2 * ((k * 7 + i) % 3)) + fall / 2)} {num(size * 1.7)} {num(fall)}"
        d = f"M{num(x)} {num(start)}{bumps}"
        shade = sheet.linear(
            [(0, light(tone, 0.2), 1), (0.5, tone, 1), (1, dark(tone, 0.35), 1)], (0, 0, 0, 1)
        )
        sheet.path(f"{d}V{num(y + size * 2.4)}H{num(x)}Z", shade)
        sheet.line(d, light(tone, 0.4), 2 + 2 * part, 0.55)


def _hut(sheet: Sheet, x: float, y: float, s: float) -> None:
    """A small tea house with a swept roof."""
    with sheet.moved(x, y, s):
        sheet.oval(10, 4, 210, 16, "#2a211a", 0.2)
        sheet.rect(-150, -120, 300, 122, "#efe6d2")
        sheet.rect(-150, -120, 300, 26, "#2a211a", alpha=0.2)
        for px in (-150, -60, 44, 136):
            sheet.rect(px, -120, 14, 122, "#7a5638")
        sheet.rect(-36, -86, 70, 88, "#c9803f")
        sheet.line("M-36-56H34M-36-26H34M-1-86V0", "#7a5638", 5)
        sheet.rect(76, -84, 46, 44, "#f3cf86")
        sheet.rect(-124, -84, 46, 44, "#f3cf86")
        sheet.path(
            "M-240-96C-190-108-160-130-130-176H130C160-130 190-108 240-96C180-104-180-104-240-96Z",
            "#3c4a46",
        )
        sheet.path("M-130-176H130L122-192Q0-186-122-192Z", "#2c3835")
        sheet.line(
            "".join(f"M{p} -172L{p * 1.42:.0f} -108" for p in range(-110, 120, 22)),
            "#5c6d67",
            4,
            0.7,
        )


def _picker(sheet: Sheet, x: float, y: float, s: float) -> None:
    """Somebody picking, seen from behind: hat, indigo jacket, basket."""
    with sheet.moved(x, y, s):
        sheet.path("M-92 210C-110 80-70-10 0-14C70-10 110 80 92 210Z", "#3c5570")
        sheet.path("M-92 210C-110 80-70-10 0-14C-40 40-50 120-40 210Z", "#ffffff", 0.10)
        sheet.path("M-74 40C-130 70-170 120-190 150L-164 176C-130 150-90 120-62 110Z", "#35506c")
        sheet.path("M74 40C120 80 150 120 176 140L156 172C120 150 90 130 62 112Z", "#2f4860")
        sheet.oval(-180, 164, 20, 16, "#dfb28c")
        sheet.oval(170, 158, 20, 16, "#dfb28c")
        sheet.path("M-62 70H62L50 220H-50Z", "#b98f58")
        sheet.line(
            "M-58 104H58M-56 138H56M-53 172H53M-40 72L-34 218M-14 72L-12 218M14 72L12 218M40 72L34 218",
            "#8a6a3c",
            4,
            0.7,
        )
        sheet.oval(0, 70, 64, 18, "#6f9a5a")
        sheet.path("M-52 72Q-30 44-10 66Q10 38 30 64Q48 52 56 72Z", "#86ad68")
        sheet.line("M-56 74C-60 20-40 0-26-6M56 74C60 20 40 0 26-6", "#7a5638", 9)
        sheet.oval(0, -34, 34, 38, "#dfb28c")
        sheet.path("M-132-22C-90-60-30-128 0-132C30-128 90-60 132-22C70 6-70 6-132-22Z", "#d9bd84")
        sheet.path(
            "M-132-22C-90-60-30-128 0-132C-10-90-30-30-44-2C-80-4-110-12-132-22Z", "#f0dcae", 0.8
        )
        sheet.line(
            "M0-132C-10-90-30-40-44-4M0-132C10-90 30-40 44-4M-96-56C-40-40 40-40 96-56",
            "#a98a50",
            3,
            0.6,
        )


def _service(sheet: Sheet, cx: float, base: float, s: float) -> None:
    """Gaiwan, two cups and a sprig, as they stand before a guest."""
    wares.gaiwan(sheet, cx, base, 0.62 * s, MOON, motif="#5d7f73")
    wares.steam(sheet, cx + 20 * s, base - 345 * s, 0.8 * s, "#ffffff", 0.75)
    wares.cup(sheet, cx + 300 * s, base - 10 * s, 0.6 * s, CELADON, liquid="#d7b45e")
    wares.cup(sheet, cx + 430 * s, base + 44 * s, 0.6 * s, CELADON, liquid="#d7b45e")
    shadow(sheet, cx - 320 * s, base + 44 * s, 110 * s, 12 * s, 0.3)
    botany.sprig(sheet, cx - 230 * s, base + 46 * s, 190 * s, -164, "#6a9153")


def hero() -> Sheet:
    """Wide banner: the valley; the left half stays calm for the headline."""
    sheet = Sheet(1600, 900)
    _valley(sheet, 560, 420)
    _hut(sheet, 1250, 520, 0.62)
    _terraces(sheet, 575, 740, -40, 1640)
    haze = sheet.linear([(0, MIST, 0.92), (0.36, MIST, 0.62), (0.62, MIST, 0)])
    sheet.rect(0, 0, 1600, 900, haze)
    rain(sheet, (-40, -40, 1700, 760), 120, 6, "#ffffff", 0.75)
    table(sheet, "#c9b08a", 768)
    _service(sheet, 1080, 850, 0.9)
    grain(sheet)
    return sheet


def hero_phone() -> Sheet:
    """The same for a phone held upright; the sky stays free for the headline."""
    sheet = Sheet(900, 1200)
    _valley(sheet, 760, 440)
    _hut(sheet, 670, 745, 0.5)
    _terraces(sheet, 790, 960, -40, 940)
    sheet.rect(0, 0, 900, 620, sheet.down(MIST, MIST, 0.9, 0))
    rain(sheet, (-40, -40, 980, 1000), 90, 6, "#ffffff", 0.75)
    table(sheet, "#c9b08a", 1000)
    _service(sheet, 400, 1120, 0.86)
    grain(sheet)
    return sheet


def story() -> Sheet:
    """The garden in spring rain, with a picker among the rows."""
    sheet = Sheet(1600, 1200)
    _valley(sheet, 640, 520)
    _hut(sheet, 380, 640, 0.7)
    _terraces(sheet, 670, 960, -40, 1640)
    _picker(sheet, 1030, 800, 1.25)
    _terraces(sheet, 1080, 1210, -60, 1660, 3, 1.3)
    rain(sheet, (-40, -40, 1700, 1200), 170, 9, "#ffffff", 0.7)
    grain(sheet)
    return sheet


def workshop() -> Sheet:
    """Firing by hand: a wok, a bamboo tray of leaf, a lamp over the bench."""
    sheet = Sheet(1600, 1200)
    sheet.rect(0, 0, 1600, 1200, sheet.down("#efe3cf", "#e2cfb0"))
    sheet.oval(800, 230, 900, 560, sheet.radial([(0, "#fff3cf", 0.9), (1, "#fff3cf", 0)]))
    for x in (120, 1180):  # window with rain
        sheet.rect(x, 150, 300, 420, "#8a6a48", 8)
        sheet.rect(x + 18, 168, 264, 384, sheet.down("#c9d8d2", "#9db8a8"))
        rain(sheet, (x + 40, 180, 220, 300), 26, x, "#ffffff", 0.8)
        sheet.line(f"M{x + 150} 168V552M{x + 18} 360H{x + 282}", "#8a6a48", 14)
    sheet.line("M800 0V150", "#3c4a46", 8)
    sheet.path("M690 232C700 170 750 146 800 146C850 146 900 170 910 232Z", PINE)
    sheet.oval(800, 232, 110, 20, "#fbe6a8")
    table(sheet, "#b98f62", 760)
    shadow(sheet, 560, 1040, 380, 70)
    sheet.path(
        "M160 850C180 1000 340 1070 560 1070C780 1070 940 1000 960 850Z",
        sheet.linear(
            [(0, "#26221f", 1), (0.3, "#5e5750", 1), (0.7, "#3a3531", 1), (1, "#26221f", 1)]
        ),
    )
    sheet.oval(560, 850, 400, 96, "#4a443f")
    sheet.oval(560, 856, 372, 82, "#2d2926")
    botany.heap(
        sheet, 560, 876, 250, 54, "curl", "#5f8a4e", 110, "#c3d08a", seed=5, dome=0.9, size=1.2
    )
    wares.steam(sheet, 470, 770, 1.5, "#ffffff", 0.8)
    wares.steam(sheet, 640, 760, 1.2, "#ffffff", 0.7)
    shadow(sheet, 1220, 1040, 280, 56)
    sheet.oval(1220, 1010, 280, 84, dark(WOOD, 0.2))
    sheet.oval(1220, 990, 280, 84, "#c99f63")
    sheet.oval(1220, 994, 250, 68, "#a97f48")
    botany.heap(
        sheet, 1220, 992, 210, 50, "curl", "#86a35e", 90, "#d5dba5", seed=7, dome=0.5, size=1.1
    )
    grain(sheet)
    return sheet


def mark() -> Sheet:
    """The seal alone, for icons."""
    sheet = Sheet(512, 512)
    seal(sheet, 256, 256, 240, PINE, "#f7f3ea")
    return sheet


def wordmark(ink: str = PINE, drops: str = PERSIMMON, ground: str = "#f7f3ea") -> Sheet:
    """Seal, 雨山 and RAINHILL TEA on one line, on a transparent ground."""
    sheet = Sheet(1180, 240)
    seal(sheet, 120, 120, 104, ink, ground)
    with sheet.moved(276, 60, 1.24):
        sheet.line(YU, ink, 9)
        sheet.path("".join(drop(x, y - 2, 9) for x, y in YU_DROPS), drops)
    with sheet.moved(430, 60, 1.24):
        sheet.line(SHAN, ink, 9)
    sheet.line("M602 56V184", ink, 3, 0.5)
    with sheet.moved(646, 80, 0.8):
        latin(sheet, "RAINHILL", ink, 11, 30)
    return sheet


SCENES = {
    "hero": hero,
    "hero-phone": hero_phone,
    "story": story,
    "workshop": workshop,
    "logo-mark": mark,
    "logo": wordmark,
    "logo-light": lambda: wordmark("#f7f3ea", "#e9b48f", PINE),
}
