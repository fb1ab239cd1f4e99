"""Each tea in its pack, front and centre."""

from __future__ import annotations

from tools.sample_art import botany, emblems, mark, packs, setting, wares
from tools.sample_art.setting import circle, grain, room
from tools.sample_art.solids import shadow
from tools.sample_art.svg import Sheet, dark, light, mix, num
from tools.sample_art.teas import TEAS, Tea


def pack(handle: str) -> Sheet:
    """The tea in its pack, front and centre."""
    tea = TEAS[handle]
    seed = len(handle) * 7 + ord(handle[0])
    sheet = room(tea.tone, seed=seed, opening=tea.opening)
    {
        "tin": _tin,
        "tube": _tube,
        "tall": _tall,
        "pouch": _pouch,
        "sachets": _sachets,
        "cake": _cake,
        "citrus": _citrus,
    }[tea.pack](sheet, tea)
    grain(sheet, seed)
    return sheet


def _tin(sheet: Sheet, tea: Tea) -> None:
    _sprig(sheet, tea, 460, 1330)
    packs.cylinder(
        sheet,
        800,
        1360,
        300,
        850,
        tea.colour,
        lid=tea.lid,
        emblem=tea.emblem,
        ink=tea.ink,
        band=dark(tea.colour, 0.2),
    )
    botany.heap(sheet, 1230, 1430, 160, 50, tea.leaf, tea.dry, 34, tea.tip, seed=8)


def _tube(sheet: Sheet, tea: Tea) -> None:
    packs.cylinder(
        sheet,
        800,
        1370,
        262,
        900,
        tea.colour,
        lid=tea.lid,
        lid_part=0.24,
        emblem=tea.emblem,
        ink=tea.ink,
        shade=packs.METAL,
    )
    _dish(sheet, tea, 1220, 1420, 190)
    _sprig(sheet, tea, 500, 1400)


def _tall(sheet: Sheet, tea: Tea) -> None:
    packs.cylinder(
        sheet,
        660,
        1360,
        206,
        980,
        tea.colour,
        lid=tea.lid,
        lid_part=0.16,
        emblem=tea.emblem,
        ink=tea.ink,
    )
    _glass_of_leaves(sheet, 1090, 1380, tea)


def _pouch(sheet: Sheet, tea: Tea) -> None:
    packs.pouch(
        sheet,
        800,
        1380,
        640,
        960,
        tea.colour,
        emblem=tea.emblem,
        ink=tea.ink,
        belly=mix(tea.colour, tea.ink, 0.34),
    )
    botany.heap(sheet, 1270, 1450, 150, 46, tea.leaf, tea.dry, 34, tea.tip, seed=4)
    if tea.emblem is emblems.jasmine:
        for x, y, r in ((370, 1390, 62), (470, 1440, 48), (1090, 1460, 40)):
            shadow(sheet, x, y + r * 0.5, r * 0.9, r * 0.25, 0.35)
            botany.flower(sheet, x, y, r, "#fffdf6", "#e8d79a", 6, 12)
    else:
        _sprig(sheet, tea, 420, 1400, 200)


def _sprig(sheet: Sheet, tea: Tea, x: float, y: float, size: float = 230) -> None:
    if tea.tone in (setting.GREEN, setting.OOLONG, setting.WHITE):
        shadow(sheet, x - size * 0.3, y + 14, size * 0.6, 20, 0.3)
        botany.sprig(sheet, x + 20, y + 10, size, -158, mix("#5f8a4e", tea.dry, 0.25))


def _dish(sheet: Sheet, tea: Tea, cx: float, cy: float, r: float) -> None:
    wares.saucer(sheet, cx, cy, r, "#f1ece0")
    botany.heap(
        sheet, cx, cy - 2, r * 0.62, r * 0.12, tea.leaf, tea.dry, 34, tea.tip, seed=6, dome=1.4
    )


def _glass_of_leaves(sheet: Sheet, cx: float, base: float, tea: Tea) -> None:
    w, h = 150, 420
    shadow(sheet, cx, base, w * 1.05, 40)
    outline = f"M{cx - w} {base - h}L{cx - w + 14} {base - 14}Q{cx} {base + 34} {cx + w - 14} {base - 14}L{cx + w} {base - h}Z"
    with sheet.clipped(outline):
        sheet.rect(cx - w, base - h + 96, 2 * w, h, light(tea.liquor, 0.25), alpha=0.9)
        for i, x in enumerate((-108, -84, -60, -36, -10, 14, 38, 62, 86, 108)):
            long = 232 + (i * 53) % 84
            botany.leaf(
                sheet,
                cx + x * 0.86,
                base - 22,
                long,
                -90 + (i * 37) % 19 - 9,
                mix("#4f7a46", "#86a35e", (i * 3 % 7) / 7),
                0.19,
            )
    sheet.oval(cx, base - h + 96, w - 4, 22, light(tea.liquor, 0.5))
    sheet.path(
        outline,
        sheet.linear(
            [
                (0, "#2a211a", 0.20),
                (0.08, "#ffffff", 0.5),
                (0.16, "#ffffff", 0.06),
                (0.86, "#ffffff", 0.06),
                (0.94, "#ffffff", 0.4),
                (1, "#2a211a", 0.22),
            ]
        ),
    )
    sheet.add(
        f'<ellipse cx="{cx}" cy="{base - h}" rx="{w}" ry="25" fill="#fff" fill-opacity=".25" stroke="#fff" stroke-width="6" stroke-opacity=".85"/>'
    )
    wares.steam(sheet, cx, base - h - 26, 1, "#ffffff", 0.65)


def _sachets(sheet: Sheet, tea: Tea) -> None:
    packs.box(sheet, 740, 1330, 620, 700, tea.colour, depth=110, lid=150)
    packs.label(sheet, 740, 830, 340, 440, tea.ink, tea.emblem)
    for x, y, turn in ((1130, 1370, 6), (1300, 1420, -12)):
        shadow(sheet, x, y + 4, 120, 26, 0.4)
        with sheet.moved(x, y, turn=turn):
            sheet.path("M0-210L-118-6Q0 32 118-6Z", "#fbf6e6")
            sheet.path("M0-60L-84-12Q0 14 84-12L40-70Z", mix(tea.dry, tea.tip, 0.25), 0.85)
            sheet.path("M0-210L-118-6Q-60 14 10 16Z", "#ffffff", 0.45)
            sheet.path("M0-210L118-6Q70 14 10 16Z", "#2a211a", 0.08)
            sheet.line("M0-210C10-250 60-250 70-200V-150", "#c9b98f", 4)
            sheet.rect(44, -152, 54, 54, tea.ink, 6)
            sheet.line("M58-118q14-26 26 0", mark.PAPER, 5)
    for x, y in ((420, 1450), (500, 1490), (560, 1440), (1010, 1470), (900, 1440), (1100, 1510)):
        botany.flower(sheet, x, y, 24, tea.tip, "#a8690f", 4, x % 90)


def _cake(sheet: Sheet, tea: Tea) -> None:
    shadow(sheet, 800, 1330, 440, 60, 0.6)
    # The bare cake leans behind, the wrapped one in front.
    for cx, cy, r, bare in ((1040, 980, 300, True), (700, 960, 380, False)):
        rim_colour = tea.dry if bare else tea.colour
        sheet.path(circle(cx + 26, cy + 6, r), dark(rim_colour, 0.35))
        outline = circle(cx, cy, r)
        sheet.path(outline, rim_colour)
        with sheet.clipped(outline):
            if bare:
                botany.heap(sheet, cx, cy, r, r, "broken", tea.dry, 170, tea.tip, seed=5, dome=0)
            else:
                folds = "".join(
                    f"M{num(cx)} {num(cy)}L{cx + dx} {cy + dy}"
                    for dx, dy in (
                        (-380, -120),
                        (-300, -300),
                        (-90, -390),
                        (150, -380),
                        (330, -250),
                        (390, -40),
                        (360, 190),
                        (210, 350),
                        (-40, 390),
                        (-260, 310),
                        (-380, 110),
                    )
                )
                sheet.line(folds, dark(tea.colour, 0.25), 3, 0.35)
                with sheet.moved(4, 5):
                    sheet.line(folds, "#ffffff", 3, 0.6)
        sheet.path(
            outline,
            sheet.radial(
                [(0, "#ffffff", 0.25), (0.6, "#ffffff", 0), (1, "#2a211a", 0.42)], 0.36, 0.3, 0.72
            ),
        )
        if not bare:
            sheet.add(
                f'<circle cx="{cx}" cy="{cy}" r="196" fill="none" stroke="{tea.ink}" stroke-width="3" stroke-dasharray="2 11" stroke-linecap="round"/>'
            )
            packs.disc_label(sheet, cx, cy, 172, tea.ink)
    # A low wooden stand holds both.
    sheet.rect(330, 1296, 1010, 46, "#8a6a48", 10)
    sheet.rect(330, 1296, 1010, 12, "#b08d63", 6)
    sheet.path("M400 1342h90l-16 34h-58ZM1170 1342h90l-16 34h-58Z", "#6d5238")
    sheet.path("M330 1300Q700 1240 1080 1300Z", "#2a211a", 0.16)


def _citrus(sheet: Sheet, tea: Tea) -> None:
    packs.box(sheet, 700, 1300, 600, 560, "#4a3328", depth=110)
    packs.label(sheet, 700, 810, 300, 430, tea.ink, tea.emblem)
    for cx, cy, r in ((1150, 1280, 130), (1010, 1390, 118)):
        shadow(sheet, cx, cy + r * 0.92, r, 30)
        outline = circle(cx, cy, r)
        sheet.path(outline, tea.colour)
        with sheet.clipped(outline):
            pores = "".join(
                f"M{cx - r + (i * 47) % int(2 * r)} {cy - r + (i * 83) % int(2 * r)}h.1"
                for i in range(80)
            )
            sheet.line(pores, dark(tea.colour, 0.35), 5, 0.4)
        sheet.path(
            outline,
            sheet.radial(
                [(0, "#fff2d0", 0.55), (0.5, "#fff2d0", 0), (1, "#2a211a", 0.45)], 0.35, 0.28, 0.8
            ),
        )
        if r > 120:
            botany.leaf(sheet, cx + r * 0.3, cy - r * 0.9, 150, -24, "#5f7f45")
            botany.leaf(sheet, cx + r * 0.3, cy - r * 0.88, 110, 22, "#4d6f3c")
        sheet.oval(cx - 4, cy - r * 0.82, r * 0.5, r * 0.17, dark(tea.colour, 0.45))
        botany.heap(
            sheet,
            cx - 4,
            cy - r * 0.84,
            r * 0.42,
            r * 0.1,
            "broken",
            tea.dry,
            16,
            "",
            seed=int(r),
            dome=1,
        )
    sheet.path("M380 1420q60-46 130-10q56 30 110-6q-30 60-110 54q-90-6-130-38Z", tea.colour)
    sheet.path("M380 1420q60-46 130-10q56 30 110-6q-50 34-110 24q-66-12-130-8Z", "#efc98c")
    botany.heap(sheet, 1300, 1450, 110, 34, "broken", tea.dry, 26, tea.tip, seed=8)
